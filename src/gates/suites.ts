import type { TestsEvidence } from '../evidence/evidence.js'

/** Numbers of tests by how they ended. */
export type Totals = Pick<TestsEvidence, (typeof keys)[number]>

const keys = ['tests', 'passed', 'failed', 'errors', 'skipped', 'flaky'] as const
const none = (): Totals => ({ tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0, flaky: 0 })

/** Divides tests into the named suites and the rest; a named suite without any test is there with zeros. */
export function apart(
  list: readonly TestsEvidence[],
  names: readonly string[],
): { rest: Totals; suites: Map<string, Totals> } {
  const rest = none()
  const suites = new Map(names.map((name) => [name, none()]))
  for (const evidence of list) {
    for (const key of keys) rest[key] += evidence[key]
    if (suites.size === 0) continue
    for (const [name, totals] of bySuite(evidence)) {
      const suite = suites.get(name)
      if (!suite) continue
      for (const key of keys) {
        suite[key] += totals[key]
        rest[key] -= totals[key]
      }
    }
  }
  return { rest, suites }
}

/** The numbers of every suite that has tests of its own. */
export function suitesOf(list: readonly TestsEvidence[]): Map<string, Totals> {
  const all = new Map<string, Totals>()
  for (const evidence of list)
    for (const [name, totals] of bySuite(evidence)) {
      const sum = all.get(name) ?? none()
      for (const key of keys) sum[key] += totals[key]
      all.set(name, sum)
    }
  return all
}

/** A suite's numbers: from the totals that readers keep where they tell of every test, else from the tests that are listed. */
function bySuite(evidence: TestsEvidence): Iterable<[string, Totals]> {
  const kept = evidence.suite_totals ?? []
  const told = kept.reduce((sum, totals) => sum + totals.tests, 0)
  if (kept.length > 0 && told === evidence.tests) return kept.map((totals) => [totals.name, totals])
  const found = new Map<string, Totals>()
  for (const test of evidence.cases) {
    if (test.suite === undefined) continue
    const totals = found.get(test.suite) ?? none()
    totals.tests++
    totals[test.status === 'error' ? 'errors' : test.status]++
    if (test.flaky) totals.flaky++
    found.set(test.suite, totals)
  }
  return found
}
