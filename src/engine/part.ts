import type { Json } from '../base/json.js'
import { mask } from '../base/redact.js'
import type { HandedInstance } from '../journal/handed.js'
import type { Status } from '../journal/outcome.js'
import type { Plan, PlannedInstance, PlannedStage } from '../plan/plan.js'
import { ancestors } from '../workflow/graph.js'
import { graphOf } from '../workflow/path.js'
import { evidenceOf } from './conclude.js'
import { isOk } from './condition.js'
import type { Engine, InstanceRun, Part, StepResult } from './engine.js'
import { attemptsOf } from './reuse.js'

/** The instances of a stage that this machine has to do with. */
export function instancesHere(engine: Engine, stage: string, all: readonly PlannedInstance[]): PlannedInstance[] {
  const own = engine.part?.own
  return own?.stage === stage ? all.filter(({ address }) => address === own.instance) : [...all]
}

/** The stages that this machine walks: all, or its own with those that it needs. */
export function stagesHere({ part, plan, workflow }: Engine): PlannedStage[] {
  const own = part?.own?.stage
  if (own === undefined) return plan.stages
  const needed = ancestors(graphOf(workflow), [own])
  return plan.stages.filter(({ id }) => id === own || needed.has(id))
}

/** What of a plan this machine tells of: all, or its own instance. */
export function planHere(plan: Plan, { own }: Part): Plan {
  if (!own) return plan
  const only = plan.stages.filter(({ id }) => id === own.stage)
  const stages = only.map((stage) => ({
    ...stage,
    needs: [],
    instances: stage.instances.filter(({ address }) => address === own.instance),
  }))
  return { ...plan, stages }
}

/** When the instances of a stage worked on other machines; nothing where none did. */
export function spanOf(
  part: Part | undefined,
  instances: readonly PlannedInstance[],
): { from: number; until: number } | undefined {
  const all = instances.flatMap(({ address }) => part?.handed.get(address) ?? [])
  if (!all.length) return undefined
  return { from: Math.min(...all.map(({ from }) => from)), until: Math.max(...all.map(({ until }) => until)) }
}

/**
 * Files that a stage before left on its machine, that are not here, and of which the failing steps speak: what became of a hand-over
 * that was forgotten, and how to mend it.
 */
export function missingHere({ engine, address }: InstanceRun): string | undefined {
  const { part, files } = engine
  if (part?.own?.instance !== address || !part.left.size) return undefined
  const said = engine.journal.lines
    .flatMap(({ event }) => (event.type === 'step.finished' && event.status === 'failure' ? [event] : []))
    .flatMap(({ tail, first_errors = [], reason = '' }) => [...tail, ...first_errors, reason])
    .join('\n')
  const speaksOf = (name: string): boolean =>
    said
      .split(name)
      .some((before, i, all) => i + 1 < all.length && !/[\w.-]$/.test(before) && !/^[\w-]/.test(all[i + 1] ?? ''))
  const all = [...part.left].flatMap(([stage, names]) =>
    names
      .filter((name) => files.stat(bare(name)) === undefined && speaksOf(bare(name)))
      .map(
        (name) => `\`${name}\` is not here, and \`${stage}\` made it: write \`artifacts: [${name}]\` on \`${stage}\``,
      ),
  )
  return all.length ? all.join('; ') : undefined
}

const bare = (name: string): string => name.replace(/\/$/, '')

/** No journal keeps a secret: an output that held one is empty, as on GitHub, and not its masked rest. */
const withoutSecrets = (outputs: Record<string, Json>): Record<string, Json> =>
  Object.fromEntries(Object.entries(outputs).filter(([, value]) => !JSON.stringify(value).includes(mask)))

/** Takes over what another machine did: its events with their times, and the results of its steps. */
export function takeOver(run: InstanceRun, handed: HandedInstance): { status: Status; reason?: string } {
  const { engine, stage, address } = run
  for (const { at, event } of handed.events) {
    engine.journal.append(event, at)
    if (event.type === 'cache.left') {
      const step = event.step.slice(address.length + 1)
      engine.left.set(event.step, { instance: address, stage: stage.id, step, content: event.content })
    }
  }
  const known = new Map([...stage.steps, ...stage.finally].map((step) => [`${address}/${step.id}`, step]))
  for (const [at, done] of handed.steps) {
    const step = known.get(at)
    if (!step) continue
    const { status, conclusion, attempts } = done.finished
    const outputs = done.whole ? done.finished.outputs : withoutSecrets(done.finished.outputs)
    const before = stage.finally.includes(step) ? [] : step.needs.flatMap((need) => run.results.get(need) ?? [])
    const result: StepResult = {
      step,
      status,
      conclusion,
      clear: isOk(conclusion) && before.every((need) => need.clear),
      tainted: conclusion === 'failure' || before.some((need) => need.tainted),
      outputs,
      evidence: evidenceOf(attemptsOf(done)),
      attempts,
    }
    run.results.set(step.id, result)
    if (conclusion === 'failure') run.failed = true
  }
  const { status, reason, outputs } = handed
  if (outputs) run.outputs = outputs
  return { status, ...(reason === undefined ? {} : { reason }) }
}
