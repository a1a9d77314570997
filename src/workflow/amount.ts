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
