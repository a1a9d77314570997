import type { State } from './state.js'

/** What handlers work with: the state, the time, and the addresses that answers name. */
export interface World {
  readonly state: State
  /** Milliseconds since the epoch. */
  now(): number
  /** A number that was not given before; they grow. */
  nextId(): number
  /** The address of the API, without a slash at its end. */
  readonly url: string
  /** The address of what people look at (`html_url`), without a slash at its end. */
  readonly site: string
}

/** The present as GitHub writes it: to the second. */
export const present = ({ now }: Pick<World, 'now'>): string => isoTime(now())

/** A time as GitHub writes it: to the second. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
