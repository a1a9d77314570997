import { keyOf } from '../evidence/attempts.js'
import { benchmarkKey } from '../evidence/benchmark-key.js'
import type {
  BenchmarksEvidence,
  Category,
  CoverageEvidence,
  Evidence,
  FindingsEvidence,
  TestsEvidence,
} from '../evidence/evidence.js'
import type { BenchmarkEntry, CoverageEntry, Entry, StageEntry, TestsEntry } from './entry.js'
import { keptSeconds } from './timings.js'

/** A run that has ended, as far as an entry tells of it. */
export interface Ended {
  commit: string
  workflow: Entry['workflow']
  target: string
  verdict: string
  run: { finished: string; duration_ms: number }
  stages: readonly { id: string; duration_ms: number; unaffected?: true }[]
}

/** What a stage's reports say, whole, one evidence a kind. */
export interface StageEvidence {
  stage: string
  evidence: readonly Evidence[]
  /** Of a stage with shards: the seconds of its files of tests. */
  seconds?: ReadonlyMap<string, number>
}

/** So many of the slowest tests are kept. */
const slowest = 50
/** An entry is kept for every commit, so what is longer loses first its keys of tests, then what it tells by file. */
const maxText = 1024 * 1024

/** What a run measured, compact; nothing where it measured nothing. Pure. */
export function entryOf(ended: Ended, evidence: readonly StageEvidence[]): Entry | undefined {
  const durations = new Map(ended.stages.map(({ id, duration_ms }) => [id, duration_ms]))
  const stages = evidence.map(({ stage, evidence, seconds }): [string, StageEntry] => [
    stage,
    {
      duration_ms: durations.get(stage) ?? 0,
      ...measuresOf(evidence),
      ...(seconds?.size ? { file_seconds: keptSeconds(seconds) } : {}),
    },
  ])
  if (stages.length === 0) return undefined
  const { commit, workflow, target, verdict, run } = ended
  const { name, path } = workflow
  const head = { version: 1 as const, commit, at: run.finished, workflow: { name, path }, target, verdict }
  const unaffected = ended.stages.flatMap((stage) => (stage.unaffected ? [stage.id] : []))
  const idle = unaffected.length ? { unaffected } : {}
  return compact({ ...head, duration_ms: run.duration_ms, stages: Object.fromEntries(stages), ...idle })
}

function measuresOf(list: readonly Evidence[]): Omit<StageEntry, 'duration_ms'> {
  const measures: Omit<StageEntry, 'duration_ms'> = {}
  for (const evidence of list) {
    if (evidence.kind === 'tests') measures.tests = testsOf(evidence)
    else if (evidence.kind === 'coverage') measures.coverage = coverageOf(evidence)
    else if (evidence.kind === 'findings') measures.findings = findingsOf(evidence)
    else measures.benchmarks = benchmarksOf(evidence)
  }
  return measures
}

function testsOf(evidence: TestsEvidence): TestsEntry {
  const { tests, passed, failed, errors, skipped, duration_s, cases, cases_omitted } = evidence
  const timed = cases.filter(({ duration_s = 0 }) => duration_s > 0)
  timed.sort((a, b) => (b.duration_s ?? 0) - (a.duration_s ?? 0))
  return {
    tests,
    passed,
    failed: failed + errors,
    skipped,
    duration_s,
    ...(cases_omitted > 0 ? {} : { keys: unique(cases.map(keyOf)) }),
    flaky: unique(cases.filter(({ flaky }) => flaky === true).map(keyOf)),
    skipped_keys: unique(cases.filter(({ status }) => status === 'skipped').map(keyOf)),
    slowest: timed.slice(0, slowest).map((test) => [keyOf(test), test.duration_s ?? 0]),
  }
}

const unique = (keys: readonly string[]): string[] => [...new Set(keys)]

const coverageOf = (evidence: CoverageEvidence): CoverageEntry => ({
  lines: [evidence.lines_covered, evidence.lines_valid],
  branches: [evidence.branches_covered, evidence.branches_valid],
  ...(evidence.functions_valid === undefined
    ? {}
    : { functions: [evidence.functions_covered ?? 0, evidence.functions_valid] }),
  files: Object.fromEntries(evidence.files.map((file) => [file.path, [file.lines_covered, file.lines_valid]])),
})

/** Of a category whose list is not whole nothing is kept: what is missing from it would be taken for new later. */
function findingsOf({ categories, findings, findings_omitted }: FindingsEvidence): Partial<Record<Category, string[]>> {
  if (findings_omitted > 0) return {}
  const by = (category: Category): string[] =>
    unique(findings.filter((finding) => finding.category === category).map(({ fingerprint }) => fingerprint)).sort()
  return Object.fromEntries(categories.map((category) => [category, by(category)]))
}

const benchmarksOf = ({ benchmarks }: BenchmarksEvidence): Record<string, BenchmarkEntry> =>
  Object.fromEntries(
    benchmarks.map((one) => {
      const { value, unit, better } = one
      return [benchmarkKey(one), { value, unit, ...(better ? { better } : {}) }]
    }),
  )

function compact(entry: Entry): Entry {
  const isLong = (one: Entry): boolean => JSON.stringify(one).length > maxText
  const shorter = [withoutKeys, withoutFiles, withoutSeconds]
  return shorter.reduce((one, shorten) => (isLong(one) ? eachStage(one, shorten) : one), entry)
}

const eachStage = (entry: Entry, change: (stage: StageEntry) => StageEntry): Entry => ({
  ...entry,
  stages: Object.fromEntries(Object.entries(entry.stages).map(([id, stage]) => [id, change(stage)])),
})

function withoutKeys(stage: StageEntry): StageEntry {
  if (!stage.tests) return stage
  const { keys: _, ...tests } = stage.tests
  return { ...stage, tests }
}

const withoutFiles = (stage: StageEntry): StageEntry =>
  stage.coverage ? { ...stage, coverage: { ...stage.coverage, files: {} } } : stage

const withoutSeconds = ({ file_seconds: _, ...stage }: StageEntry): StageEntry => stage
