/** An exact fraction; thresholds are compared with it without rounding (99.995 % is not 100 %). */
export interface Share {
  part: number
  whole: number
}

/** The grammar of a share in the workflow file: a percentage from `0%` to `100%`. */
export const sharePattern = '^(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$'

/** `80%` or `99.5%` as an exact fraction; `undefined` when it is none. */
export function parseShare(text: string): Share | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,12}))?%$/.exec(text)
  if (!match) return undefined
  const decimals = match[2] ?? ''
  const share = { part: Number(`${match[1]}${decimals}`), whole: 100 * 10 ** decimals.length }
  return share.part <= share.whole ? share : undefined
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`; exact for any counts. */
export function compareShares(a: Share, b: Share): number {
  const difference = BigInt(a.part) * BigInt(b.whole) - BigInt(b.part) * BigInt(a.whole)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/**
 * A share as text with at most two decimals, rounded towards the worse side so that what fails never looks met:
 * 79.999 % shows as `79.99%`, never `80%`.
 */
export function formatShare(share: Share): string {
  if (share.whole === 0) return 'n/a'
  const hundredths = (BigInt(share.part) * 10_000n) / BigInt(share.whole)
  return `${String(Number(hundredths) / 100)}%`
}
