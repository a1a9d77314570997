import type { MarkedTotals, TestsEvidence } from '../evidence/evidence.js'

/** Numbers of tests by how they ended. */
export type Totals = Omit<MarkedTotals, 'markers'>

const keys = ['tests', 'passed', 'failed', 'errors', 'skipped'] as const
const none = (): Totals => ({ tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0 })

/** The sum of several numbers. */
export function sumOf(list: readonly Totals[]): Totals {
  const sum = none()
  for (const totals of list) add(sum, totals)
  return sum
}

function add(into: Totals, totals: Totals, times: 1 | -1 = 1): void {
  for (const key of keys) into[key] += times * totals[key]
}

/** Tests by what a gate names: suites, markers, and those that belong to none of them. */
export interface Apart {
  rest: Totals
  suites: Map<string, Totals>
  markers: Map<string, Totals>
}

/**
 * Divides tests by the suites and markers that are named; one without any test is there with zeros. A test counts for its suite and for
 * each of its markers, and for the rest when it belongs to none of those that are named.
 */
export function apart(
  list: readonly TestsEvidence[],
  named: { suites: readonly string[]; markers: readonly string[] },
): Apart {
  const rest = sumOf(list)
  const suites = new Map(named.suites.map((name) => [name, none()]))
  const markers = new Map(named.markers.map((name) => [name, none()]))
  if (suites.size + markers.size === 0) return { rest, suites, markers }
  for (const { name, totals, marked } of list.flatMap(partsOf)) {
    const suite = name === undefined ? undefined : suites.get(name)
    if (suite) {
      add(suite, totals)
      add(rest, totals, -1)
    }
    for (const one of marked) {
      const own = one.markers.flatMap((marker) => markers.get(marker) ?? [])
      for (const marker of own) add(marker, one)
      if (own.length > 0 && !suite) add(rest, one, -1)
    }
  }
  return { rest, suites, markers }
}

/** The numbers of every suite that has tests of its own, and of every marker that a test has. */
export function groupsOf(list: readonly TestsEvidence[]): Omit<Apart, 'rest'> {
  const all = { suites: new Map<string, Totals>(), markers: new Map<string, Totals>() }
  const count = (into: Map<string, Totals>, name: string, totals: Totals): void => {
    const sum = into.get(name) ?? none()
    add(sum, totals)
    into.set(name, sum)
  }
  for (const { name, totals, marked } of list.flatMap(partsOf)) {
    if (name !== undefined) count(all.suites, name, totals)
    for (const one of marked) for (const marker of one.markers) count(all.markers, marker, one)
  }
  return all
}

/** The tests of one suite, and those of them that have markers. */
interface Part {
  name: string | undefined
  totals: Totals
  marked: readonly MarkedTotals[]
}

/** From the totals that readers keep where they tell of every test, else from the tests that are listed. */
function partsOf(evidence: TestsEvidence): Part[] {
  const kept = evidence.suite_totals ?? []
  const told = kept.reduce((sum, totals) => sum + totals.tests, 0)
  if (kept.length > 0 && told === evidence.tests)
    return kept.map((totals) => ({ name: totals.name, totals, marked: totals.marked ?? [] }))
  return evidence.cases.map(({ suite, status, markers }): Part => {
    const totals = { ...none(), tests: 1, [status === 'error' ? 'errors' : status]: 1 }
    return { name: suite, totals, marked: markers ? [{ markers, ...totals }] : [] }
  })
}
