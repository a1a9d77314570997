import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { JournalEvent, StepFinished } from '../../src/journal/events.js'
import type { Status } from '../../src/journal/outcome.js'
import { buildPlan } from '../../src/plan/build.js'
import type { Plan, PlannedInstance, PlannedStage, PlannedStep } from '../../src/plan/plan.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { randomWorkflow } from '../support/random-workflow.js'
import { walk, workflowOf } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

jest.setTimeout(120_000)

async function planOf(text: string, target: string | undefined): Promise<{ plan: Plan; failFast: Set<string> }> {
  const loaded = await loadWorkflow('.github/wf.yml', workflowOf(text))
  if (!loaded.ok) throw new Error(`${text}${loaded.problems.map(({ message }) => message).join('\n')}`)
  const plan = buildPlan(loaded.workflow, target)
  if (!plan.ok) throw new Error(plan.problems.map(({ message }) => message).join('\n'))
  const stages = [...loaded.workflow.stages.values()]
  return { plan: plan.value, failFast: new Set(stages.filter((s) => s.onFailure === 'fail-fast').map(({ id }) => id)) }
}

/** Where in the journal something happened. */
const at = (events: readonly JournalEvent[], match: (event: JournalEvent) => boolean): number[] =>
  events.flatMap((event, i) => (match(event) ? [i] : []))

/** The rule of conditions as the reference page tells it, written once more: it knows the plan and what ended before, no more. */
interface Before {
  clear: boolean
  tainted: boolean
}
const wants = (condition: string | undefined, { clear, tainted }: Before): boolean => {
  switch (condition) {
    case undefined:
    case 'true':
    case 'success()':
      return clear
    case 'failure()':
      return tainted
    case 'false':
      return false
    default:
      return true
  }
}
const good = (status: Status): boolean => status === 'success' || status === 'judged'

/** What a stage or a step passes on to what needs it. */
type Fates = Map<string, Before>
const meet = (needs: readonly string[], fates: Fates): Before => ({
  clear: needs.every((need) => fates.get(need)?.clear),
  tainted: needs.some((need) => fates.get(need)?.tainted),
})

function checkStages({ plan, failFast }: { plan: Plan; failFast: Set<string> }, done: Walked): void {
  const fates: Fates = new Map()
  const { events } = done
  for (const stage of plan.stages) {
    const before = meet(stage.needs, fates)
    const finished = events.find((event) => event.type === 'stage.finished' && event.stage === stage.id)
    if (finished?.type !== 'stage.finished') throw new Error(`${stage.id} did not end`)
    const began = at(events, (event) => event.type === 'stage.started' && event.stage === stage.id)
    const runs = wants(stage.if, before)
    // A stage runs exactly when its condition and what came before it say so; the reason names what the plan names.
    expect([stage.id, began.length]).toEqual([stage.id, runs ? 1 : 0])
    expect([stage.id, finished.status === 'skipped']).toEqual([stage.id, !runs])
    if (!runs) {
      const culprits = stage.needs.map((need) => `it needs \`${need}\`, `)
      const named = culprits.some((text) => finished.reason?.startsWith(text))
      expect(named || finished.reason === `\`if: ${stage.if}\` does not hold`).toBe(true)
    } else checkOrder(stage, done, began[0] ?? 0)
    const failed = finished.status === 'failure'
    fates.set(stage.id, {
      clear: finished.status === 'success' && before.clear,
      tainted: failed || before.tainted,
    })
    if (runs) checkInstances(stage, done, failFast.has(stage.id))
  }
}

/** A stage begins after all that it needs has ended. */
function checkOrder(stage: PlannedStage, { events }: Walked, began: number): void {
  for (const need of stage.needs)
    expect(at(events, (event) => event.type === 'stage.finished' && event.stage === need)[0]).toBeLessThan(began)
}

function checkInstances(stage: PlannedStage, done: Walked, failFast: boolean): void {
  let failed = false
  let last = -1
  for (const instance of stage.instances) {
    const [began] = at(done.events, (e) => e.type === 'instance.started' && e.instance === instance.address)
    // One after another, in the order of the plan; after a failure none, where the stage stops at the first.
    expect([instance.address, began !== undefined]).toEqual([instance.address, !(failed && failFast)])
    if (began === undefined) continue
    expect(began).toBeGreaterThan(last)
    const [end = 0] = at(done.events, (e) => e.type === 'instance.finished' && e.instance === instance.address)
    last = end
    failed = checkSteps(instance, done, failFast) || failed
  }
}

const finishedOf = ({ events }: Walked, address: string): { event: StepFinished; index: number } => {
  const index = events.findIndex((event) => event.type === 'step.finished' && event.step === address)
  const event = events[index]
  if (event?.type !== 'step.finished') throw new Error(`${address} did not end`)
  return { event, index }
}

/** Each step of the plan ends once, after what it needs, with at most its attempts; it runs exactly when it should. */
function checkSteps(instance: PlannedInstance, done: Walked, failFast: boolean): boolean {
  const { events } = done
  const fates: Fates = new Map()
  const ordered = !instance.steps.some((step) => step.id.startsWith('t'))
  let failed = false
  const all = [...instance.steps, ...instance.finally]
  for (const step of all) {
    const last = instance.finally.includes(step)
    const { event, index } = finishedOf(done, step.address)
    const attempts = at(events, (e) => e.type === 'attempt.started' && e.step === step.address)
    expect(attempts.length).toBeLessThanOrEqual(step.attempts)
    expect(event.attempts).toBe(attempts.length)
    const first = attempts[0] ?? index
    const earlier = last ? instance.steps.map(({ id }) => id) : step.needs
    for (const need of earlier) expect(finishedOf(done, addressOf(instance, need)).index).toBeLessThan(first)
    const before = last || ordered ? { clear: !failed, tainted: failed } : meet(step.needs, fates)
    const condition = last && step.if === undefined ? 'always()' : step.if
    const runs = wants(last && condition === 'true' ? 'always()' : condition, before)
    const stopped = failFast && !last && failedBefore(instance, done, index)
    // What a failure stopped may not have begun, or have been cancelled; nothing else may differ.
    if (!stopped) expect([step.address, attempts.length > 0]).toEqual([step.address, runs])
    else if (attempts.length) expect(runs).toBe(true)
    if (event.status === 'cancelled') expect(stopped).toBe(true)
    fates.set(step.id, {
      clear: good(event.conclusion) && meet(step.needs, fates).clear,
      tainted: event.conclusion === 'failure' || meet(step.needs, fates).tainted,
    })
    failed ||= event.conclusion === 'failure'
  }
  return failed
}

const addressOf = (instance: PlannedInstance, id: string): string =>
  instance.steps.find((step: PlannedStep) => step.id === id)?.address ?? ''

/** Whether a step of the instance had failed before this one ended. */
const failedBefore = (instance: PlannedInstance, done: Walked, index: number): boolean =>
  instance.steps.some(({ address }) => {
    const other = finishedOf(done, address)
    return other.index < index && other.event.conclusion === 'failure'
  })

describe('a run does what its plan says', () => {
  test('for workflows of every shape: the same steps, in an order that the plan allows, and skips for its reasons', async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, async ({ text, scripts, concurrency, target }) => {
        const planned = await planOf(text, target)
        const done = await walk(text, { scripts, concurrency, ...(target === undefined ? {} : { target }) })
        const [start] = done.events
        if (start?.type !== 'run.started') throw new Error('a journal begins with run.started')
        expect(start.plan).toEqual(planned.plan)
        const addresses = new Set(
          planned.plan.stages.flatMap(({ instances }) =>
            instances.flatMap((i) => [...i.steps, ...i.finally].map(({ address }) => address)),
          ),
        )
        for (const event of done.events)
          if (event.type === 'attempt.started' || event.type === 'step.finished')
            expect(addresses).toContain(event.step)
        checkStages(planned, done)
        expect(done.ports.clock.pending).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})
