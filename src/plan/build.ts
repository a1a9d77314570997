import { instanceAddress, stepAddress } from '../base/address.js'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { nearest, truncate } from '../base/text.js'
import { gateDefaults, gateNames } from '../language/names.js'
import { ancestors } from '../workflow/graph.js'
import { stagesBehind } from '../workflow/dynamic.js'
import type { Combination } from '../workflow/matrix.js'
import type { Stage, Step, Workflow } from '../workflow/model.js'
import type { Plan, PlannedInstance, PlannedStage, PlannedStep } from './plan.js'

/** The name of a run that walks to no single stage. */
export const everything = 'all'

/**
 * What a run of `target` does: the stage and all that it needs, in an order in which each comes after what it needs. Without a target
 * every stage.
 */
export function buildPlan(workflow: Workflow, target: string = everything): Result<Plan, Diagnostic> {
  const names = [...workflow.stages.keys()]
  if (target !== everything && !workflow.stages.has(target)) {
    const [near] = nearest(target, names)
    const hint = near ? `did you mean \`${near}\`?` : `the stages are ${names.map((n) => `\`${n}\``).join(', ')}`
    return fail(error('unknown-target', `there is no stage \`${target}\` to walk to`, { hint }))
  }
  const graph = new Map([...workflow.stages].map(([id, stage]) => [id, stage.needs]))
  const wanted = workflow.stages.has(target) ? ancestors(graph, [target]).add(target) : new Set(names)
  const stages = inOrder(graph, wanted).flatMap((id) => {
    const stage = workflow.stages.get(id)
    return stage ? [stage] : []
  })
  const silent = stages.flatMap((stage) => withoutThreshold(stage, target))
  if (silent.length) return { ok: false, problems: silent }
  return ok({
    version: 1,
    workflow: { name: workflow.name, path: workflow.path },
    target,
    ...(workflow.limits.timeout === undefined ? {} : { timeout_ms: workflow.limits.timeout }),
    stages: stages.map(planStage),
  })
}

/** Stages in the order of the file as far as needs allow. */
function inOrder(graph: ReadonlyMap<string, readonly string[]>, wanted: ReadonlySet<string>): string[] {
  const order: string[] = []
  const placed = new Set<string>()
  const place = (id: string): void => {
    if (placed.has(id)) return
    placed.add(id)
    graph.get(id)?.forEach(place)
    order.push(id)
  }
  for (const id of graph.keys()) if (wanted.has(id)) place(id)
  return order
}

function withoutThreshold(stage: Stage, target: string): Diagnostic[] {
  return Object.entries(stage.gates).flatMap(([gate, setting]) =>
    Object.entries(setting.thresholds)
      .filter(([, t]) => t.default === undefined && !Object.hasOwn(t.targets, target))
      .map(([name]) =>
        error(
          'no-threshold',
          `the gate \`${gate}\` of \`${stage.id}\` has no value of \`${name}\` for the target \`${target}\``,
          {
            place: stage.place(),
            hint: `add \`${target}: …\` or \`default: …\` to it`,
          },
        ),
      ),
  )
}

function planStage(stage: Stage): PlannedStage {
  const written = gateNames.filter((gate) => stage.gates[gate] !== undefined && !stage.gates[gate].off)
  const implied = gateNames.filter((gate) => gateDefaults[gate].always && stage.gates[gate] === undefined)
  const reports = stage.steps.some((step) => step.reports.length)
  return {
    id: stage.id,
    ...(stage.name === undefined ? {} : { name: stage.name }),
    needs: stage.needs,
    ...(stage.if ? { if: stage.if.source } : {}),
    milestone: !stage.steps.length,
    ...(stage.timeout === undefined ? {} : { timeout_ms: stage.timeout }),
    instances: stage.steps.length ? planInstances(stage, stage.matrix) : [],
    ...(stage.dynamic === undefined
      ? {}
      : { dynamic: { after: stagesBehind(stage.dynamic), like: instanceOf(stage, `${stage.id}[…]`, {}) } }),
    gates: [
      ...written.map((gate) => ({ gate, written: true })),
      ...(reports ? implied.map((gate) => ({ gate, written: false })) : []),
    ],
  }
}

/** The instances of a stage, one for each combination of its matrix. */
export function planInstances(stage: Stage, matrix: readonly Combination[]): PlannedInstance[] {
  const addresses = addressesOf(stage.id, matrix)
  return matrix.map((cells, i) => instanceOf(stage, addresses[i] ?? '', cells))
}

function instanceOf(stage: Stage, address: string, matrix: Combination): PlannedInstance {
  const planStep = (step: Step): PlannedStep => planned(step, address)
  return {
    address,
    matrix,
    requires: Object.keys(stage.requires),
    steps: stage.steps.map(planStep),
    finally: stage.finally.map(planStep),
  }
}

/**
 * An address for each combination; where two read alike, as the number 20 and the text do, each is written exactly. Where a text reads
 * like another one that is written so, all are.
 */
function addressesOf(id: string, matrix: readonly Combination[]): string[] {
  const plain = matrix.map((cells) => instanceAddress(id, cells))
  const uses = new Map<string, number>()
  for (const address of plain) uses.set(address, (uses.get(address) ?? 0) + 1)
  const exact = (cells: Combination): string => instanceAddress(id, cells, true)
  const told = matrix.map((cells, i) => ((uses.get(plain[i] ?? '') ?? 0) > 1 ? exact(cells) : (plain[i] ?? '')))
  return new Set(told).size === told.length ? told : matrix.map(exact)
}

function planned(step: Step, instance: string): PlannedStep {
  return {
    address: stepAddress(instance, step.id),
    id: step.id,
    ...nameOf(step),
    kind: step.body.kind,
    needs: step.needs,
    ...(step.if ? { if: step.if.source } : {}),
    reports: step.reports.map((r) => (r.source === 'stdout' ? `stdout (${r.format ?? 'any'})` : r.source.path.source)),
    attempts: (step.retry?.retries ?? 0) + 1,
    ...(step.cache ? { cached: true } : {}),
    ...(step.background ? { background: true } : {}),
    ...(step.pool === undefined ? {} : { pool: step.pool }),
    ...(step.breaker === undefined ? {} : { breaker: step.breaker }),
  }
}

/** A step that has neither name nor id is known by the first line of its script, as on GitHub. */
function nameOf(step: Step): { name?: string } {
  if (step.name !== undefined) return { name: step.name }
  if (step.body.kind !== 'run' || !/^(finally-)?\d+$/.test(step.id)) return {}
  const line = step.body.script.source.split('\n').find((text) => text.trim() !== '') ?? ''
  return { name: truncate(line.trim(), 60) }
}
