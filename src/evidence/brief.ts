import type { BenchmarksEvidence, Evidence, FileCoverage, TestCase, TestsEvidence } from './evidence.js'

/** Of the tests that passed, so many of the slowest are kept. */
const slowest = 20
/** Of the lines without a hit, so many a file are kept. */
const maxMissed = 200
/** Of the benchmarks so many, as the report lists them. */
const maxBenchmarks = 200

/**
 * Evidence as it is shown: of the tests those that did not pass, the flaky ones and the slowest; of coverage the totals
 * by file and the lines without a hit; of benchmarks the first 200. The rest stays in the journal.
 */
export function briefEvidence(evidence: Evidence): Evidence {
  if (evidence.kind === 'tests') return briefTests(evidence)
  if (evidence.kind === 'benchmarks') return briefBenchmarks(evidence)
  if (evidence.kind !== 'coverage') return evidence
  return { ...evidence, files: evidence.files.map(briefFile) }
}

function briefTests({ suite_totals: _, ...evidence }: TestsEvidence): TestsEvidence {
  const slow = new Set(
    evidence.cases
      .filter((test) => test.status === 'passed' && (test.duration_s ?? 0) > 0)
      .sort((a, b) => (b.duration_s ?? 0) - (a.duration_s ?? 0))
      .slice(0, slowest),
  )
  const shown = (test: TestCase): boolean => test.status !== 'passed' || test.flaky === true || slow.has(test)
  const cases = evidence.cases.filter(shown)
  return { ...evidence, cases, cases_omitted: evidence.tests - cases.length }
}

function briefBenchmarks(evidence: BenchmarksEvidence): BenchmarksEvidence {
  const left = evidence.benchmarks.length - maxBenchmarks
  if (left <= 0) return evidence
  const benchmarks = evidence.benchmarks.slice(0, maxBenchmarks)
  return { ...evidence, benchmarks, benchmarks_omitted: (evidence.benchmarks_omitted ?? 0) + left }
}

function briefFile({ lines, branches: _, functions: __, blocks: ___, ...file }: FileCoverage): FileCoverage {
  if (!lines) return file
  const missed: number[] = []
  for (const [line, hits] of Object.entries(lines)) if (hits === 0 && missed.push(Number(line)) >= maxMissed) break
  return missed.length > 0 ? { ...file, missed_lines: missed } : file
}
