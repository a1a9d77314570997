import type { Evidence, TestsEvidence } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import type { GateSetting } from '../workflow/model.js'
import { limitAt } from './gate.js'
import type { Gate, Measurement } from './gate.js'
import { listing } from './listing.js'
import { setAside, testName } from './quarantine.js'
import type { SetAside } from './quarantine.js'
import { markerFaults, suiteFaults } from './required.js'
import { apart, sumOf } from './suites.js'
import type { Totals } from './suites.js'
import { measuresOf, ranOf } from './test-measures.js'
import type { Group } from './test-measures.js'
import { lenientTests } from './unaffected.js'
import { durationMeasure, slowTests } from './test-times.js'
import { testsChange } from './tests-change.js'
import type { Figure } from './verdict.js'

/**
 * Test results: the pass rate of those that ran, how many ran at least, the share of skipped ones. Suites and markers that the
 * gate names are judged by their own thresholds and left out of the rest. Tests that passed only when run again make
 * it a warning: flaky is not green. What is in quarantine does not count, until its time is over.
 */
export const testsGate: Gate = {
  name: 'tests',
  subject: 'a test report',
  sees: (evidence: Evidence) => evidence.kind === 'tests',
  measure(evidence, written, scene) {
    const all = evidence.filter((one): one is TestsEvidence => one.kind === 'tests')
    const left = setAside(all, written.quarantine ?? [], scene.now)
    const { setting, told, remarks } = lenientTests(written, left.tests, scene.unaffected)
    const totals = overallOf(left.tests)
    const unmarked = markerFaults(left.tests, setting, scene.target)
    const groups = partsOf(left.tests, setting, scene.target, unmarked[0]?.reason ?? '')
    const measures = [...groups.flatMap(measuresOf), durationMeasure(all, setting)]
    const slow = slowTests(all, setting, scene.target)
    const change = testsChange(all, scene)
    const faults = [
      ...expiredFaults(left),
      ...suiteFaults(left.tests, setting),
      ...unmarked,
      ...flakyFaults(totals, setting),
    ]
    const common = {
      measures,
      told: [...told, ...toldFigures(totals, left), ...change.told, ...slow.told],
      faults,
      remarks,
      lists: [...listing('tests in quarantine', left.aside.map(testName)), ...change.lists, ...slow.lists],
    }
    if (ranOf(totals) === 0 && !groups.every(({ mayBeNone }) => mayBeNone))
      return { ...common, passed: '', empty: nothingRan(totals.skipped) }
    return { ...common, ...concluded(totals, left, change.warnings) }
  },
}

/** How all tests ended, and how many passed only when run again. */
type Overall = Totals & { flaky: number }

const overallOf = (tests: readonly TestsEvidence[]): Overall => ({
  ...sumOf(tests),
  flaky: tests.reduce((sum, { flaky }) => sum + flaky, 0),
})

function partsOf(tests: readonly TestsEvidence[], setting: GateSetting, target: string, absent: string): Group[] {
  const { thresholds, suites, markers = {} } = setting
  const parts = apart(tests, { suites: Object.keys(suites), markers: Object.keys(markers) })
  const named = [
    ...[...parts.suites].map(([name, totals]) =>
      group(totals, suites[name] ?? {}, target, { name, of: 'suite', none: `suite ${name}: no tests ran` }),
    ),
    ...[...parts.markers].map(([name, totals]) =>
      group(totals, markers[name] ?? {}, target, { name, of: 'marker', none: absent }),
    ),
  ]
  // When every test belongs to what is named there is no rest, unless the file asks for a least number of it.
  const hasRest = parts.rest.tests > 0 || named.length === 0 || limitAt(thresholds['minimum'], target) !== undefined
  return hasRest ? [group(parts.rest, thresholds, target), ...named] : named
}

const group = (totals: Totals, limits: Group['limits'], target: string, named?: Group['named']): Group => ({
  totals,
  limits,
  mayBeNone: limitAt(limits['minimum'], target) === 0,
  ...(named ? { named } : {}),
})

/** What is said when every limit is met. */
function concluded(
  all: Overall,
  { aside }: SetAside,
  changes: readonly string[],
): Pick<Measurement, 'passed' | 'warning'> {
  const failing = all.failed + all.errors
  const skips = all.skipped > 0 ? `, ${all.skipped} skipped` : ''
  const some = failing > 0 ? `${failing} of ${count(ranOf(all), 'test')} failed, within the limit` : undefined
  const held = aside.length > 0 ? `; ${count(aside.length, 'test')} in quarantine` : ''
  const passed = `${some ?? `${count(all.passed, 'test')} passed`}${skips}${held}`
  const flaky = all.flaky > 0 ? [`${all.flaky} passed only when run again`] : []
  if (flaky.length + changes.length === 0) return { passed }
  const mend =
    all.flaky > 0
      ? 'make the flaky tests listed reliable: next time they fail the change of somebody else'
      : 'look whether the tests listed are no longer wanted'
  return { passed, warning: { reason: [passed, ...flaky, ...changes].join('; '), mend } }
}

const nothingRan = (skipped: number): NonNullable<Measurement['empty']> =>
  skipped > 0
    ? { reason: `no test ran, ${skipped} skipped`, mend: 'let at least one of the skipped tests run' }
    : { reason: 'the test reports hold no tests', mend: 'look whether the test command found its tests' }

function toldFigures({ skipped, flaky }: Overall, { aside }: SetAside): Figure[] {
  const told: Figure[] = []
  if (skipped > 0) told.push({ name: 'skipped', value: String(skipped), met: true })
  if (flaky > 0) told.push({ name: 'flaky', value: String(flaky), met: false })
  if (aside.length > 0) told.push({ name: 'in quarantine', value: String(aside.length), met: true })
  return told
}

type Faults = NonNullable<Measurement['faults']>

const expiredFaults = ({ expired }: SetAside): Faults =>
  expired
    .filter(({ left }) => !left)
    .map(({ test, until, owner }) => ({
      reason: `the quarantine of ${test} expired on ${until}`,
      mend: `mend the test${owner === undefined ? '' : ` (${owner})`} and take it out of \`quarantine\``,
    }))

const flakyFaults = ({ flaky }: Overall, setting: GateSetting): Faults =>
  setting.flaky === 'fail' && flaky > 0
    ? [
        {
          reason: `${count(flaky, 'test')} passed only when run again`,
          mend: 'make the flaky tests listed reliable',
        },
      ]
    : []
