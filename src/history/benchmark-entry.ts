import { benchmarkKey } from '../evidence/benchmark-key.js'
import type { Benchmark } from '../evidence/evidence.js'
import type { BenchmarkEntry, StageEntry } from './entry.js'

/**
 * What an entry says of a benchmark; nothing where it was measured in another unit, or more was better then and is worse now. Entries of
 * older versions know benchmarks by name alone.
 */
export function benchmarkAt({ benchmarks = {} }: StageEntry, benchmark: Benchmark): BenchmarkEntry | undefined {
  const key = [benchmarkKey(benchmark), benchmark.name].find((one) => Object.hasOwn(benchmarks, one))
  const entry = key === undefined ? undefined : benchmarks[key]
  if (!entry || entry.unit !== benchmark.unit) return undefined
  const { better } = benchmark
  return better !== undefined && entry.better !== undefined && better !== entry.better ? undefined : entry
}
