import { describe, expect, test } from '@jest/globals'
import type { CoverageEvidence, TestCase, TestsEvidence } from '../../src/evidence/evidence.js'
import { coverage, tests } from './evidence.js'
import { verdictOf } from './scene.js'

const one = (name: string, markers: string[], more: Partial<TestCase> = {}): TestCase => ({
  name,
  status: 'passed',
  ...(markers.length > 0 ? { markers } : {}),
  ...more,
})

/** Evidence of tests with markers, whose numbers are told by suite as readers tell them. */
function marked(...cases: TestCase[]): TestsEvidence {
  const numbers = (list: readonly TestCase[]) => ({
    tests: list.length,
    passed: list.filter(({ status }) => status === 'passed').length,
    failed: list.filter(({ status }) => status === 'failed').length,
    errors: list.filter(({ status }) => status === 'error').length,
    skipped: list.filter(({ status }) => status === 'skipped').length,
  })
  const sets = new Set(cases.map(({ markers = [] }) => markers.join(' ')))
  const suite = {
    name: 'suite',
    ...numbers(cases),
    flaky: 0,
    duration_s: 1,
    listed: cases.length,
    marked: [...sets]
      .filter((set) => set !== '')
      .map((set) => ({
        markers: set.split(' '),
        ...numbers(cases.filter(({ markers = [] }) => markers.join(' ') === set)),
      })),
  }
  return { ...tests({}), ...numbers(cases), cases, suite_totals: [suite] }
}
const bad = { status: 'failed' as const }
const some = marked(
  one('adds', []),
  one('pays', ['integration']),
  one('waits', ['error-429', 'integration'], bad),
  one('retries', ['error-429']),
)

describe('tests with a marker', () => {
  test('are judged apart, and each of them for every marker that it has', () => {
    const markers = { integration: { 'pass-rate': '50%', minimum: 2 }, 'error-429': { 'pass-rate': '50%' } }
    expect(verdictOf({ tests: { markers } }, [some])).toMatchObject({
      status: 'pass',
      figures: expect.arrayContaining([
        { name: 'pass-rate', value: '100%', threshold: '≥ 100%', met: true },
        { name: 'integration pass-rate', value: '50%', threshold: '≥ 50%', met: true },
        { name: 'integration tests', value: '2', threshold: '≥ 2', met: true },
        { name: 'error-429 pass-rate', value: '50%', threshold: '≥ 50%', met: true },
      ]),
    })
  })

  test('fail the gate with the bar and its place in the file', () => {
    expect(verdictOf({ tests: { markers: { integration: { skipped: '0%' } } } }, [some])).toMatchObject({
      status: 'fail',
      reason: 'marker integration: 1 of 2 tests failed',
      mend: expect.stringContaining('`gates.tests.markers.integration.pass-rate`'),
    })
  })

  test('are left out of the rest only for markers that are named', () => {
    const { figures } = verdictOf({ tests: { minimum: 2, markers: { integration: { 'pass-rate': '0%' } } } }, [some])
    expect(figures).toContainEqual({ name: 'tests', value: '2', threshold: '≥ 2', met: true })
    expect(verdictOf({ tests: { markers: { slow: { minimum: 0 } } } }, [some]).reason).toBe('1 of 4 tests failed')
  })

  test('of which none ran fail it, and the markers that are there are told', () => {
    const skipped = marked(one('pays', ['e2e']), one('waits', ['error-429'], { status: 'skipped' }))
    expect(verdictOf({ tests: { markers: { 'error-429': {} } } }, [skipped])).toMatchObject({
      status: 'fail',
      reason: 'no test with the marker error-429 ran: the tests have e2e, error-429',
      mend: 'let the tests with these markers run, or name the markers as the report does',
    })
    expect(verdictOf({ tests: { markers: { e3e: { minimum: 0 } } } }, [skipped]).status).toBe('pass')
  })

  test('that are required have to run', () => {
    const required = { 'required-markers': ['error-timeout', 'error-429'] }
    expect(verdictOf({ tests: { ...required, 'pass-rate': '50%' } }, [some])).toMatchObject({
      status: 'fail',
      reason: 'no test with the marker error-timeout ran: the tests have error-429, integration',
    })
    const without = marked(one('adds', []))
    expect(verdictOf({ tests: required }, [without])).toMatchObject({
      reason: 'no test with the markers error-timeout, error-429 ran: no test has a marker',
      mend: expect.stringContaining('pytest and JUnit 5 do not write theirs'),
    })
  })

  test('may be in quarantine', () => {
    const quarantine = [{ test: 'waits', until: '2027-01-31', reason: 'r' }]
    expect(verdictOf({ tests: { quarantine, markers: { integration: {} } } }, [some])).toMatchObject({
      status: 'pass',
      figures: expect.arrayContaining([{ name: 'integration tests', value: '1', met: true }]),
    })
  })

  test('are known by what is listed where attempts were joined', () => {
    const { suite_totals: _, ...joined } = some
    expect(verdictOf({ tests: { markers: { integration: {} } } }, [joined]).reason).toBe(
      'marker integration: 1 of 2 tests failed',
    )
  })

  test('cannot be judged where a report has too many sets of them', () => {
    const cut = { ...marked(one('adds', ['e2e'])), markers_cut: true as const }
    expect(verdictOf({ tests: { markers: { e2e: {} } } }, [cut])).toMatchObject({
      status: 'fail',
      reason: 'the reports have more sets of markers than are counted, so that no marker can be judged',
    })
    expect(verdictOf({ tests: {} }, [cut]).status).toBe('pass')
  })
})

describe('coverage by suite', () => {
  const of = (suite: string, lines: [number, number]): CoverageEvidence => ({ ...coverage(lines), suite })
  const suites = { integration: { lines: { default: '50%', production: '80%' } } }

  test('is judged besides the whole, by the target', () => {
    const reports = [of('unit', [9, 10]), of('integration', [6, 10])]
    const judged = (target: string) => verdictOf({ coverage: { lines: '70%', suites } }, reports, { target })
    expect(judged('review')).toMatchObject({
      status: 'pass',
      reason: 'lines 75%, integration lines 60%',
      later: [{ target: 'production', reason: 'integration lines 60% < 80% (6 of 10)' }],
    })
    expect(judged('production')).toMatchObject({
      status: 'fail',
      reason: 'integration lines 60% < 80% (6 of 10)',
      mend: expect.stringContaining('`gates.coverage.suites.integration.lines.production`'),
    })
  })

  test('has no data where no report of the suite is there', () => {
    expect(verdictOf({ coverage: { suites } }, [of('unit', [9, 10])])).toMatchObject({
      status: 'no-data',
      reason: 'no step left a coverage report of suite integration',
    })
  })
})
