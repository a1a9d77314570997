/** What earlier values tell: the middle of them, and how far they usually lie from it. */
export interface Spread {
  median: number
  /** The median of the distances from the median, as a standard deviation of what is spread normally. */
  deviation: number
}

/** The spread of some values; of none there is none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const median = medianOf(values)
  if (median === undefined) return undefined
  const distance = medianOf(values.map((value) => Math.abs(value - median))) ?? 0
  return { median, deviation: distance * 1.4826 }
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [high, low] = [sorted[middle], sorted[sorted.length % 2 === 0 ? middle - 1 : middle]]
  return high === undefined || low === undefined ? undefined : (high + low) / 2
}

/** A value that is so many deviations from the median is not chance. */
const deviations = 3

/** How much worse a value is than the median, as a part of it; 0 where it is no worse than the spread explains. */
export function worseBy(value: number, better: 'smaller' | 'bigger', { median, deviation }: Spread): number {
  const worse = better === 'smaller' ? value - median : median - value
  return worse > deviations * deviation ? worse / median : 0
}
