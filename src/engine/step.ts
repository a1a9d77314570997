import { stepAddress } from '../base/address.js'
import { truncate } from '../base/text.js'
import type { Status } from '../journal/outcome.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Step } from '../workflow/model.js'
import { isGood, runAttempt } from './attempt.js'
import type { Attempt } from './attempt.js'
import { throughCache } from './cached.js'
import { endingText, evidenceOf } from './conclude.js'
import { isOk, whyNot } from './condition.js'
import type { Placed } from './condition.js'
import { environmentOf } from './contexts.js'
import type { Ended } from './ended.js'
import type { InstanceRun, StepResult } from './engine.js'
import { reused } from './reuse.js'
import { surroundingsOf } from './sight.js'
import { seatFor } from './seat.js'
import type { Seat } from './seat.js'
import { endedInBackground, goOn } from './service.js'
import type { Situated, StepRun } from './step-run.js'
import type { Phase } from './time-limit.js'
import { asksAgain, limitsOf, stopReason, stopsOf, work } from './work.js'

/** Runs a step from its condition to its conclusion. The journal and the instance have its result when it resolves. */
export const runStep = (instance: InstanceRun, step: Step, phase: Phase): Promise<StepResult> =>
  withSeat(
    { instance, step, phase },
    {
      failed: concluded,
      idle(placed) {
        const left = withoutWork(placed)
        return left && finish(placed, left)
      },
      act: async (run) => endOrGoOn(run, withoutWork(run) ?? (await throughCache(run, async () => work(run)))),
    },
  )

/** How a step ends that has nothing to do: it does not run, or it did so in the run that this one goes on from. */
function withoutWork(placed: Situated): Ended | undefined {
  const skipped = whyNot(placed)
  return skipped?.status === 'cancelled' ? skipped : (reused(placed) ?? skipped)
}

/** Runs a step again after its `fix`, without retries; its attempts are counted on. */
export function runStepAgain(instance: InstanceRun, step: Step, from: number): Promise<StepResult> {
  const { retry, ...once } = step
  return withSeat(
    { instance, step: once, phase: 'steps' },
    { failed: concluded, act: async (run) => finish(run, await work({ ...run, from })) },
  )
}

/** Runs the `fix` of a step, given as a step, once. It is no step of the plan: only why it did not succeed is answered, if so. */
export const runFix = (instance: InstanceRun, step: Step): Promise<string | undefined> =>
  withSeat(
    { instance, step, phase: 'steps' },
    {
      failed: (_, message): string | undefined => message,
      async act(run) {
        const limits = limitsOf(run)
        try {
          const { ending } = await runAttempt(run, 1, limits)
          return isGood(ending) ? undefined : endingText(ending)
        } finally {
          limits.end()
        }
      },
    },
  )

const concluded = (run: Situated, reason: string): StepResult => finish(run, { status: 'failure', reason })

interface Act<T> {
  act: (run: StepRun) => Promise<T>
  /** What is answered for an expression that cannot be evaluated. */
  failed: (run: Situated, message: string) => T
  /** What is answered when the step was stopped while it waited for a seat; nothing when it shall run all the same. */
  idle?: (placed: Situated) => T | undefined
}

/**
 * Lets a step work while it holds a seat. An expression that cannot be evaluated is the step's failure; anything else that throws is a
 * bug, or an outside without which nothing can be recorded: then everything is ended.
 */
async function withSeat<T>(placed: Omit<Placed, 'sight'>, { act, failed, idle }: Act<T>): Promise<T> {
  const { engine } = placed.instance
  const surroundings = surroundingsOf(placed.instance, placed.step)
  const situated = { ...placed, sight: surroundings.sight, surroundings }
  let run: StepRun | undefined
  try {
    const seat = idle ? await seatUnlessStopped(situated) : await seatFor(engine, placed.step.pool)
    const answer = seat ? undefined : idle?.(situated)
    if (answer !== undefined) return answer
    run = { ...situated, ...(seat ?? (await seatFor(engine, placed.step.pool))), from: 1 }
    return await act(run)
  } catch (cause) {
    if (cause instanceof EvaluationError) return failed(run ?? situated, cause.message)
    engine.kill.halt()
    throw cause
  } finally {
    run?.leave()
  }
}

async function seatUnlessStopped(placed: Situated): Promise<Seat | undefined> {
  const { stop, forget } = stopsOf(placed)
  return seatFor(placed.instance.engine, placed.step.pool, stop).finally(forget)
}

/** Records how a step ended; one that goes on in the background does so later, and is ready now. */
function endOrGoOn(run: StepRun, ended: Ended): StepResult {
  const { instance, step } = run
  const last = ended.attempts?.at(-1)
  if (!last?.service) return finish(run, ended)
  const { journal, definition } = instance.engine
  journal.append({
    type: 'step.ready',
    step: stepAddress(instance.address, step.id),
    attempt: last.number,
    duration_ms: last.service.ready_ms,
    outputs: ended.outputs ?? {},
    definition: definition(instance.stage, instance.planned.matrix, step),
  })
  const tolerant = (): boolean => tolerates(run, undefined).tolerated
  goOn(instance, last.service, (whole) => void finish(run, endedInBackground(run, ended, { whole, tolerant })))
  const result = resultOf(run, ended, ended.status)
  keep(instance, result, last)
  return result
}

/** A reason may hold what a step told; more of it stands in its log. */
const longestReason = 2000

function finish(run: Situated, ended: Ended): StepResult {
  const { instance, step } = run
  const { engine } = instance
  const attempts = ended.attempts ?? []
  const last = attempts.at(-1)
  const { tolerated, reason } =
    ended.status === 'failure' ? tolerates(run, ended.reason) : { tolerated: false, reason: ended.reason }
  const conclusion = tolerated ? 'success' : ended.status
  const result = resultOf(run, ended, conclusion)
  const bad = ended.status === 'failure' || ended.status === 'judged'
  const stopped = ended.status === 'cancelled' && last?.ending.kind === 'cancelled'
  const why = stopped ? stopReason(instance, 'while it ran') : reason
  engine.journal.append({
    type: 'step.finished',
    step: stepAddress(instance.address, step.id),
    status: result.status,
    conclusion: result.conclusion,
    ...(why === undefined ? {} : { reason: truncate(why, longestReason) }),
    ...(ended.outside ? { outside: true } : {}),
    attempts: result.attempts,
    outputs: result.outputs,
    ...(last && Object.keys(last.told.env).length ? { env: last.told.env } : {}),
    ...(last?.told.paths.length ? { paths: last.told.paths } : {}),
    definition: engine.definition(instance.stage, instance.planned.matrix, step),
    warnings: attempts.flatMap((a) => a.warnings),
    tail: bad ? (last?.tail ?? []) : [],
    ...(bad && last?.errors.length ? { first_errors: last.errors } : {}),
    ...(last?.told.summary ? { summary: last.told.summary } : {}),
    ...(last?.log === undefined ? {} : { log: last.log }),
  })
  keep(instance, result, last)
  return result
}

function resultOf({ instance, step, phase }: Situated, ended: Ended, conclusion: Status): StepResult {
  const { results } = instance
  const attempts = ended.attempts ?? []
  const before = phase === 'steps' ? step.needs.flatMap((need) => results.get(need) ?? []) : []
  return {
    step,
    status: ended.status,
    conclusion,
    clear: isOk(conclusion) && before.every((need) => need.clear),
    tainted: conclusion === 'failure' || before.some((need) => need.tainted),
    outputs: ended.outputs ?? {},
    evidence: evidenceOf(attempts),
    attempts: attempts.at(-1)?.number ?? 0,
  }
}

/** Hands what a step left to those after it. */
function keep(instance: InstanceRun, result: StepResult, last: Attempt | undefined): void {
  const { id } = result.step
  instance.results.set(id, result)
  if (result.conclusion === 'failure') instance.failed = true
  if (last && (last.told.paths.length || Object.keys(last.told.env).length)) instance.exported.set(id, last.told)
}

/** Whether `continue-on-error` holds; one that cannot be evaluated tolerates nothing, and says so. */
function tolerates(
  { instance, step, sight }: Situated,
  reason: string | undefined,
): { tolerated: boolean; reason?: string } {
  const { continueOnError } = step
  const answer =
    typeof continueOnError === 'boolean'
      ? continueOnError
      : asksAgain(() => environmentOf(sight, instance.engine).holds(continueOnError))
  const all = typeof answer === 'string' ? [reason, answer] : [reason]
  const said = all.filter((part) => part !== undefined).join('; ')
  return { tolerated: answer === true, ...(said ? { reason: said } : {}) }
}
