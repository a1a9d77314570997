import { parseDuration } from '../base/duration.js'
import { parseShare } from '../base/share.js'
import type { Share } from '../base/share.js'

/** A length of time, apart from a plain number of things. */
export interface Milliseconds {
  ms: number
}

/** What a threshold bounds: a share, a number of things, or a length of time. */
export type Amount = Share | number | Milliseconds

/** An amount as an exact fraction, so that two of one kind can be compared. */
export function asShare(amount: Amount): Share {
  if (typeof amount === 'number') return { part: amount, whole: 1 }
  return 'ms' in amount ? { part: amount.ms, whole: 1 } : amount
}

/** A value of the file, which the schema has checked: `80%`, `5` or `10m`. */
export function readAmount(written: string | number): Amount {
  if (typeof written === 'number') return written
  const ms = parseDuration(written)
  return ms === undefined ? (parseShare(written) ?? { part: 1, whole: 1 }) : { ms: Math.round(ms) }
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** A length of time in the largest unit of which it is a whole number: `10m`, `90s`, `1500ms`. */
export function durationText({ ms }: Milliseconds): string {
  const unit = units.find(([, size]) => ms > 0 && ms % size === 0)
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`
}
