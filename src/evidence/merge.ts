import { benchmarkKey } from './benchmark-key.js'
import {
  type BenchmarksEvidence,
  categories,
  type CoverageEvidence,
  type Evidence,
  type Finding,
  type FindingsEvidence,
  type Kind,
  type TestsEvidence,
} from './evidence.js'
import { mergeCoverage } from './merge-coverage.js'
import { mergeTests } from './merge-tests.js'

/** How two or more of a kind become one, in the order in which kinds are answered. */
const merges: Readonly<Record<Kind, (list: readonly Evidence[]) => Evidence>> = {
  tests: (list) => mergeTests(list as TestsEvidence[]),
  coverage: (list) => mergeCoverage(list as CoverageEvidence[]),
  findings: (list) => mergeFindings(list as FindingsEvidence[]),
  benchmarks: (list) => mergeBenchmarks(list as BenchmarksEvidence[]),
}

/**
 * One evidence a kind, of many reports. Tests are added up, a suite that two reports tell alike once; hits of a line are
 * added, of its branches the greater number holds; findings with equal fingerprints are one.
 */
export function mergeEvidence(list: readonly Evidence[]): Evidence[] {
  return Object.entries(merges).flatMap(([kind, merge]) => {
    const same = list.filter((evidence) => evidence.kind === kind)
    const [only, second] = same
    return only === undefined ? [] : [second === undefined ? only : merge(same)]
  })
}

function mergeFindings(list: readonly FindingsEvidence[]): FindingsEvidence {
  const byFingerprint = new Map<string, Finding>()
  const merged: FindingsEvidence = {
    kind: 'findings',
    categories: categories.filter((category) => list.some((evidence) => evidence.categories.includes(category))),
    findings: [],
    findings_omitted: 0,
    by_severity: {},
    suppressed: 0,
  }
  const count = (severity: Finding['severity'], by: number): void => {
    merged.by_severity[severity] = (merged.by_severity[severity] ?? 0) + by
  }
  for (const evidence of list) {
    merged.findings_omitted += evidence.findings_omitted
    merged.suppressed += evidence.suppressed
    for (const [severity, n] of Object.entries(evidence.by_severity)) count(severity as Finding['severity'], n)
    const own = new Map<string, Finding>()
    for (const finding of evidence.findings) {
      // Of one place under two gates neither may be lost.
      const key = `${finding.category} ${finding.fingerprint}`
      if (byFingerprint.has(key)) count(finding.severity, -1)
      else {
        own.set(key, finding)
        merged.findings.push(finding)
      }
    }
    for (const [key, finding] of own) byFingerprint.set(key, finding)
  }
  for (const [severity, n] of Object.entries(merged.by_severity))
    if (n <= 0) delete merged.by_severity[severity as Finding['severity']]
  return merged
}

/** The last value of a name and unit holds. */
function mergeBenchmarks(list: readonly BenchmarksEvidence[]): BenchmarksEvidence {
  const byName = new Map(list.flatMap(({ benchmarks }) => benchmarks.map((b) => [benchmarkKey(b), b] as const)))
  return { kind: 'benchmarks', benchmarks: [...byName.values()] }
}
