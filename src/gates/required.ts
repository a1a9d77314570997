import type { TestsEvidence } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import { limitAt } from './gate.js'
import type { Measurement } from './gate.js'
import { groupsOf, sumOf } from './suites.js'
import type { Totals } from './suites.js'
import { ranOf } from './test-measures.js'

type Faults = NonNullable<Measurement['faults']>

/** A required suite of which every test was skipped is as good as none. */
export function suiteFaults(tests: readonly TestsEvidence[], { required = [] }: GateSetting): Faults {
  if (required.length === 0) return []
  const { suites } = groupsOf(tests)
  return required.filter(hasNone(suites)).map((name) => ({
    reason: `no test of the required suite ${name} ran`,
    mend: `let the suite run, and its report be declared: \`reports: { path: …, suite: ${name} }\``,
  }))
}

const hasNone =
  (all: ReadonlyMap<string, Totals>) =>
  (name: string): boolean =>
    ranOf(all.get(name) ?? sumOf([])) === 0

/** So many of the markers that tests have are named. */
const shown = 10

/** What keeps markers that the gate names from being judged: no test with one ran, or there are too many to be counted. */
export function markerFaults(tests: readonly TestsEvidence[], setting: GateSetting, target: string): Faults {
  const { markers = {}, requiredMarkers = [] } = setting
  const judged = Object.keys(markers).filter((name) => limitAt(markers[name]?.['minimum'], target) !== 0)
  const wanted = [...new Set([...requiredMarkers, ...judged])]
  if (wanted.length === 0) return []
  const there = groupsOf(tests).markers
  const absent = wanted.filter(hasNone(there))
  return [
    ...(absent.length > 0
      ? [{ reason: absentText(absent, [...there.keys()].sort()), mend: mendAbsent(there.size > 0) }]
      : []),
    ...(tests.some((one) => one.markers_cut) ? [tooMany] : []),
  ]
}

function absentText(absent: readonly string[], there: readonly string[]): string {
  const more = there.length > shown ? ` and ${there.length - shown} more` : ''
  const known = there.length > 0 ? `the tests have ${there.slice(0, shown).join(', ')}${more}` : 'no test has a marker'
  return `no test with the ${absent.length > 1 ? 'markers' : 'marker'} ${absent.join(', ')} ran: ${known}`
}

/** Where other markers are told, only these are missing. */
const mendAbsent = (isAny: boolean): string =>
  isAny
    ? 'let the tests with these markers run, or name the markers as the report does'
    : 'let the report tell the markers of tests: pytest and JUnit 5 do not write theirs by themselves'

const tooMany = {
  reason: 'the reports have more sets of markers than are counted, so that no marker can be judged',
  mend: 'give tests markers that many of them share, not one of its own each',
}
