import type { TestsEvidence } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import type { Measurement } from './gate.js'
import { groupsOf, sumOf } from './suites.js'
import type { Totals } from './suites.js'
import { ranOf } from './test-measures.js'
import type { Group } from './test-measures.js'

type Faults = NonNullable<Measurement['faults']>

/** So many of the markers that tests have are named. */
const shown = 10

/** The markers that tests have, for who looks for one that none has; not looked for where no marker is asked for. */
export function markersThere(tests: readonly TestsEvidence[], { markers, requiredMarkers }: GateSetting): string {
  if (!markers && !requiredMarkers) return ''
  const names = [...groupsOf(tests).markers.keys()].sort()
  const more = names.length > shown ? ` and ${names.length - shown} more` : ''
  return names.length > 0 ? `the tests have ${names.slice(0, shown).join(', ')}${more}` : 'no test has a marker'
}

/** What is said of a marker of which no test ran. */
export const noneMarked = (name: string, there: string): string => `no test with the marker ${name} ran: ${there}`

const mendMarker = (name: string): string =>
  `let the tests with the marker ${name} run, and the report tell markers: pytest and JUnit 5 do not write theirs by themselves`

/** A required suite or marker of which every test was skipped is as good as none. */
export function requiredFaults(tests: readonly TestsEvidence[], setting: GateSetting): Faults {
  const { required = [], requiredMarkers = [] } = setting
  if (required.length + requiredMarkers.length === 0) return []
  const { suites, markers } = groupsOf(tests)
  const there = markersThere(tests, setting)
  return [
    ...required.filter(hasNone(suites)).map((name) => ({
      reason: `no test of the required suite ${name} ran`,
      mend: `let the suite run, and its report be declared: \`reports: { path: …, suite: ${name} }\``,
    })),
    ...requiredMarkers
      .filter(hasNone(markers))
      .map((name) => ({ reason: noneMarked(name, there), mend: mendMarker(name) })),
  ]
}

const hasNone =
  (all: ReadonlyMap<string, Totals>) =>
  (name: string): boolean =>
    ranOf(all.get(name) ?? sumOf([])) === 0

/** A marker that is judged and of which no test ran, and a report whose markers are too many to be counted. */
export function markerFaults(
  tests: readonly TestsEvidence[],
  groups: readonly Group[],
  { markers, requiredMarkers }: GateSetting,
): Faults {
  const cut = (markers ?? requiredMarkers) !== undefined && tests.some((one) => one.markers_cut)
  const none = groups.flatMap(({ named, totals, mayBeNone }) =>
    named?.of === 'marker' && !mayBeNone && ranOf(totals) === 0
      ? [{ reason: named.none, mend: mendMarker(named.name) }]
      : [],
  )
  return [
    ...none,
    ...(cut
      ? [
          {
            reason: 'the reports have more sets of markers than are counted, so that no marker can be judged',
            mend: 'give tests markers that many of them share, not one of its own each',
          },
        ]
      : []),
  ]
}
