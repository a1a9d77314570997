import { describe, expect, test } from '@jest/globals'
import { keyOf } from '../../src/evidence/attempts.js'
import type { TestCase, TestsEvidence } from '../../src/evidence/evidence.js'
import type { TestsEntry } from '../../src/history/entry.js'
import type { GatesFile } from '../../src/language/gates.js'
import { tests } from './evidence.js'
import { against, entry, scene, verdictOf } from './scene.js'

type Some = Partial<TestCase> & { name: string }

/** Evidence of these cases, of which those of a suite stand together as readers list them. */
function casesOf(...some: Some[]): TestsEvidence {
  const cases = some.map((one): TestCase => ({ status: 'passed', ...one }))
  const numbers = (list: readonly TestCase[]) => ({
    tests: list.length,
    passed: list.filter(({ status }) => status === 'passed').length,
    failed: list.filter(({ status }) => status === 'failed').length,
    errors: list.filter(({ status }) => status === 'error').length,
    skipped: list.filter(({ status }) => status === 'skipped').length,
    flaky: list.filter(({ flaky }) => flaky).length,
    duration_s: list.reduce((sum, { duration_s = 0 }) => sum + duration_s, 0),
  })
  const suites = [...new Set(cases.map(({ suite }) => suite ?? ''))]
  const suite_totals = suites.map((name) => {
    const own = cases.filter(({ suite = '' }) => suite === name)
    return { name, ...numbers(own), listed: own.length }
  })
  return { ...tests({}), ...numbers(cases), cases, suite_totals }
}
const judged = (setting: NonNullable<GatesFile['tests']>, list: TestsEvidence, more = {}) =>
  verdictOf({ tests: setting }, [list], more)

describe('quarantine', () => {
  const entryFor = (name: string, until = '2027-01-15') => ({ test: name, until, reason: 'it hangs' })
  const some = casesOf(
    { name: 'good', suite: 'unit' },
    { name: 'bad', suite: 'unit', classname: 'math', status: 'failed' },
    { name: 'flaky', suite: 'e2e', flaky: true },
  )

  test.each(['bad', 'math › bad', 'math.bad', 'unit > bad', 'unit › math › bad'])(
    'a test called %s that fails does not fail the gate, and is shown',
    (name) => {
      expect(judged({ quarantine: [entryFor(name)] }, some)).toMatchObject({
        status: 'warn',
        reason: '2 tests passed; 1 test in quarantine; 1 passed only when run again',
        lists: [{ name: 'tests in quarantine', items: ['math › bad'], more: 0 }],
      })
    },
  )

  test('lets a flaky test pass without a warning', () => {
    const verdict = judged({ flaky: 'quarantine', quarantine: [entryFor('bad'), entryFor('flaky')] }, some)
    expect(verdict).toMatchObject({ status: 'pass', reason: '2 tests passed; 2 tests in quarantine' })
    expect(verdict.figures).toContainEqual({ name: 'in quarantine', value: '2', met: true })
  })

  test('takes a test out of the suite that is judged apart', () => {
    const suites = { unit: { 'pass-rate': '100%', minimum: 1 } }
    expect(judged({ quarantine: [entryFor('bad')], suites }, some).status).toBe('warn')
    expect(judged({ suites }, some).status).toBe('fail')
  })

  test('does not count for tests that are not listed, and other tests fail as before', () => {
    expect(judged({ quarantine: [entryFor('other')] }, some).status).toBe('fail')
    const cut = { ...tests({ tests: 9, passed: 5, failed: 4 }), cases: [], cases_omitted: 9 }
    expect(judged({ quarantine: [entryFor('bad')] }, cut).status).toBe('fail')
  })

  test('ends with its day, and then fails the gate by name, even if all pass', () => {
    const good = casesOf({ name: 'bad' })
    expect(judged({ quarantine: [entryFor('bad', '2027-01-14')] }, good)).toMatchObject({
      status: 'fail',
      reason: 'the quarantine of bad expired on 2027-01-14',
      mend: 'mend the test and take it out of `quarantine`',
    })
    const over = { quarantine: [entryFor('bad')] }
    expect(judged(over, good, { now: Date.parse('2027-01-15T23:59:59.999Z') }).status).toBe('pass')
    expect(judged(over, good, { now: Date.parse('2027-01-16T00:00:00.000Z') }).status).toBe('fail')
  })

  test('that the change has taken out or renewed fails nothing when it is over', () => {
    const left = { quarantine: [{ ...entryFor('bad', '2027-01-14'), left: true as const }] }
    expect(judged(left, casesOf({ name: 'bad' })).status).toBe('pass')
    expect(judged(left, some).status).toBe('fail')
  })

  test('of nothing but tests in quarantine nothing can be judged', () => {
    expect(judged({ quarantine: [entryFor('a')] }, casesOf({ name: 'a', status: 'error' })).status).toBe('no-data')
  })
})

test('flaky tests fail where the file says so', () => {
  const flaky = casesOf({ name: 'a', flaky: true }, { name: 'b' })
  expect(judged({ flaky: 'fail' }, flaky)).toMatchObject({
    status: 'fail',
    reason: '1 test passed only when run again',
  })
  expect(judged({ flaky: 'warn' }, flaky).status).toBe('warn')
  expect(judged({ flaky: 'fail', quarantine: [{ test: 'a', until: '2028-01-01', reason: 'r' }] }, flaky).status).toBe(
    'pass',
  )
})

test('the time of all tests has a limit, and slow ones are listed', () => {
  const timed = casesOf({ name: 'a', duration_s: 59.9 }, { name: 'b', duration_s: 5.001 }, { name: 'c', duration_s: 5 })
  expect(judged({ duration: '1m', slow: '5s' }, timed)).toMatchObject({
    status: 'fail',
    reason: 'the tests took 1m 10s, 1m allowed',
    figures: [{}, {}, { name: 'duration', value: '1m 10s', threshold: '≤ 1m', met: false }, { value: '2' }],
    lists: [{ name: 'tests slower than 5s', items: ['a 59.9s', 'b 5.1s'], more: 0 }],
  })
  expect(judged({ duration: '70s' }, timed)).toMatchObject({ status: 'pass' })
})

test('required suites must be there, and run', () => {
  const some = casesOf({ name: 'a', suite: 'unit' }, { name: 'b', suite: 'e2e', status: 'skipped' })
  expect(judged({ required: ['unit'] }, some).status).toBe('pass')
  expect(judged({ required: ['unit', 'e2e', 'load'] }, some)).toMatchObject({
    status: 'fail',
    reason: 'no test of the required suite e2e ran; no test of the required suite load ran',
  })
})

describe('against the base', () => {
  const before = (list: TestCase[], skipped: TestCase[] = []): TestsEntry => ({
    tests: 1,
    passed: 1,
    failed: 0,
    skipped: 0,
    duration_s: 1,
    keys: [...list, ...skipped].map(keyOf),
    flaky: [],
    skipped_keys: skipped.map(keyOf),
    slowest: [],
  })
  const at = (tests: TestsEntry) => ({ against: against({ base: entry({ tests }) }) })
  const one = (name: string): TestCase => ({ name, status: 'passed' })

  test('added tests are told, removed and newly skipped ones are a warning', () => {
    const now = casesOf(
      { name: 'a' },
      { name: 'b', status: 'skipped' },
      { name: 'old', status: 'skipped' },
      { name: 'n' },
    )
    const verdict = judged({}, now, at(before([one('a'), one('b'), one('gone')], [one('old')])))
    expect(verdict).toMatchObject({
      status: 'warn',
      reason: '2 tests passed, 2 skipped; 1 test of abc1234 no longer there; 1 test newly skipped',
      lists: [
        { name: 'removed tests', items: ['gone'], more: 0 },
        { name: 'newly skipped tests', items: ['b'], more: 0 },
      ],
    })
    expect(verdict.figures.slice(2)).toEqual([
      { name: 'skipped', value: '2', met: true },
      { name: 'added', value: '1', met: true },
      { name: 'removed', value: '1', met: false },
      { name: 'newly skipped', value: '1', met: false },
    ])
  })

  test('nothing is told where one side is not known whole', () => {
    const { keys: _, ...blind } = before([one('gone')])
    expect(judged({}, casesOf({ name: 'a' }), at(blind)).status).toBe('pass')
    const cut = { ...casesOf({ name: 'a' }), tests: 3, passed: 3, cases_omitted: 2 }
    expect(judged({}, cut, at(before([one('gone')]))).status).toBe('pass')
    expect(judged({}, casesOf({ name: 'a' }), scene()).status).toBe('pass')
  })

  test('keys that are none are shown as they are', () => {
    const strange = { ...before([]), keys: ['{', '[1]'] }
    expect(judged({}, casesOf({ name: 'a' }), at(strange)).lists?.[0]?.items).toEqual(['{', '[1]'])
  })
})
