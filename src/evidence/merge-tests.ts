import { maxBadCases, maxCases, rounded } from './build-tests.js'
import type { SuiteTotals, TestCase, TestsEvidence } from './evidence.js'

/** Adds up the tests of several reports; a suite that two of them tell alike counts once. */
export function mergeTests(list: readonly TestsEvidence[]): TestsEvidence {
  const seen = new Set<string>()
  const cases: TestCase[] = []
  const suites: SuiteTotals[] = []
  const sum = { tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0, flaky: 0, duration_s: 0, suites: 0 }
  for (const evidence of list) {
    const again = repeated(evidence, seen)
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += evidence[key]
    sum.suites -= again.size
    let from = 0
    for (const totals of totalsOf(evidence)) {
      const listed = evidence.cases.slice(from, (from += totals.listed))
      if (again.has(totals)) {
        for (const key of ['tests', 'passed', 'failed', 'errors', 'skipped', 'flaky', 'duration_s'] as const)
          sum[key] -= totals[key]
        continue
      }
      suites.push(totals)
      for (const test of listed) cases.push(test)
    }
    for (const test of evidence.cases.slice(from)) cases.push(test)
  }
  const kept = bounded(cases, suites)
  return {
    kind: 'tests',
    ...sum,
    duration_s: rounded(Math.max(0, sum.duration_s)),
    cases: kept.cases,
    cases_omitted: sum.tests - kept.cases.length,
    suite_totals: kept.suites,
    ...(list.some((one) => one.markers_cut) ? { markers_cut: true as const } : {}),
  }
}

/** The suites that an earlier report told before; equal suites within one report are two. */
function repeated(evidence: TestsEvidence, seen: Set<string>): Set<SuiteTotals> {
  const again = new Set<SuiteTotals>()
  const own: string[] = []
  for (const totals of totalsOf(evidence)) {
    if (totals.id === undefined) continue
    if (seen.has(totals.id)) again.add(totals)
    else own.push(totals.id)
  }
  for (const id of own) seen.add(id)
  return again
}

/** Lists as many tests as one report may, passing ones giving way first, then skipped ones. */
function bounded(cases: TestCase[], suites: SuiteTotals[]): { cases: TestCase[]; suites: SuiteTotals[] } {
  if (cases.length <= maxCases) return { cases, suites }
  const room = { bad: maxBadCases, skipped: maxBadCases, passed: 0 }
  const groupOf = ({ status, flaky }: TestCase) =>
    flaky || status === 'failed' || status === 'error' ? 'bad' : status === 'skipped' ? 'skipped' : 'passed'
  const count = (group: 'bad' | 'skipped'): number =>
    Math.min(maxBadCases, cases.filter((test) => groupOf(test) === group).length)
  room.passed = Math.max(0, maxCases - count('bad') - count('skipped'))
  const keep = cases.map((test) => room[groupOf(test)]-- > 0)
  let from = 0
  const recounted = suites.map((totals) => {
    const to = from + totals.listed
    const listed = keep.slice(from, to).filter(Boolean).length
    from = to
    return { ...totals, listed }
  })
  return { cases: cases.filter((_, index) => keep[index]), suites: recounted }
}

/** The totals by suite, where they still tell of these tests: attempts that were joined no longer fit theirs. */
function totalsOf({ suite_totals: totals = [], tests, cases }: TestsEvidence): readonly SuiteTotals[] {
  const sum = (key: 'tests' | 'listed'): number => totals.reduce((all, suite) => all + suite[key], 0)
  return sum('tests') === tests && sum('listed') === cases.length ? totals : []
}
