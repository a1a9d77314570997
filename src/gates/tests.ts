import type { Evidence, TestsEvidence } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import { limitAt } from './gate.js'
import type { Gate, Measurement } from './gate.js'
import { apart } from './suites.js'
import type { Totals } from './suites.js'
import { measuresOf, ranOf } from './test-measures.js'
import type { Group } from './test-measures.js'
import type { Figure } from './verdict.js'

/**
 * Test results: the pass rate of those that ran, how many ran at least, the share of skipped ones. Suites that the
 * gate names are judged by their own thresholds and left out of the rest. Tests that passed only when run again make
 * it a warning: flaky is not green.
 */
export const testsGate: Gate = {
  name: 'tests',
  subject: 'a test report',
  sees: (evidence: Evidence) => evidence.kind === 'tests',
  measure(evidence, { thresholds, suites: settings }, { target }) {
    const tests = evidence.filter((one): one is TestsEvidence => one.kind === 'tests')
    const { rest, suites } = apart(tests, Object.keys(settings))
    const named = [...suites].map(([suite, totals]): Group => group(totals, settings[suite] ?? {}, target, suite))
    // When every test belongs to a named suite there is no rest, unless the file asks for a least number of it.
    const hasRest = rest.tests > 0 || named.length === 0 || limitAt(thresholds['minimum'], target) !== undefined
    const groups = hasRest ? [group(rest, thresholds, target), ...named] : named
    return together(groups, sumOf([rest, ...suites.values()]))
  },
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

function together(groups: readonly Group[], all: Totals): Measurement {
  const measures = groups.flatMap(measuresOf)
  const ran = ranOf(all)
  const told = toldFigures(all)
  if (ran === 0 && !groups.every(({ mayBeNone }) => mayBeNone))
    return { measures, told, passed: '', empty: nothingRan(all.skipped) }
  const failing = all.failed + all.errors
  const skips = all.skipped > 0 ? `, ${all.skipped} skipped` : ''
  const passed =
    failing > 0
      ? `${failing} of ${count(ran, 'test')} failed, within the limit${skips}`
      : `${count(all.passed, 'test')} passed${skips}`
  if (all.flaky === 0) return { measures, told, passed }
  const warning = {
    reason: `${passed}; ${all.flaky} passed only when run again`,
    mend: 'make the flaky tests listed reliable: next time they fail the change of somebody else',
  }
  return { measures, told, passed, warning }
}

const nothingRan = (skipped: number): NonNullable<Measurement['empty']> =>
  skipped > 0
    ? { reason: `no test ran, ${skipped} skipped`, mend: 'let at least one of the skipped tests run' }
    : { reason: 'the test reports hold no tests', mend: 'look whether the test command found its tests' }

function toldFigures({ skipped, flaky }: Totals): Figure[] {
  const told: Figure[] = []
  if (skipped > 0) told.push({ name: 'skipped', value: String(skipped), met: true })
  if (flaky > 0) told.push({ name: 'flaky', value: String(flaky), met: false })
  return told
}
