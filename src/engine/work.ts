import { stepAddress } from '../base/address.js'
import { writtenDuration } from '../base/duration.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Step } from '../workflow/model.js'
import { runAttempt } from './attempt.js'
import type { Attempt, Stops } from './attempt.js'
import { conclude } from './conclude.js'
import type { Concluded, Conclusion } from './conclude.js'
import { goesOn } from './condition.js'
import type { Ended } from './ended.js'
import type { InstanceRun } from './engine.js'
import { Halt } from './halt.js'
import { fits, pause, waitAfter, worthIt } from './retry.js'
import { seatFor } from './seat.js'
import { startService } from './service.js'
import type { Situated, StepRun } from './step-run.js'
import { endOf, lateFor } from './time-limit.js'

/** All attempts with the waits between them. While it waits, another may use its seat; its breaker is asked before each attempt. */
export async function work(run: StepRun): Promise<Ended> {
  const { instance, step, from } = run
  const { engine } = instance
  const limits = limitsOf(run)
  const { stop } = limits
  const attempts: Attempt[] = []
  const ended = (conclusion: Omit<Ended, 'attempts'>): Ended => {
    const late = limits.late()
    return { ...conclusion, ...(late === undefined ? {} : { status: 'failure', reason: late }), attempts }
  }
  try {
    for (let number = from, before: Conclusion | undefined; ; number++) {
      const tried = await tryOnce(run, number, limits)
      if ('refused' in tried) return ended(refusedAfter(before, tried.refused))
      const { attempt, conclusion } = tried
      before = conclusion
      attempts.push(attempt)
      const { retry } = step
      const wanted = conclusion.status === 'failure' || conclusion.status === 'judged'
      if (!retry || !wanted || number - from >= retry.retries || stop.halted) return ended(conclusion)
      const fit = await fits(retry, attempt)
      const again = fit === true ? asksAgain(() => worthIt(engine, run.sight, retry, attempt)) : fit
      if (again !== true)
        return ended(again === false ? conclusion : { ...conclusion, status: 'failure', reason: again })
      const wait = waitAfter(retry, attempt, number - from + 1, engine.ports.random)
      const refused = step.breaker === undefined ? undefined : engine.breakers.refusesAfter(step.breaker, wait)
      if (refused !== undefined) return ended(refusedAfter(conclusion, refused))
      if (!(await waitWithoutSeat(run, wait, stop)))
        return ended({ ...conclusion, status: 'cancelled', reason: stopReason(instance, 'between two attempts') })
    }
  } finally {
    limits.end()
  }
}

type Tried = Concluded | { refused: string }

/** One attempt, if the step's breaker lets it begin; the breaker is told how it ended. */
async function tryOnce(run: StepRun, number: number, limits: Limits): Promise<Tried> {
  const { instance, step } = run
  const permit =
    step.breaker === undefined
      ? undefined
      : await instance.engine.breakers.enter(step.breaker, stepAddress(instance.address, step.id))
  if (permit && 'refused' in permit) return permit
  let result: 'success' | 'failure' | 'nothing' = 'nothing'
  try {
    const { attempt, conclusion } = step.background
      ? await startService(run, number, limits)
      : await tryWhole(run, number, limits)
    if (!limits.stopped()) result = conclusion.status === 'failure' ? 'failure' : 'success'
    return { attempt, conclusion }
  } finally {
    permit?.end(result)
  }
}

async function tryWhole(run: StepRun, number: number, limits: Limits): Promise<Concluded> {
  const attempt = await runAttempt(run, number, limits)
  return { attempt, conclusion: conclude(run.step, attempt, run.instance.gates) }
}

/** A step whose breaker is open has not done its work; what it did before is told too. */
const refusedAfter = (before: Conclusion | undefined, refused: string): Conclusion =>
  before
    ? { ...before, status: 'failure', reason: [before.reason, refused].filter((part) => part !== undefined).join('; ') }
    : { status: 'failure', reason: refused, outside: true, outputs: {} }

/** Gives the seat up for so many milliseconds, and takes one again; false when the step was stopped meanwhile. */
async function waitWithoutSeat(run: StepRun, ms: number, stop: Halt): Promise<boolean> {
  const { engine } = run.instance
  run.leave()
  run.leave = () => undefined
  await pause(engine.ports.clock, ms, stop)
  const seat = await seatFor(engine, run.step.pool, stop)
  if (!seat) return false
  Object.assign(run, seat)
  return !stop.halted
}

interface Limits extends Stops {
  /** Why the step had to end before its work was done, where its own time or that of its stage or run was over. */
  late: () => string | undefined
  /** It was stopped for what is no news of what it works with. */
  stopped: () => boolean
  end: () => void
}

/** What ends the attempts of a step: its own total limit, and all that stops it from outside. */
export function limitsOf(run: StepRun): Limits {
  const { engine, cancel, limits } = run.instance
  const { stop, forget } = stopsOf(run)
  const total = run.step.timeout.total
  let over = false
  const cancelTotal =
    total === undefined
      ? undefined
      : engine.ports.clock.after(total, () => {
          if (!stop.halted) over = true
          stop.halt()
        })
  const late = (): string | undefined => {
    if (over) return tooLong(run.step)
    return cancel.halted ? undefined : lateFor(limits, run.phase)
  }
  return {
    stop,
    late,
    stopped: () => stop.halted && !over,
    ending: () => (late() === undefined ? { kind: 'cancelled' } : { kind: 'timeout', limit_ms: limitIn(run, over) }),
    end: () => {
      cancelTotal?.()
      forget()
    },
  }
}

const limitIn = ({ instance, step, phase }: StepRun, own: boolean): number =>
  (own ? step.timeout.total : instance.limits.find((limit) => endOf(limit, phase).halted)?.ms) ?? 0

const tooLong = ({ timeout }: Step): string =>
  `all attempts together took longer than ${writtenDuration(timeout.total ?? 0)}`

/** Ends when a step shall not go on: with its stage unless its condition asks to, with its time, and when everything is killed. */
export function stopsOf(run: Situated): { stop: Halt; forget: () => void } {
  const { engine, stop: stage, limits } = run.instance
  const stop = new Halt()
  const forget = [
    engine.kill.on(() => stop.halt()),
    ...limits.map((limit) => endOf(limit, run.phase).on(() => stop.halt())),
    stage.on(() => {
      if (!goesOnStill(run)) stop.halt()
    }),
  ]
  return { stop, forget: () => forget.forEach((one) => one()) }
}

/** A condition that cannot be evaluated any more is none that asks to go on. */
const goesOnStill = (run: Situated): boolean => asksAgain(() => goesOn(run)) === true

/** The answer of a condition, or why it cannot be had. */
export function asksAgain(condition: () => boolean): boolean | string {
  try {
    return condition()
  } catch (cause) {
    if (cause instanceof EvaluationError) return cause.message
    throw cause
  }
}

/** Why a step that had begun was stopped. */
export const stopReason = ({ cancel, stoppedBy }: InstanceRun, when: string): string =>
  cancel.halted || stoppedBy === undefined ? `stopped ${when}` : `stopped ${when}, since \`${stoppedBy}\` failed`
