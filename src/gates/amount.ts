import { compareShares } from '../base/share.js'
import type { Share } from '../base/share.js'
import type { Amount } from './gate.js'

const asShare = (amount: Amount): Share => (typeof amount === 'number' ? { part: amount, whole: 1 } : amount)

/** Whether a value keeps to its limit, without rounding; `least`: it is not under it, `most`: it is not over it. */
export function meets(value: Amount, bound: 'least' | 'most', limit: Amount): boolean {
  const order = compareShares(asShare(value), asShare(limit))
  return bound === 'least' ? order >= 0 : order <= 0
}

/** A threshold as written: a share with all of its decimals, a number as it is. */
export function limitText(limit: Amount): string {
  return typeof limit === 'number' ? String(limit) : `${decimal(limit, digitsOf(limit), 'down')}%`
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
  const digits = Math.max(2, limit === undefined || typeof limit === 'number' ? 0 : digitsOf(limit))
  return `${decimal(value, digits, bound === 'least' ? 'down' : 'up')}%`
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
