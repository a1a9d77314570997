import { count } from '../base/text.js'
import type { Benchmark, BenchmarksEvidence } from '../evidence/evidence.js'
import { benchmarkAt } from '../history/benchmark-entry.js'
import { asShare } from '../workflow/amount.js'
import { limitText, meets, valueText } from './amount.js'
import { limitAt } from './gate.js'
import type { Gate, Measure, Scene } from './gate.js'
import { listing } from './listing.js'
import { spreadOf, worseBy } from './spread.js'
import type { Spread } from './spread.js'
import type { Share } from '../base/share.js'

/** So many of the newest runs make the spread. */
const most = 50
/** One run before this one says nothing of chance, whatever the file asks for. */
const least = 2

interface Weighed {
  benchmark: Benchmark
  spread: Spread
  runs: number
  worse: Share
}

/**
 * Benchmarks against the spread of earlier runs: an alarm needs enough of them, a value that lies outside of what they spread, and more
 * than the share of their median that is allowed.
 */
export const benchmarksGate: Gate = {
  name: 'benchmarks',
  subject: 'a benchmark’s report',
  sees: (evidence) => evidence.kind === 'benchmarks',
  measure(evidence, setting, scene) {
    const all = evidence.flatMap((one) => (one as BenchmarksEvidence).benchmarks)
    const wanted = limitAt(setting.thresholds['minimum-samples'], scene.target) ?? least
    const needed = Math.max(least, asShare(wanted).part)
    const weighed = all.flatMap((benchmark) => weigh(benchmark, needed, scene))
    const young = all.length - weighed.length
    const why = scene.isPart
      ? 'earlier runs are known with all instances together'
      : `fewer than ${needed} earlier runs are known`
    const remarks = young === 0 ? [] : [`${count(young, 'benchmark')} not judged: ${why}`]
    const bar = limitAt(setting.thresholds['slower'], scene.target)
    const over = bar === undefined ? [] : beyond(weighed, bar)
    return {
      measures: weighed.length > 0 ? [slower(weighed, setting.thresholds['slower'])] : [],
      told: [{ name: 'benchmarks', value: String(all.length), met: true }],
      passed: weighed.length > 0 ? `${count(weighed.length, 'benchmark')} within the limit` : 'no benchmark was judged',
      remarks,
      lists: listing('slower benchmarks', over.map(textOf)),
      ...(all.length > 0 ? {} : { empty: noBenchmarks }),
    }
  },
}

const noBenchmarks = {
  reason: 'the reports hold no benchmarks',
  mend: 'look whether the command found its benchmarks',
}

function weigh(benchmark: Benchmark, needed: number, { stages, against, isPart }: Scene): Weighed[] {
  if (isPart) return []
  const entries = against.earlier.slice(0, most).flatMap(({ stages: all }) =>
    stages.flatMap((stage) => {
      const left = Object.hasOwn(all, stage) ? all[stage] : undefined
      const entry = left && benchmarkAt(left, benchmark)
      return entry && Number.isFinite(entry.value) ? [entry.value] : []
    }),
  )
  const spread = entries.length < needed ? undefined : spreadOf(entries)
  // A share of nothing cannot be told.
  if (!spread || spread.median <= 0 || !Number.isFinite(benchmark.value)) return []
  const part = worseBy(benchmark.value, benchmark.better ?? 'smaller', spread)
  return [{ benchmark, spread, runs: entries.length, worse: shareOf(part) }]
}

/** A part as a fraction of whole numbers, towards the worse side. */
const shareOf = (part: number): Share => ({ part: Math.ceil(Math.min(part, 1e6) * 1e6), whole: 1_000_000 })

const beyond = (weighed: readonly Weighed[], limit: Measure['value'] & {}): Weighed[] =>
  weighed.filter(({ worse }) => !meets(worse, 'most', limit)).sort((a, b) => b.worse.part - a.worse.part)

const textOf = ({ benchmark, spread, worse, runs }: Weighed): string =>
  `${benchmark.name} is ${valueText(worse, 'most')} worse than the median of ${runs} runs ` +
  `(${rounded(benchmark.value)} ${benchmark.unit}, before ${rounded(spread.median)})`

const rounded = (value: number): string => String(Number(value.toPrecision(4)))

/** Of all benchmarks the one that became worst. */
function slower(weighed: readonly Weighed[], limit: Measure['limit']): Measure {
  const value = weighed.reduce((worst, { worse }) => (worse.part > worst.part ? worse : worst), shareOf(0))
  return {
    key: 'slower',
    name: 'slower',
    bound: 'most',
    value,
    limit,
    told: true,
    miss: (bar) => {
      const [first, ...others] = beyond(weighed, bar)
      const more = others.length > 0 ? ` and ${others.length} more` : ''
      return first ? `${textOf(first)}${more}, ${limitText(bar)} allowed` : ''
    },
    none: 'no benchmark was judged',
    mend: 'look what made the benchmarks listed slower',
  }
}
