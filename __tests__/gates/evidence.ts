import type {
  Category,
  CoverageEvidence,
  Finding,
  FindingsEvidence,
  Severity,
  TestCase,
  TestsEvidence,
} from '../../src/evidence/evidence.js'

/** Test results with the given numbers; those that did not pass are listed. */
export function tests(numbers: Partial<TestsEvidence> & { suite?: string }): TestsEvidence {
  const { suite, ...given } = numbers
  const { passed = 0, failed = 0, errors = 0, skipped = 0 } = given
  const list = (n: number, status: TestCase['status']): TestCase[] =>
    Array.from({ length: n }, (_, i) => ({ name: `${status} ${i}`, status, ...(suite ? { suite } : {}) }))
  const cases = [
    ...list(failed, 'failed'),
    ...list(errors, 'error'),
    ...list(skipped, 'skipped'),
    ...list(passed, 'passed'),
  ]
  return {
    kind: 'tests',
    tests: cases.length,
    passed,
    failed,
    errors,
    skipped,
    flaky: 0,
    duration_s: 1,
    suites: 1,
    cases,
    cases_omitted: 0,
    ...given,
  }
}

/** Coverage with `[covered, valid]` of lines and branches. */
export const coverage = (lines: [number, number], branches: [number, number] = [0, 0]): CoverageEvidence => ({
  kind: 'coverage',
  lines_covered: lines[0],
  lines_valid: lines[1],
  branches_covered: branches[0],
  branches_valid: branches[1],
  files: [],
})

/** A report of one category with one finding for each severity. */
export function findings(category: Category, ...severities: Severity[]): FindingsEvidence {
  const list = severities.map((severity, i): Finding => ({
    category,
    rule: `rule-${i}`,
    severity,
    message: `message ${i}`,
    fingerprint: `${category}-${severity}-${i}`,
  }))
  const by_severity: FindingsEvidence['by_severity'] = {}
  for (const severity of severities) by_severity[severity] = (by_severity[severity] ?? 0) + 1
  return { kind: 'findings', categories: [category], findings: list, findings_omitted: 0, by_severity, suppressed: 0 }
}
