import type { Category } from '../evidence/evidence.js'

/** What a run measured at a commit, compact enough to be kept for every commit. */
export interface Entry {
  version: 1
  commit: string
  /** When the run ended, ISO 8601 in UTC. */
  at: string
  workflow: { name: string; path: string }
  target: string
  verdict: string
  duration_ms: number
  /** By stage; a stage that left no evidence is left out. */
  stages: Record<string, StageEntry>
  /** Stages that the change did not affect: what they measured before still holds. */
  unaffected?: string[]
  /** The states of circuit breakers by name, in the one entry that is of no commit. */
  breakers?: Record<string, BreakerState>
}

export interface StageEntry {
  duration_ms: number
  tests?: TestsEntry
  coverage?: CoverageEntry
  /** Fingerprints by category; of a category that was looked for and not found an empty list. */
  findings?: Partial<Record<Category, string[]>>
  /** By name and unit (`benchmarkKey`); by name alone in entries of older versions. */
  benchmarks?: Record<string, BenchmarkEntry>
  /** Of a stage with shards: by file of tests, the seconds that its tests took. */
  file_seconds?: Record<string, number>
}

export interface TestsEntry {
  tests: number
  passed: number
  failed: number
  skipped: number
  duration_s: number
  /** Keys of all tests (`keyOf`), so that added and removed ones are known; absent where there were too many. */
  keys?: string[]
  /** By key (`keyOf`): those that failed first and passed at last, those that were skipped, and the slowest with their seconds. */
  flaky: string[]
  skipped_keys: string[]
  slowest: [key: string, seconds: number][]
}

export interface CoverageEntry {
  lines: Counted
  branches: Counted
  functions?: Counted
  /** Lines by file. */
  files: Record<string, Counted>
}
export type Counted = [covered: number, valid: number]

export interface BenchmarkEntry {
  value: number
  unit: string
  better?: 'smaller' | 'bigger'
}

/** What is known of a circuit breaker between two runs. */
export interface BreakerState {
  /** Failures in a row. */
  failures: number
  /** Since when it is open, in milliseconds since the epoch; absent while it is closed. */
  since?: number
}
