import { writtenDuration } from '../base/duration.js'
import type { BreakerState } from '../history/entry.js'
import type { BreakerEvent, JournalEvent, JournalLine } from './events.js'

/** Whether an event tells of a circuit breaker. */
export const isOfBreaker = (event: JournalEvent): event is BreakerEvent => event.type.startsWith('breaker.')

/** The states of the breakers that a run changed, by name. */
export function foldBreakers(lines: readonly JournalLine[]): Map<string, BreakerState> {
  const states = new Map<string, BreakerState>()
  for (const { event } of lines) {
    if (event.type === 'breaker.counted') states.set(event.breaker, { failures: event.failures })
    else if (event.type === 'breaker.opened')
      states.set(event.breaker, { failures: event.failures, since: event.since })
    else if (event.type === 'breaker.closed') states.set(event.breaker, { failures: 0 })
  }
  return states
}

/** One sentence for each breaker that opened or closed: how it stood at the end. */
export function breakerNotes(events: readonly BreakerEvent[]): string[] {
  const names = new Set(events.map(({ breaker }) => breaker))
  return [...names].flatMap((name) => {
    const last = events.findLast(
      (event) => event.breaker === name && (event.type === 'breaker.opened' || event.type === 'breaker.closed'),
    )
    return last ? [breakerText(last)] : []
  })
}

/** What people are told of a change of a breaker. */
export function breakerText(event: BreakerEvent): string {
  const { type, breaker, step } = event
  const name = `the breaker \`${breaker}\``
  if (type === 'breaker.closed') return `${name} closed again: ${step} succeeded`
  if (type === 'breaker.probed') return `${name} lets ${step} through as its probe`
  const { failures } = event
  const times = failures === 1 ? 'a failure' : `${failures} failures in a row`
  if (type === 'breaker.counted') return `${name} counts ${times}`
  const time = writtenDuration(event.open_ms)
  return `${name} opened after ${times}, the last one of ${step}: for ${time} the steps that name it fail at once`
}
