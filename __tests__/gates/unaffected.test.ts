import { describe, expect, test } from '@jest/globals'
import { coverage, findings, tests } from './evidence.js'
import { against, entry, verdictOf } from './scene.js'

/** Stage `web`, whose reports are of suite `browser`, did not run. */
const unaffected = { stages: ['web'], suites: new Set(['browser']) }

describe('a milestone over stages that the change does not affect', () => {
  test('has nothing to judge where only those leave it, which is no fault', () => {
    for (const gates of [{ coverage: {} }, { tests: {} }, { lint: {} }, { secrets: {} }] as const) {
      expect(verdictOf(gates, [], { unaffected })).toMatchObject({
        status: 'pass',
        reason: 'not affected by this change: web',
        figures: [],
      })
      expect(verdictOf(gates, [])).toMatchObject({ status: 'no-data' })
    }
  })

  test('judges what the others leave as ever', () => {
    expect(verdictOf({ coverage: { lines: '80%' } }, [coverage([5, 10])], { unaffected })).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('lines 50% < 80%'),
    })
    expect(verdictOf({ tests: {} }, [tests({ failed: 1 })], { unaffected })).toMatchObject({ status: 'fail' })
    expect(verdictOf({ lint: {} }, [findings('lint', 'error')], { unaffected })).toMatchObject({ status: 'fail' })
    expect(verdictOf({ tests: {} }, [tests({ skipped: 2 })], { unaffected })).toMatchObject({ status: 'no-data' })
    expect(verdictOf({ coverage: {} }, [coverage([0, 0])], { unaffected })).toMatchObject({ status: 'no-data' })
  })

  test('does not miss a required suite or a suite with thresholds that only those leave, and says so', () => {
    const gates = { tests: { required: ['browser'], suites: { browser: { minimum: 3 } } } }
    expect(verdictOf(gates, [tests({ passed: 2, suite: 'unit' })], { unaffected })).toMatchObject({
      status: 'pass',
      reason: expect.stringContaining('suite browser not judged: not affected by this change: web'),
      figures: expect.arrayContaining([{ name: 'not judged', value: 'suite browser', met: true }]),
    })
    expect(verdictOf(gates, [tests({ failed: 1, suite: 'browser' })], { unaffected })).toMatchObject({ status: 'fail' })
    expect(verdictOf(gates, [tests({ passed: 2, suite: 'unit' })])).toMatchObject({ status: 'fail' })
  })

  test('misses a required suite that those do not leave', () => {
    const gates = { tests: { required: ['unit'] } }
    expect(verdictOf(gates, [tests({ passed: 2, suite: 'other' })], { unaffected })).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('no test of the required suite unit ran'),
    })
  })

  test('does not ask for markers and for numbers of tests that those may have', () => {
    const gates = { tests: { minimum: 100, 'required-markers': ['slow'], markers: { smoke: { 'pass-rate': '100%' } } } }
    expect(verdictOf(gates, [tests({ passed: 2 })], { unaffected })).toMatchObject({ status: 'pass' })
    expect(verdictOf(gates, [tests({ passed: 2 })])).toMatchObject({ status: 'fail' })
  })

  test('does not ask for branches, functions and suites that the coverage of the others does not know', () => {
    const gates = {
      coverage: { lines: '50%', branches: '50%', functions: '50%', suites: { browser: { lines: '50%' } } },
    }
    expect(verdictOf(gates, [coverage([6, 10])], { unaffected })).toMatchObject({ status: 'pass' })
    expect(verdictOf(gates, [coverage([6, 10])])).toMatchObject({ status: 'no-data' })
    expect(verdictOf(gates, [coverage([6, 10], [1, 10])], { unaffected })).toMatchObject({ status: 'fail' })
  })

  test('does not hold an expression against them whose value only they leave', () => {
    const gates = { expression: 'coverage.lines > 50', tests: 'off', coverage: 'off' } as const
    expect(verdictOf(gates, [tests({ passed: 1 })], { unaffected })).toMatchObject({ status: 'pass' })
    expect(verdictOf(gates, [tests({ passed: 1 })])).toMatchObject({ status: 'no-data' })
    expect(verdictOf(gates, [coverage([1, 10])], { unaffected })).toMatchObject({ status: 'fail' })
  })

  test('does not take what they had at the base for a loss', () => {
    const before = (part: number) => ({
      lines: [part, 10] as [number, number],
      branches: [0, 0] as [number, number],
      files: {},
    })
    const base = entry(
      { coverage: before(6) },
      { stages: { test: { duration_ms: 1, coverage: before(6) }, web: { duration_ms: 1, coverage: before(10) } } },
    )
    const gates = { coverage: { lines: '50%', drop: '0%' } }
    const scene = { unaffected, against: against({ base }) }
    expect(verdictOf(gates, [coverage([6, 10])], { ...scene, stages: ['test'] })).toMatchObject({ status: 'pass' })
    expect(verdictOf(gates, [coverage([5, 10])], { ...scene, stages: ['test'] })).toMatchObject({ status: 'fail' })
  })
})
