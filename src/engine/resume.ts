import type { DoneStep, RunState } from '../journal/state.js'
import type { Plan, PlannedInstance, PlannedStage } from '../plan/plan.js'
import { ancestors } from '../workflow/graph.js'

/** How a run goes on from another one. */
export interface ResumeRequest {
  /** The address of a step, an instance or a stage: it and all that comes after it runs again. */
  from?: string
  /** An address likewise: only this runs. */
  only?: string
  /** Another machine, or a new checkout: the files that steps left are not here. */
  fresh: boolean
}

/** What a run that goes on does with each step of its plan. What is in neither map runs for the first time. */
export interface ResumePlan {
  reuse: Map<string, DoneStep>
  /** Steps that ran before and run again, with the reason. */
  reset: Map<string, string>
  /** Steps that nobody asked for. */
  leave: Set<string>
  /** A step that the only one asked for needs, and that did not succeed. */
  missing?: string
}

/**
 * Decides what is reused, from the state of the earlier run, the plan of this one and the definitions of its steps by address. Whatever
 * comes after a step that runs runs too; nothing is reused that is not the same, succeeded and whole.
 */
export function planResume(
  state: RunState,
  plan: Plan,
  definitions: ReadonlyMap<string, string>,
  request: ResumeRequest,
): ResumePlan {
  const result: ResumePlan = { reuse: new Map(), reset: new Map(), leave: new Set() }
  /** By stage, why all that needs it runs again. */
  const renewed = new Map<string, string>()
  const kept = request.fresh ? keptWhole(state, plan, definitions, request) : undefined
  for (const stage of plan.stages) {
    const culprit = stage.needs.find((need) => renewed.has(need))
    const above = culprit === undefined ? undefined : `it needs ${culprit}, in which steps run again`
    const lost = kept && !kept.has(stage.id) ? 'the files that it left are not here' : undefined
    const again = stage.instances.map((instance) => {
      const broken = state.broken.has(instance.address)
      return planInstance(
        instance,
        { state, definitions, broken, why: above ?? lost, request: wanted(request, stage, instance) },
        result,
      )
    })
    if (again.includes(true) || (above !== undefined && stage.milestone)) renewed.set(stage.id, above ?? '')
  }
  if (request.only !== undefined) leaveOthers(plan, request.only, result)
  return result
}

interface Around {
  state: RunState
  definitions: ReadonlyMap<string, string>
  /** A step of the instance failed, or it was cut off. */
  broken: boolean
  /** Why all of it runs again. */
  why: string | undefined
  /** Which of its steps was asked for; all of them. */
  request: { step?: string } | undefined
}

/** Answers whether any step of the instance runs. */
function planInstance(instance: PlannedInstance, around: Around, { reuse, reset }: ResumePlan): boolean {
  const again = new Set<string>()
  const why = (address: string, id: string, culprit: string | undefined): string | undefined => {
    if (around.why !== undefined) return around.why
    if (around.request && (around.request.step ?? id) === id) return 'it was asked for'
    if (culprit !== undefined) return `it needs \`${culprit}\`, which runs again`
    return whyAgain(around.state.steps.get(address), around.definitions.get(address), around.broken)
  }
  const decide = (address: string, id: string, culprit: string | undefined): void => {
    const reason = why(address, id, culprit)
    const done = around.state.steps.get(address)
    if (reason === undefined && done) reuse.set(address, done)
    else {
      again.add(id)
      if (done && reason !== undefined) reset.set(address, reason)
    }
  }
  for (const { address, id, needs } of instance.steps)
    decide(
      address,
      id,
      needs.find((need) => again.has(need)),
    )
  // The last steps see what became of all others.
  for (const { address, id } of instance.finally) decide(address, id, [...again][0])
  return again.size > 0
}

/** Why a step cannot be reused by itself; nothing when it can. */
function whyAgain(done: DoneStep | undefined, definition: string | undefined, broken: boolean): string | undefined {
  if (!done) return 'it did not end'
  const { status, definition: was } = done.finished
  if (status === 'skipped') return broken ? 'it was skipped in a stage that did not succeed' : changed(was, definition)
  if (status === 'failure') return 'it failed'
  if (status === 'judged') return 'a gate judged what it found'
  if (status !== 'success') return 'it did not end'
  if (!done.whole) return 'what it told holds a secret, which no journal keeps'
  return changed(was, definition)
}

const changed = (was: string | undefined, is: string | undefined): string | undefined =>
  was === is ? undefined : 'its definition changed'

/** Which of an instance's steps an address asks for. */
function wanted({ from, only }: ResumeRequest, stage: PlannedStage, instance: PlannedInstance): Around['request'] {
  const address = from ?? only
  if (address === undefined) return undefined
  if (address === stage.id || address === instance.address) return {}
  const found = [...instance.steps, ...instance.finally].find((step) => step.address === address)
  return found && { step: found.id }
}

/**
 * The stages of which nothing has to run where the files of the earlier run are gone: all their steps can be reused, they come after
 * nothing that runs, and nothing that runs needs them and would miss what they left.
 */
function keptWhole(
  state: RunState,
  plan: Plan,
  definitions: ReadonlyMap<string, string>,
  request: ResumeRequest,
): Set<string> {
  const isWhole = (stage: PlannedStage): boolean =>
    stage.instances.every((instance) => {
      const { address, steps, finally: last } = instance
      if (wanted(request, stage, instance) !== undefined) return false
      return [...steps, ...last].every(
        (step) =>
          whyAgain(state.steps.get(step.address), definitions.get(step.address), state.broken.has(address)) ===
          undefined,
      )
    })
  const running = new Set(plan.stages.flatMap((stage) => (isWhole(stage) ? [] : [stage.id])))
  // A milestone leaves no files; what it stands for passes through it, in both directions.
  const [needed, after] = [new Set(running), new Set(running)]
  for (let before = -1; before !== running.size + needed.size + after.size;) {
    before = running.size + needed.size + after.size
    for (const { id, needs } of plan.stages.toReversed()) if (needed.has(id)) for (const need of needs) needed.add(need)
    for (const { id, needs } of plan.stages) if (needs.some((need) => after.has(need))) after.add(id)
    for (const { id, milestone } of plan.stages) {
      if (milestone || !(needed.has(id) || after.has(id))) continue
      for (const set of [running, needed, after]) set.add(id)
    }
  }
  return new Set(plan.stages.flatMap(({ id }) => (running.has(id) ? [] : [id])))
}

/** Of the steps that would run only those that the address names do; what they need has to be there. */
function leaveOthers(plan: Plan, only: string, result: ResumePlan): void {
  const { reuse, reset, leave } = result
  const graph = new Map(plan.stages.map(({ id, needs }) => [id, needs]))
  for (const stage of plan.stages)
    for (const instance of stage.instances) {
      const all = [...instance.steps, ...instance.finally]
      const meant = all.filter(({ address }) => [stage.id, instance.address, address].includes(only))
      for (const step of all)
        if (!reuse.has(step.address) && !meant.includes(step)) {
          leave.add(step.address)
          reset.delete(step.address)
        }
      if (!meant.length) continue
      const steps = new Map(instance.steps.map(({ id, needs }) => [id, needs]))
      const inside = ancestors(
        steps,
        meant.map(({ id }) => id),
      )
      const outside = ancestors(graph, [stage.id])
      const before = [
        ...instance.steps.filter(({ id }) => inside.has(id)),
        ...plan.stages
          .filter(({ id }) => outside.has(id))
          .flatMap(({ instances }) => instances.flatMap((i) => i.steps)),
      ]
      const lacking = before.find((step) => !reuse.has(step.address) && !meant.includes(step))
      if (lacking) result.missing = lacking.address
    }
}
