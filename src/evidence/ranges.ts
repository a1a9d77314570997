import type { LineRange } from './evidence.js'

/** Ascending lines as ranges: 3, 4, 5, 9 are 3 to 5 and 9 to 9. */
export function rangesOf(lines: readonly number[]): LineRange[] {
  const ranges: LineRange[] = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last && line === last[1] + 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges
}
