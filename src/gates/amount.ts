import { compareShares } from '../base/share.js'
import type { Share } from '../base/share.js'
import { formatDuration } from '../base/duration.js'
import { writtenDuration } from '../base/duration.js'
import { asShare } from '../workflow/amount.js'
import type { Amount } from '../workflow/amount.js'

/** Whether a value keeps to its limit, without rounding; `least`: it is not under it, `most`: it is not over it. */
export function meets(value: Amount, bound: 'least' | 'most', limit: Amount): boolean {
  const order = compareShares(asShare(value), asShare(limit))
  return bound === 'least' ? order >= 0 : order <= 0
}

/** A threshold as written: a share with all of its decimals, a number as it is, a length of time in its largest unit. */
export function limitText(limit: Amount): string {
  if (typeof limit === 'number') return String(limit)
  return 'ms' in limit ? writtenDuration(limit.ms) : `${decimal(limit, digitsOf(limit), 'down')}%`
}

/** `≥ 80%`, `≤ 5`. */
export const boundText = (bound: 'least' | 'most', limit: Amount): string =>
  `${bound === 'least' ? '≥' : '≤'} ${limitText(limit)}`

/**
 * A measured value as text, rounded to two decimals (or to those of the limit, when it has more) towards the side
 * that looks worse, so that a value beside its limit never looks met when it is not.
 */
export function valueText(value: Amount, bound: 'least' | 'most', limit?: Amount): string {
  if (typeof value === 'number') return String(value)
  if ('ms' in value) return timeText(value.ms, bound)
  const digits = Math.max(2, limit === undefined || typeof limit === 'number' || 'ms' in limit ? 0 : digitsOf(limit))
  return `${decimal(value, digits, bound === 'least' ? 'down' : 'up')}%`
}

/** A length of time as it is shown, by the digits that are shown rounded to the side that looks worse. */
function timeText(ms: number, bound: 'least' | 'most'): string {
  const step = ms < 1000 ? 1 : ms < 60_000 ? 100 : ms < 3_600_000 ? 1000 : 60_000
  return formatDuration((bound === 'least' ? Math.floor : Math.ceil)(ms / step) * step)
}

/** How many decimals a threshold was written with; its whole is 100 times a power of ten. */
const digitsOf = (share: Share): number => Math.max(0, String(share.whole).length - 3)

function decimal(share: Share, digits: number, side: 'up' | 'down'): string {
  const whole = BigInt(share.whole)
  const scaled = BigInt(share.part) * 100n * 10n ** BigInt(digits)
  const units = (side === 'down' ? scaled / whole : (scaled + whole - 1n) / whole).toString().padStart(digits + 1, '0')
  const [integer, fraction] = [units.slice(0, units.length - digits), units.slice(units.length - digits)]
  const shown = digits === 0 ? '' : fraction.replace(/0+$/, '')
  return shown === '' ? integer : `${integer}.${shown}`
}
