import { describe, expect, test } from '@jest/globals'
import { array, assert as holds, constantFrom, property, uniqueArray } from 'fast-check'
import { combineAttempts } from '../../src/evidence/attempts.js'
import type { CaseStatus, Evidence, TestCase, TestsEvidence } from '../../src/evidence/evidence.js'

const statuses = ['passed', 'failed', 'error', 'skipped'] as const

/** Evidence of tests with these outcomes; `hidden` more have passed without being listed. */
function tests(outcomes: Readonly<Record<string, CaseStatus>>, hidden = 0): TestsEvidence {
  const cases: TestCase[] = Object.entries(outcomes).map(([name, status]) => ({ name, status }))
  const of = (status: CaseStatus): number => cases.filter((c) => c.status === status).length
  return {
    kind: 'tests',
    tests: cases.length + hidden,
    passed: of('passed') + hidden,
    failed: of('failed'),
    errors: of('error'),
    skipped: of('skipped'),
    flaky: 0,
    duration_s: 0,
    suites: 1,
    cases,
    cases_omitted: hidden,
  }
}

const attempt = uniqueArray(constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }).chain((names) =>
  array(constantFrom(...statuses), { minLength: names.length, maxLength: names.length }).map((list) =>
    Object.fromEntries(names.map((name, i): [string, CaseStatus] => [name, list[i] ?? 'passed'])),
  ),
)

describe('the tests of several attempts', () => {
  test('are all that ever ran, each once, with its last outcome; one that did not pass at first and passed at last is flaky', () => {
    holds(
      property(array(attempt, { minLength: 2, maxLength: 5 }), (attempts) => {
        const [joined] = combineAttempts(attempts.map((outcomes) => [tests(outcomes)])) as TestsEvidence[]
        const names = new Set(attempts.flatMap((outcomes) => Object.keys(outcomes)))
        expect(joined?.tests).toBe(names.size)
        expect(new Set(joined?.cases.map(({ name }) => name))).toEqual(names)
        for (const { name, status, flaky } of joined?.cases ?? []) {
          const outcomes = attempts.flatMap((one) => one[name] ?? [])
          expect(status).toBe(outcomes.at(-1))
          const failedBefore = outcomes.slice(0, -1).some((one) => one === 'failed' || one === 'error')
          const lastPassed = outcomes.at(-1) === 'passed'
          if (!failedBefore || !lastPassed) expect(flaky).toBeUndefined()
        }
        if (joined) expect(joined.passed + joined.failed + joined.errors + joined.skipped).toBe(joined.tests)
      }),
    )
  })

  test('keep those that passed without being listed', () => {
    const first = tests({ bad: 'failed' }, 99)
    const [again] = combineAttempts([[first], [tests({ bad: 'passed' })]])
    expect(again).toMatchObject({ tests: 100, passed: 100, failed: 0, flaky: 1, cases_omitted: 99 })
    const [whole] = combineAttempts([[first], [tests({}, 100)]])
    expect(whole).toMatchObject({ tests: 100, passed: 100, failed: 0, flaky: 1, cases_omitted: 99 })
    const [worse] = combineAttempts([[tests({}, 100)], [tests({ bad: 'failed' }, 99)]])
    expect(worse).toMatchObject({ tests: 100, passed: 99, failed: 1, flaky: 0 })
  })

  test('of findings and coverage those of the last attempt count', () => {
    const findings = (n: number): Evidence => ({
      kind: 'findings',
      categories: ['lint'],
      findings: [],
      findings_omitted: n,
      by_severity: {},
      suppressed: 0,
    })
    expect(combineAttempts([[findings(3)], [findings(1)]])).toEqual([findings(1)])
    expect(combineAttempts([[findings(3)], []])).toEqual([findings(3)])
    expect(combineAttempts([[], []])).toEqual([])
  })
})
