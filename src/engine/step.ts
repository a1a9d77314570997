import { stepAddress } from '../base/address.js'
import { formatDuration } from '../base/duration.js'
import { truncate } from '../base/text.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Step } from '../workflow/model.js'
import { isGood, runAttempt } from './attempt.js'
import type { Attempt, Stops } from './attempt.js'
import { throughCache } from './cached.js'
import { conclude, endingText, evidenceOf } from './conclude.js'
import { goesOn, isOk, whyNot } from './condition.js'
import type { Phase, Placed } from './condition.js'
import { environmentOf } from './contexts.js'
import type { Ended } from './ended.js'
import type { InstanceRun, StepResult } from './engine.js'
import { Halt } from './halt.js'
import { pause, retryDelay, worthIt } from './retry.js'
import { reused } from './reuse.js'
import { surroundingsOf } from './sight.js'
import type { StepRun } from './step-run.js'

/** Runs a step from its condition to its conclusion. The journal and the instance have its result when it resolves. */
export const runStep = (instance: InstanceRun, step: Step, phase: Phase): Promise<StepResult> =>
  withSlot({ instance, step, phase }, concluded, async (run) => {
    const skipped = whyNot(run)
    if (skipped?.status === 'cancelled') return finish(run, skipped)
    return finish(run, reused(run) ?? skipped ?? (await throughCache(run, async () => work(run))))
  })

/** Runs a step again after its `fix`, without retries; its attempts are counted on. */
export function runStepAgain(instance: InstanceRun, step: Step, from: number): Promise<StepResult> {
  const { retry, ...once } = step
  return withSlot({ instance, step: once, phase: 'steps' }, concluded, async (run) =>
    finish(run, await work({ ...run, from })),
  )
}

/** Runs the `fix` of a step, given as a step, once. It is no step of the plan: only why it did not succeed is answered, if so. */
export const runFix = (instance: InstanceRun, step: Step): Promise<string | undefined> =>
  withSlot(
    { instance, step, phase: 'steps' },
    (_, message) => message,
    async (run) => {
      const limits = limitsOf(run)
      try {
        const { ending } = await runAttempt(run, 1, limits)
        return isGood(ending) ? undefined : endingText(ending)
      } finally {
        limits.end()
      }
    },
  )

const concluded = (run: StepRun, reason: string): StepResult => finish(run, { status: 'failure', reason })

/**
 * Lets a step work while it holds a slot. An expression that cannot be evaluated is the step's failure; anything else that throws is a
 * bug, or an outside without which nothing can be recorded: then everything is ended.
 */
async function withSlot<T>(
  placed: Omit<Placed, 'sight'>,
  failed: (run: StepRun, message: string) => T,
  act: (run: StepRun) => Promise<T>,
): Promise<T> {
  const { engine } = placed.instance
  const surroundings = surroundingsOf(placed.instance, placed.step)
  const run = { ...placed, sight: surroundings.sight, surroundings, slot: await engine.slots.acquire(), from: 1 }
  try {
    return await act(run)
  } catch (cause) {
    if (cause instanceof EvaluationError) return failed(run, cause.message)
    engine.kill.halt()
    throw cause
  } finally {
    engine.slots.release(run.slot)
  }
}

/** All attempts with the waits between them. While it waits, another may use its slot. */
async function work(run: StepRun): Promise<Ended> {
  const { instance, step, from } = run
  const { engine } = instance
  const { clock, random } = engine.ports
  const limits = limitsOf(run)
  const { stop } = limits
  const attempts: Attempt[] = []
  const ended = (conclusion: Omit<Ended, 'attempts'>): Ended =>
    limits.late() ? { ...conclusion, ...tooLate(step), attempts } : { ...conclusion, attempts }
  try {
    for (let number = from; ; number++) {
      const attempt = await runAttempt(run, number, limits)
      attempts.push(attempt)
      const conclusion = conclude(step, attempt, instance.gates)
      const { retry } = step
      const wanted = conclusion.status === 'failure' || conclusion.status === 'judged'
      if (!retry || !wanted || number - from >= retry.retries || stop.halted) return ended(conclusion)
      const again = asksAgain(() => worthIt(engine, run.sight, retry, attempt))
      if (again !== true)
        return ended(again === false ? conclusion : { ...conclusion, status: 'failure', reason: again })
      engine.slots.release(run.slot)
      await pause(clock, retryDelay(retry, number - from + 1, random.fraction()), stop)
      run.slot = await engine.slots.acquire()
      if (stop.halted)
        return ended({ ...conclusion, status: 'cancelled', reason: stopReason(instance, 'between two attempts') })
    }
  } finally {
    limits.end()
  }
}

interface Limits extends Stops {
  /** Whether all attempts together have taken too long. */
  late: () => boolean
  end: () => void
}

function limitsOf(run: StepRun): Limits {
  const { engine, stop: stage } = run.instance
  const stop = new Halt()
  let late = false
  const total = run.step.timeout.total
  const cancelTotal =
    total === undefined ? undefined : engine.ports.clock.after(total, () => ((late = true), stop.halt()))
  const forgetStop = stage.on(() => {
    if (!goesOnStill(run)) stop.halt()
  })
  const forgetKill = engine.kill.on(() => stop.halt())
  return {
    stop,
    late: () => late,
    ending: () => (late ? { kind: 'timeout', limit_ms: total ?? 0 } : { kind: 'cancelled' }),
    end: () => {
      cancelTotal?.()
      forgetStop()
      forgetKill()
    },
  }
}

/** A condition that cannot be evaluated any more is none that asks to go on. */
const goesOnStill = (run: StepRun): boolean => asksAgain(() => goesOn(run)) === true

/** The answer of a condition, or why it cannot be had. */
function asksAgain(condition: () => boolean): boolean | string {
  try {
    return condition()
  } catch (cause) {
    if (cause instanceof EvaluationError) return cause.message
    throw cause
  }
}

const tooLate = ({ timeout }: Step): { status: 'failure'; reason: string } => ({
  status: 'failure',
  reason: `all attempts together took longer than ${formatDuration(timeout.total ?? 0)}`,
})

/** Why a step that had begun was stopped. */
const stopReason = ({ cancel, stoppedBy }: InstanceRun, when: string): string =>
  cancel.halted || stoppedBy === undefined ? `stopped ${when}` : `stopped ${when}, since \`${stoppedBy}\` failed`

/** A reason may hold what a step told; more of it stands in its log. */
const longestReason = 2000

function finish(run: StepRun, ended: Ended): StepResult {
  const { instance, step } = run
  const { engine, results } = instance
  const attempts = ended.attempts ?? []
  const last = attempts.at(-1)
  const { tolerated, reason } =
    ended.status === 'failure' ? tolerates(run, ended.reason) : { tolerated: false, reason: ended.reason }
  const conclusion = tolerated ? 'success' : ended.status
  const before = run.phase === 'steps' ? step.needs.flatMap((need) => results.get(need) ?? []) : []
  const result: StepResult = {
    step,
    status: ended.status,
    conclusion,
    clear: isOk(conclusion) && before.every((need) => need.clear),
    tainted: conclusion === 'failure' || before.some((need) => need.tainted),
    outputs: ended.outputs ?? {},
    evidence: evidenceOf(attempts),
    attempts: last?.number ?? 0,
  }
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
  results.set(step.id, result)
  if (result.conclusion === 'failure') instance.failed = true
  if (last && (last.told.paths.length || Object.keys(last.told.env).length)) instance.exported.set(step.id, last.told)
  return result
}

/** Whether `continue-on-error` holds; one that cannot be evaluated tolerates nothing, and says so. */
function tolerates(
  { instance, step, sight }: StepRun,
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
