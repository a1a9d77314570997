// How long the longest shard of a stage takes: what is possible, by count, and by the times of an earlier run, which are never quite those
// of the next one. Times of 500 test files are skewed (Pareto): a few take most of it. node bench/shards.mjs [seed]; needs build/.
import { splitFiles } from '../build/plan/shards.js'
import { grid, row, table } from './figures.mjs'

let state = Number(process.argv[2] ?? 1)
/** Numbers from 0 up to but not including 1 that the seed decides (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const filesOf = (count) => Array.from({ length: count }, (_, i) => `test/${String(i).padStart(5, '0')}.test.js`)
const skewed = (count) => new Map(filesOf(count).map((file) => [file, 0.5 * (1 - random()) ** (-1 / 1.4)]))
const longest = (lists, seconds) =>
  Math.max(...lists.map((list) => list.reduce((sum, file) => sum + seconds.get(file), 0)))
const written = (seconds, ideal) => `${seconds.toFixed(1)} s (+${((seconds / ideal - 1) * 100).toFixed(1)} %)`

const seconds = skewed(500)
const files = [...seconds.keys()]
const sum = [...seconds.values()].reduce((a, b) => a + b)
/** What the run before took: each time up to a third more or less, and one file in ten is new. */
const before = new Map(
  [...seconds].flatMap(([file, time], i) => (i % 10 === 3 ? [] : [[file, time * (0.67 + random() * 0.66)]])),
)

const rows = [8, 32].map((total) => {
  const ideal = Math.max(sum / total, ...seconds.values())
  const of = (known) => written(longest(splitFiles(files, known, total), seconds), ideal)
  return [`${total} shards`, `${ideal.toFixed(1)} s`, of(new Map()), of(seconds), of(before)]
})
grid(
  `500 test files, ${sum.toFixed(0)} s together, the longest ${Math.max(...seconds.values()).toFixed(1)} s`,
  ['', 'ideal', 'by count', 'by known times', 'by times that changed'],
  rows,
)

const costs = [
  [500, 8],
  [5000, 64],
  [20_000, 256],
].map(([count, total]) => {
  const times = skewed(count)
  const began = performance.now()
  splitFiles([...times.keys()], times, total)
  return row(`split ${count} files among ${total}`, `${(performance.now() - began).toFixed(0)} ms`)
})
table('what splitting costs', costs)
