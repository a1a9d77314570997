import picomatch from 'picomatch'

/** The names that the patterns match, sorted; one with `!` takes out of what stands before it. Dot-files are matched too. */
export function matchingNames(patterns: readonly string[], names: Iterable<string>): string[] {
  const steps = patterns.map((pattern) => {
    const out = pattern.startsWith('!')
    const matches = picomatch(pattern.slice(out ? 1 : 0).replace(/^\.\//, ''), { dot: true })
    return { out, matches }
  })
  const found: string[] = []
  for (const name of names) {
    let taken = false
    for (const { out, matches } of steps) if (taken === out && matches(name)) taken = !out
    if (taken) found.push(name)
  }
  return found.sort()
}

/**
 * Splits files into `total` lists so that all take about as long, by their known seconds: the longest first onto the list that has least
 * to do, then by moves and exchanges. One of unknown time counts as what stands
 * under the empty name, else as the median of the others; where none is known, lists differ by one
 * file at most and neighbours go to different ones. The same answer on every machine and for every order of the files; each list is
 * sorted, and some are empty where there are fewer files than lists.
 */
export function splitFiles(files: readonly string[], seconds: ReadonlyMap<string, number>, total: number): string[][] {
  const names = [...new Set(files)].sort()
  const unnamed = timeIn(seconds, '')[0]?.[1]
  const times = new Map(names.flatMap((name) => timeIn(seconds, name)))
  if (!times.size) return Array.from({ length: total }, (_, i) => names.filter((_, at) => at % total === i))
  const usual = unnamed ?? medianOf([...times.values()])
  const all = names.map((name): File => ({ name, time: times.get(name) ?? usual })).sort(longestFirst)
  return balanced(longestOntoLeast(all, total)).map((shard) => shard.files.map(({ name }) => name).sort())
}

/** Seconds: to start a file of tests is work too, however little is in it, and no split is better for knowing of more than a day. */
const [shortest, longest] = [0.01, 86_400]

function timeIn(seconds: ReadonlyMap<string, number>, name: string): [string, number][] {
  const time = seconds.get(name)
  return time !== undefined && time >= 0 ? [[name, Math.min(Math.max(time, shortest), longest)]] : []
}

interface File {
  name: string
  time: number
}

interface Shard {
  /** The longest first. */
  files: File[]
  time: number
}

const longestFirst = (a: File, b: File): number => b.time - a.time || (a.name < b.name ? -1 : Number(a.name !== b.name))

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

function longestOntoLeast(files: readonly File[], total: number): Shard[] {
  const shards = Array.from({ length: total }, (): Shard => ({ files: [], time: 0 }))
  for (const file of files) {
    const least = shards.reduce((best, shard) => (shard.time < best.time ? shard : best))
    least.files.push(file)
    least.time += file.time
  }
  return shards
}

/** Nobody notices less than this share of the whole time. */
const unnoticed = 0.001
const maxRounds = 2000

/** Takes from the shard that has most to do, as long as another one can take a file of it, or give a shorter one for it. */
function balanced(shards: Shard[]): Shard[] {
  const sum = shards.reduce((whole, { time }) => whole + time, 0)
  const goal = (sum / shards.length) * (1 + unnoticed)
  for (let round = 0; round < maxRounds; round++) {
    const [busiest, ...others] = [...shards].sort((a, b) => b.time - a.time)
    if (!busiest || busiest.time <= goal || busiest.files.length < 2) return shards
    const best = bestTrade(busiest, others)
    if (!best) return shards
    trade(busiest, best)
  }
  return shards
}

interface Trade {
  to: Shard
  file: File
  /** What comes back for it. */
  back?: File
  /** How long the longer one of both then takes. */
  time: number
}

/** The trade after which the longer one of both has least to do; nothing where none helps. */
function bestTrade(from: Shard, others: readonly Shard[]): Trade | undefined {
  let best: Trade | undefined
  const offer = (to: Shard, file: File, back?: File): void => {
    const less = file.time - (back?.time ?? 0)
    const time = Math.max(from.time - less, to.time + less)
    if (time < (best?.time ?? from.time * (1 - 1e-9))) best = { to, file, time, ...(back ? { back } : {}) }
  }
  for (const to of others) {
    const wanted = (from.time - to.time) / 2
    if (best && best.time <= from.time - wanted) continue
    // Both lists are sorted: for each file those in the other one that are shorter by about as much as is wanted.
    let at = 0
    for (const file of from.files) {
      offer(to, file)
      while (at < to.files.length && (to.files[at]?.time ?? 0) > file.time - wanted) at++
      for (const back of [to.files[at - 1], to.files[at]]) if (back) offer(to, file, back)
    }
  }
  return best
}

function trade(from: Shard, { to, file, back }: Trade): void {
  const move = (one: File, a: Shard, b: Shard): void => {
    a.files.splice(a.files.indexOf(one), 1)
    b.files.push(one)
    b.files.sort(longestFirst)
  }
  move(file, from, to)
  if (back) move(back, to, from)
  for (const shard of [from, to]) shard.time = shard.files.reduce((sum, { time }) => sum + time, 0)
}
