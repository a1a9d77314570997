import type { BreakerState } from '../history/entry.js'
import type { BreakerLimits } from '../workflow/model.js'

/** What a breaker says to an attempt that asks to begin. */
export type Answer =
  { kind: 'go' } | { kind: 'probe' } | { kind: 'open'; since: number; failures: number; probe_in: number | 'running' }

/** A breaker of which nothing is known yet. */
export const unused: BreakerState = { failures: 0 }

/**
 * Whether an attempt may begin: while the breaker is closed, and as its probe when it was open for its time and no other probe is
 * running. Times are milliseconds since the epoch.
 */
export function ask(state: BreakerState, { open }: BreakerLimits, now: number, probing: boolean): Answer {
  const { since, failures } = state
  if (since === undefined) return { kind: 'go' }
  const probe_in = since + open - now
  if (probe_in > 0) return { kind: 'open', since, failures, probe_in }
  return probing ? { kind: 'open', since, failures, probe_in: 'running' } : { kind: 'probe' }
}

export type Change = 'counted' | 'opened' | 'closed'

/** How an attempt ended: `nothing` when it was stopped before it could tell. */
export interface Told {
  result: 'success' | 'failure' | 'nothing'
  probe: boolean
  now: number
}

/**
 * The state after an attempt has ended, and what changed. While it is open only its probe counts: attempts that had begun before tell
 * how the service was, not how it is.
 */
export function tell(
  state: BreakerState,
  limits: BreakerLimits,
  { result, probe, now }: Told,
): { state: BreakerState; change?: Change } {
  const open = state.since !== undefined
  if (result === 'nothing' || (open && !probe)) return { state }
  if (result === 'success')
    return state.failures === 0 && !open ? { state } : { state: unused, change: open ? 'closed' : 'counted' }
  const failures = state.failures + 1
  return open || failures >= limits.failures
    ? { state: { failures, since: now }, change: 'opened' }
    : { state: { failures }, change: 'counted' }
}
