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

/** A table of any columns; what is in the first is a name, the rest are figures. */
export function grid(title, head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map((cell) => String(cell ?? '')))
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  console.log(title)
  for (const cells of lines)
    console.log(
      `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('   ')}`.trimEnd(),
    )
  console.log('')
}
