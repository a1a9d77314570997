import { writtenDuration } from '../base/duration.js'
import type { Clock } from '../ports.js'
import { Halt } from './halt.js'

/** Steps of the stage itself run when nothing failed; the last ones whatever happened. */
export type Phase = 'steps' | 'finally'

/** A limit of the time that a stage or a run may take. */
export interface TimeLimit {
  of: 'stage' | 'run'
  /** Milliseconds. */
  ms: number
  /** It is over: only the last steps (`finally`) still work. */
  over: Halt
  /** Their time is over too. */
  end: Halt
}

/** What the last steps get when the time is over, in milliseconds. */
const more = 5 * 60_000

/** Starts to count; `stop` ends that. */
export function startLimit(clock: Clock, of: TimeLimit['of'], ms: number): { limit: TimeLimit; stop: () => void } {
  const limit: TimeLimit = { of, ms, over: new Halt(), end: new Halt() }
  let stop = clock.after(ms, () => {
    stop = clock.after(more, () => limit.end.halt())
    limit.over.halt()
  })
  return { limit, stop: () => stop() }
}

/** When a step of this phase has no more time. */
export const endOf = (limit: TimeLimit, phase: Phase): Halt => (phase === 'finally' ? limit.end : limit.over)

/** Why a step of this phase has no more time, as a sentence; nothing while it has. */
export function lateFor(limits: readonly TimeLimit[], phase: Phase): string | undefined {
  const late = limits.find((limit) => endOf(limit, phase).halted)
  if (!late) return undefined
  const what = `the ${late.of} took longer than ${writtenDuration(late.ms)}`
  return phase === 'finally' ? `${what}, and its last steps longer than ${writtenDuration(more)} more` : what
}

/** Why a stage under these limits has failed, if so. */
export function lateStage(limits: readonly TimeLimit[]): string | undefined {
  const late = limits.find(({ over }) => over.halted)
  if (!late) return undefined
  return `${late.of === 'run' ? 'the run ' : ''}took longer than ${writtenDuration(late.ms)}`
}
