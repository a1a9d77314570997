import { describe, expect, test } from '@jest/globals'
import { coverage, findings, tests } from './evidence.js'
import { against, entry, verdictOf } from './scene.js'

const report = {
  ...coverage([3, 4]),
  files: [
    { path: 'a.ts', lines_valid: 4, lines_covered: 3, branches_valid: 0, branches_covered: 0, lines: { 1: 1, 2: 0 } },
  ],
}
const list = [report, findings('vulnerabilities', 'high', 'high'), tests({ passed: 3, failed: 1 })]
const base = entry({
  coverage: { lines: [9, 10], branches: [0, 0], files: {} },
  findings: { vulnerabilities: ['vulnerabilities-high-0'] },
})
const change = [{ path: 'a.ts', lines: [1, 2, 3] }]
const judged = (expression: string, known: Parameters<typeof against>[0] = { base, change }, more = {}) =>
  verdictOf({ expression, tests: 'off', vulnerabilities: 'off' }, list, { against: against(known), ...more })

describe('an expression', () => {
  test.each<[string, string]>([
    ['coverage.patch == 50 && coverage.drop == 15 && coverage.lines == 75', 'pass'],
    ['coverage.patch >= 80 && findings.new.high == 0', 'fail'],
    ['findings.high == 2 && findings.new.high == 1 && findings.known == 1 && findings.waived == 0', 'pass'],
    ['tests.failed <= 1 && duration.seconds == 1 && base.known && base.measured', 'pass'],
    ['${{ tests.passed == 3 }}', 'pass'],
    ['coverage.functions >= 1', 'no-data'],
  ])('%s: %s', (expression, status) => {
    expect(judged(expression).status).toBe(status)
  })

  test('that does not hold tells what it read', () => {
    expect(judged('coverage.patch >= 80 && findings.new.high == 0')).toMatchObject({
      reason: '`coverage.patch >= 80 && findings.new.high == 0` does not hold: coverage.patch 50',
      figures: [{ name: 'coverage.patch', value: '50', met: true }],
    })
  })

  test('that reads what is not known has no data and names it; what is not read is not asked for', () => {
    expect(judged('coverage.patch >= 80', {})).toMatchObject({
      status: 'no-data',
      reason: '`coverage.patch` is not known: the base is not known',
    })
    expect(judged('!base.known || coverage.patch >= 80', {}).status).toBe('pass')
    expect(judged('coverage.drop < 1', {}).reason).toBe('`coverage.drop` is not known: no earlier run is known')
  })

  test('without a base takes all findings for new, and a change with nothing to cover for covered', () => {
    expect(judged('findings.new.high == 2', {}).status).toBe('pass')
    expect(judged('coverage.patch == 100', { change: [{ path: 'README.md', lines: [1] }] }).status).toBe('pass')
  })

  test('does not see what a waiver lets off', () => {
    const waivers = [{ rule: 'rule-0', until: '2027-12-31', reason: 'r' }]
    expect(judged('findings.high == 1 && findings.waived == 1', {}, { waivers }).status).toBe('pass')
  })

  test('that fails on the values is no data', () => {
    expect(judged("fromJSON('{') == 1")).toMatchObject({ status: 'no-data' })
  })

  test('sees no evidence as none', () => {
    expect(verdictOf({ expression: 'findings.total == 0' }, []).reason).toBe(
      '`findings.total` is not known: no step left a report of findings',
    )
  })
})
