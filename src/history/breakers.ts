import type { BreakerState, Entry } from './entry.js'

/** By name. */
export type BreakerStates = ReadonlyMap<string, BreakerState>

/** The states of breakers belong to no commit: of lines with this one in the place of one only the newest is kept. */
export const noCommit = '0'.repeat(40)

/** The states that the newest of some entries tells; nothing where none tells any. */
export function statesIn(entries: readonly Entry[]): BreakerStates {
  const told = entries.findLast(({ breakers }) => breakers)?.breakers ?? {}
  return new Map(Object.entries(told))
}

/** The record of all states; breakers that nothing is to be said of are left out. `at` is in milliseconds since the epoch. */
export function entryOfStates(workflow: Entry['workflow'], states: BreakerStates, at: number): Entry {
  const telling = [...states].filter(([, { failures, since }]) => failures > 0 || since !== undefined)
  const head = { version: 1 as const, commit: noCommit, at: new Date(at).toISOString(), workflow }
  return { ...head, target: '', verdict: '', duration_ms: 0, stages: {}, breakers: Object.fromEntries(telling) }
}
