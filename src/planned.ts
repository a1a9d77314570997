import { stageOf } from './base/address.js'
import type { Diagnostic } from './base/diagnostic.js'
import type { Result } from './base/result.js'
import type { ChangeFile } from './change-file.js'
import { startOf } from './history/start.js'
import type { Start } from './history/start.js'
import { judgedBy } from './judged.js'
import type { Prepared, RunOptions } from './options.js'
import { buildPlan } from './plan/build.js'
import type { Plan } from './plan/plan.js'
import { ownJobNotes } from './plan/own-job.js'
import { secretNotes } from './plan/secrets.js'
import type { Ports } from './ports.js'
import type { LocalBase } from './trigger/checkout.js'
import type { RunContext } from './trigger/context.js'
import { dispatchedInputs, readInputs } from './trigger/inputs.js'
import type { FoundRules } from './trigger/rules.js'
import type { Known } from './trigger/trigger.js'
import type { Workflow } from './workflow/model.js'

/** What a plan is made from. */
interface Found {
  known: Known
  change: ChangeFile
  rules: FoundRules
  /** Without an event: the commit to compare with. */
  base: LocalBase | null
}

/** Lays the rules that were found over the change, and plans the way to its target; every mistake of the user's is told. */
export async function planned(
  { known, change, rules: found, base }: Found,
  options: RunOptions,
  ports: Ports,
): Promise<Result<Prepared, Diagnostic>> {
  const { checkout, notes } = known
  const mergeBase = found.of === 'base' ? found.mergeBase : null
  const context = { ...known.context, ...(mergeBase === null ? {} : { base: mergeBase }) }
  const judged = await judgedBy(found, change, { context, checkout, target: options.target })
  if (!judged.ok) return judged
  const { workflow, warnings, target, rules, absent } = judged.value
  const inputs = readInputs(workflow, { ...dispatchedInputs(workflow, context), ...options.inputs })
  const whole = target.ok ? buildPlan(workflow, target.value) : target
  const problems = [inputs, whole].flatMap((part) => (part.ok ? [] : part.problems))
  if (!inputs.ok || !whole.ok) return { ok: false, problems }
  const from = found.of === 'base' ? { sha: found.sha, name: found.name } : base
  const start = startOf({ event: options.event, base: from })
  const { plan, notes: spared } = await forChange(whole.value, { workflow, start }, options, ports)
  const told = [
    ...spared,
    ...notesOnSecrets(workflow, ownStages(plan, options), options, context),
    ...(options.part ? [] : ownJobNotes(workflow, plan)),
  ]
  const more = { notes: [...notes, ...judged.value.notes, ...told], inputs: inputs.value, plan }
  return { ok: true, value: { workflow, warnings, context, checkout, rules, found, absent, start, ...more } }
}

/** What the change leaves of a plan; git is asked what it touches only where a stage has `paths`. */
async function forChange(
  plan: Plan,
  of: { workflow: Workflow; start: Start },
  options: RunOptions,
  ports: Ports,
): Promise<{ plan: Plan; notes: string[] }> {
  if (!plan.stages.some(({ id }) => of.workflow.stages.get(id)?.paths.length)) return { plan, notes: [] }
  const { planOfChange } = await import('./affected.js')
  return planOfChange(plan, of, options, ports)
}

/** The stages whose steps this machine runs. */
function ownStages(plan: Plan, { part }: RunOptions): Plan {
  if (!part) return plan
  const own = part.part === 'instance' ? stageOf(part.of ?? '') : undefined
  return { ...plan, stages: plan.stages.filter(({ id }) => id === own) }
}

/** A fork's run is given no secrets: there it is no news that they are missing. */
function notesOnSecrets(workflow: Workflow, plan: Plan, options: RunOptions, context: RunContext): string[] {
  if (context.foreign) return []
  const how = options.event ? 'give it to the action by its input `secrets`' : 'give it by `--secret NAME`'
  return secretNotes(workflow, plan, Object.keys(options.secrets ?? {}), how)
}
