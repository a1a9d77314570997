import type { Json } from '../base/json.js'
import { notAskedFor } from '../journal/conclude.js'
import type { DoneStep, RunState } from '../journal/state.js'
import type { Plan, PlannedInstance, PlannedStage, PlannedStep } from '../plan/plan.js'
import { ancestors } from '../workflow/graph.js'

/** How a run goes on from another one. */
export interface ResumeRequest {
  /** The address of a step, an instance or a stage: it and all that comes after it runs again. */
  from?: string
  /** An address likewise: only this runs. */
  only?: string
  /** Another machine, or a new checkout: the files that steps left are not here. */
  fresh: boolean
  /** Stages whose test files are not split as they were. */
  anew?: ReadonlySet<string>
}

/** What a run that goes on does with each step of its plan. What is in neither map runs for the first time. */
export interface ResumePlan {
  reuse: Map<string, DoneStep>
  /** Steps that ran before and run again, with the reason. */
  reset: Map<string, string>
  /** Steps that nobody asked for. */
  leave: Set<string>
  /** Of these, background steps that only reused ones need, with the outputs that they told. */
  idle: Map<string, Record<string, Json>>
  /** A step that the only one asked for needs, and that did not succeed. */
  missing?: string
}

/**
 * Decides what is reused, from the state of the earlier run, the plan of this one and the definitions of its steps by address. Whatever
 * comes after a step that runs runs too; nothing is reused that is not the same, succeeded and whole. What goes on in the background is
 * never reused: it is started again where a step runs that needs it, which others need not do again for that, and else left out.
 */
export function planResume(
  state: RunState,
  plan: Plan,
  definitions: ReadonlyMap<string, string>,
  request: ResumeRequest,
): ResumePlan {
  const result: ResumePlan = { reuse: new Map(), reset: new Map(), leave: new Set(), idle: new Map() }
  /** By stage, why all that needs it runs again. */
  const renewed = new Map<string, string>()
  const kept = request.fresh ? keptWhole(state, plan, definitions, request) : undefined
  for (const stage of plan.stages) {
    const culprit = stage.needs.find((need) => renewed.has(need))
    const above = culprit === undefined ? undefined : `it needs ${culprit}, in which steps run again`
    const anew = request.anew?.has(stage.id) ? 'its test files are split anew' : undefined
    const lost = kept && !kept.has(stage.id) ? 'the files that it left are not here' : undefined
    const again = stage.instances.map((instance) => {
      const broken = state.broken.has(instance.address)
      return planInstance(
        instance,
        { state, definitions, broken, why: above ?? anew ?? lost, request: wanted(request, stage, instance) },
        result,
      )
    })
    if (again.includes(true) || isUnknown(state, stage) || (above !== undefined && stage.milestone))
      renewed.set(stage.id, above ?? '')
  }
  if (request.only !== undefined) leaveOthers(state, plan, request.only, result)
  return result
}

/** Its instances were not known in the earlier run: all of it runs for the first time. */
const isUnknown = ({ planned }: RunState, { id, dynamic }: PlannedStage): boolean =>
  dynamic !== undefined && !planned.has(id)

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
function planInstance(instance: PlannedInstance, around: Around, result: ResumePlan): boolean {
  const { state } = around
  const again = new Set<string>()
  const why = (step: PlannedStep, culprit: string | undefined): string | undefined => {
    if (around.why !== undefined) return around.why
    if (around.request && (around.request.step ?? step.id) === step.id) return 'it was asked for'
    if (culprit !== undefined) return `it needs \`${culprit}\`, which runs again`
    return whyStepAgain(state, step, around)
  }
  const decide = (step: PlannedStep, culprit: string | undefined): void => {
    const reason = why(step, culprit)
    const done = state.steps.get(step.address)
    if (reason !== undefined) {
      again.add(step.id)
      if (ranBefore(state, step)) result.reset.set(step.address, reason)
    } else if (done && !step.background) result.reuse.set(step.address, done)
  }
  for (const step of inOrder(instance.steps))
    decide(
      step,
      step.needs.find((need) => again.has(need)),
    )
  // The last steps see what became of all others.
  for (const step of instance.finally) decide(step, [...again][0])
  const last = instance.finally.some(({ id }) => again.has(id))
  decideServices(instance, { running: new Set(again), last, state }, result)
  return again.size > 0
}

/** Starts again what goes on in the background for a step that runs; what only reused ones need is left out. */
function decideServices(
  { steps }: PlannedInstance,
  { running, last, state }: { running: Set<string>; last: boolean; state: RunState },
  { reset, leave, idle }: ResumePlan,
): void {
  const services = inOrder(steps).filter(({ id, background }) => background && !running.has(id))
  if (!services.length) return
  const graph = graphIn(steps)
  // One may need another.
  for (const step of services.reverse()) {
    const { id, address } = step
    const needed = last || [...running].some((other) => ancestors(graph, [other]).has(id))
    if (needed) {
      running.add(id)
      if (ranBefore(state, step)) reset.set(address, 'a step that needs it runs')
    } else {
      leave.add(address)
      idle.set(address, state.ready.get(address)?.outputs ?? state.steps.get(address)?.finished.outputs ?? {})
    }
  }
}

const graphIn = (steps: readonly PlannedStep[]): Map<string, string[]> =>
  new Map(steps.map(({ id, needs }) => [id, needs]))

const ranBefore = ({ steps, ready }: RunState, { address }: PlannedStep): boolean =>
  steps.has(address) || ready.has(address)

/** Each step after those that it needs; in a map they may stand in any order. */
function inOrder(steps: readonly PlannedStep[]): PlannedStep[] {
  const known = new Map(steps.map((step) => [step.id, step]))
  const order = new Set<PlannedStep>()
  const place = (step: PlannedStep): void => {
    if (order.has(step)) return
    for (const need of step.needs) {
      const before = known.get(need)
      if (before) place(before)
    }
    order.add(step)
  }
  steps.forEach(place)
  return [...order]
}

/** Why a step runs again by itself; nothing when what it did still counts. */
function whyStepAgain(
  state: RunState,
  { address, background }: PlannedStep,
  { definitions, broken }: Pick<Around, 'definitions' | 'broken'>,
): string | undefined {
  const [done, definition] = [state.steps.get(address), definitions.get(address)]
  if (!background) return whyAgain(done, definition, broken)
  const ready = state.ready.get(address)
  const status = done?.finished.status
  if (status === 'failure') return 'it failed'
  if (!ready && status === 'skipped') return changed(done?.finished.definition, definition)
  if (!ready) return 'it was not ready'
  if (!ready.whole || done?.whole === false) return 'what it told holds a secret, which no journal keeps'
  return changed(ready.definition, definition)
}

/** Why a step cannot be reused by itself; nothing when it can. */
function whyAgain(done: DoneStep | undefined, definition: string | undefined, broken: boolean): string | undefined {
  if (!done) return 'it did not end'
  const { status, definition: was, reason } = done.finished
  if (reason === notAskedFor) return 'it has not run yet'
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
    !isUnknown(state, stage) &&
    !request.anew?.has(stage.id) &&
    stage.instances.every((instance) => {
      const { address, steps, finally: last } = instance
      if (wanted(request, stage, instance) !== undefined) return false
      const broken = state.broken.has(address)
      return [...steps, ...last].every((step) => whyStepAgain(state, step, { definitions, broken }) === undefined)
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

/**
 * Of the steps that would run only those that the address names do, with what has to go on in the background for them; what they need
 * has to be there.
 */
function leaveOthers(state: RunState, plan: Plan, only: string, result: ResumePlan): void {
  const { reuse, reset, leave, idle } = result
  const graph = new Map(plan.stages.map(({ id, needs }) => [id, needs]))
  /** The first thing that a stage after these lacks. */
  const lackingBefore = (stage: PlannedStage): string | undefined => {
    const before = ancestors(graph, [stage.id])
    const stages = plan.stages.filter(({ id }) => before.has(id))
    const unknown = stages.find((one) => isUnknown(state, one))
    const steps = stages.flatMap(({ instances }) => instances.flatMap((i) => i.steps))
    return unknown?.id ?? steps.find(({ address }) => !reuse.has(address) && !idle.has(address))?.address
  }
  const wrong = (address: string | undefined): void => {
    if (address !== undefined) result.missing = address
  }
  for (const stage of plan.stages) {
    if (isUnknown(state, stage)) {
      if (only === stage.id) wrong(lackingBefore(stage))
      else leave.add(stage.id)
    }
    for (const instance of stage.instances) {
      const all = [...instance.steps, ...instance.finally]
      const named = all.filter(({ address }) => [stage.id, instance.address, address].includes(only))
      const before = ancestors(
        graphIn(instance.steps),
        named.map(({ id }) => id),
      )
      const last = instance.finally.some((step) => named.includes(step))
      const meant = all.filter((step) => named.includes(step) || (step.background && (last || before.has(step.id))))
      for (const { address } of all.filter((step) => !reuse.has(step.address) && !meant.includes(step))) {
        leave.add(address)
        reset.delete(address)
      }
      if (!named.length) continue
      const inside = instance.steps.filter(({ id }) => before.has(id))
      wrong(inside.find((step) => !reuse.has(step.address) && !meant.includes(step))?.address ?? lackingBefore(stage))
    }
  }
}
