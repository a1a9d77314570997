import type { Evidence, TestsEvidence } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import type { GateSetting } from '../workflow/model.js'
import { limitAt } from './gate.js'
import type { Gate, Measurement } from './gate.js'
import { listing } from './listing.js'
import { setAside, testName } from './quarantine.js'
import type { SetAside } from './quarantine.js'
import { apart, suitesOf } from './suites.js'
import type { Totals } from './suites.js'
import { measuresOf, ranOf } from './test-measures.js'
import type { Group } from './test-measures.js'
import { durationMeasure, slowTests } from './test-times.js'
import { testsChange } from './tests-change.js'
import type { Figure } from './verdict.js'

/**
 * Test results: the pass rate of those that ran, how many ran at least, the share of skipped ones. Suites that the
 * gate names are judged by their own thresholds and left out of the rest. Tests that passed only when run again make
 * it a warning: flaky is not green. What is in quarantine does not count, until its time is over.
 */
export const testsGate: Gate = {
  name: 'tests',
  subject: 'a test report',
  sees: (evidence: Evidence) => evidence.kind === 'tests',
  measure(evidence, setting, scene) {
    const all = evidence.filter((one): one is TestsEvidence => one.kind === 'tests')
    const left = setAside(all, setting.quarantine ?? [], scene.now)
    const { groups, totals } = groupsOf(left.tests, setting, scene.target)
    const measures = [...groups.flatMap(measuresOf), durationMeasure(all, setting)]
    const slow = slowTests(all, setting, scene.target)
    const change = testsChange(all, scene)
    const faults = [...expiredFaults(left), ...requiredFaults(left.tests, setting), ...flakyFaults(totals, setting)]
    const common = {
      measures,
      told: [...toldFigures(totals, left), ...change.told, ...slow.told],
      faults,
      lists: [...listing('tests in quarantine', left.aside.map(testName)), ...change.lists, ...slow.lists],
    }
    if (ranOf(totals) === 0 && !groups.every(({ mayBeNone }) => mayBeNone))
      return { ...common, passed: '', empty: nothingRan(totals.skipped) }
    return { ...common, ...concluded(totals, left, change.warnings) }
  },
}

function groupsOf(
  tests: readonly TestsEvidence[],
  { thresholds, suites: settings }: GateSetting,
  target: string,
): { groups: Group[]; totals: Totals } {
  const { rest, suites } = apart(tests, Object.keys(settings))
  const named = [...suites].map(([suite, totals]): Group => group(totals, settings[suite] ?? {}, target, suite))
  // When every test belongs to a named suite there is no rest, unless the file asks for a least number of it.
  const hasRest = rest.tests > 0 || named.length === 0 || limitAt(thresholds['minimum'], target) !== undefined
  const groups = hasRest ? [group(rest, thresholds, target), ...named] : named
  return { groups, totals: sumOf([rest, ...suites.values()]) }
}

const group = (totals: Totals, limits: Group['limits'], target: string, suite?: string): Group => ({
  totals,
  limits,
  mayBeNone: limitAt(limits['minimum'], target) === 0,
  ...(suite === undefined ? {} : { suite }),
})

function sumOf(list: readonly Totals[]): Totals {
  const sum = (key: keyof Totals): number => list.reduce((all, totals) => all + totals[key], 0)
  return {
    tests: sum('tests'),
    passed: sum('passed'),
    failed: sum('failed'),
    errors: sum('errors'),
    skipped: sum('skipped'),
    flaky: sum('flaky'),
  }
}

/** What is said when every limit is met. */
function concluded(
  all: Totals,
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

function toldFigures({ skipped, flaky }: Totals, { aside }: SetAside): Figure[] {
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

/** A required suite of which every test was skipped is as good as none. */
function requiredFaults(tests: readonly TestsEvidence[], { required = [] }: GateSetting): Faults {
  const suites = required.length > 0 ? suitesOf(tests) : new Map<string, Totals>()
  return required
    .filter((name) => ranOf(suites.get(name) ?? { ...sumOf([]) }) === 0)
    .map((name) => ({
      reason: `no test of the required suite ${name} ran`,
      mend: `let the suite run, and its report be declared: \`reports: { path: …, suite: ${name} }\``,
    }))
}

const flakyFaults = ({ flaky }: Totals, setting: GateSetting): Faults =>
  setting.flaky === 'fail' && flaky > 0
    ? [
        {
          reason: `${count(flaky, 'test')} passed only when run again`,
          mend: 'make the flaky tests listed reliable',
        },
      ]
    : []
