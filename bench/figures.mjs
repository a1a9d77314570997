// What the benchmarks share: medians and a plain table of figures beside their limits.

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export const row = (what, figure, limit = '') => ({ what, figure, limit })

export function table(title, rows) {
  console.log(title)
  for (const { what, figure, limit } of rows)
    console.log(`  ${what.padEnd(46)} ${String(figure).padStart(12)}${limit ? `   ${limit}` : ''}`)
  console.log('')
}
