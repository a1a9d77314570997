import { describe, expect, test } from '@jest/globals'
import type { Evidence, FindingsEvidence } from '../../src/evidence/evidence.js'
import { judgesFailure } from '../../src/gates/explains.js'
import type { Verdict } from '../../src/gates/verdict.js'
import type { GatesFile } from '../../src/language/gates.js'
import { gateNames } from '../../src/language/names.js'
import { coverage, findings, tests } from './evidence.js'
import { verdictOf } from './scene.js'

const one = (gates: GatesFile, ...evidence: Evidence[]): Verdict => verdictOf(gates, evidence)

describe('tests', () => {
  test('failures and errors both fail, skipped tests did not run', () => {
    expect(one({ tests: {} }, tests({ passed: 12, failed: 1, errors: 1, skipped: 3 }))).toEqual({
      gate: 'tests',
      address: 'test',
      implied: false,
      status: 'fail',
      reason: '2 of 14 tests failed (1 with an error)',
      figures: [
        { name: 'pass-rate', value: '85.71%', threshold: '≥ 100%', met: false },
        { name: 'tests', value: '14', met: true },
        { name: 'skipped', value: '3', met: true },
      ],
      mend: 'make the failing tests listed pass; the bar is `gates.tests.pass-rate` of stage `test`',
      later: [],
    })
  })

  test('99,999 of 100,000 is not 100 %', () => {
    const almost = tests({ tests: 100_000, passed: 99_999, failed: 1 })
    expect(one({ tests: {} }, almost).figures[0]).toMatchObject({ value: '99.99%', met: false })
    expect(one({ tests: { 'pass-rate': '99.999%' } }, almost)).toMatchObject({ status: 'pass' })
  })

  test('a least number, and a largest share of skipped ones', () => {
    const few = tests({ passed: 7, skipped: 3 })
    expect(one({ tests: { minimum: 8, skipped: '29.9%' } }, few)).toMatchObject({
      status: 'fail',
      reason: '7 tests ran, at least 8 wanted; 3 of 10 tests skipped: 30% > 29.9%',
    })
    expect(one({ tests: { minimum: 7, skipped: '30%' } }, few)).toMatchObject({
      status: 'pass',
      reason: '7 tests passed, 3 skipped',
    })
  })

  test('no test at all, or only skipped ones, is no data; `minimum: 0` allows it', () => {
    expect(one({ tests: {} }, tests({}))).toMatchObject({ status: 'no-data', reason: 'the test reports hold no tests' })
    expect(one({ tests: {} }, tests({ skipped: 2 }))).toMatchObject({
      status: 'no-data',
      reason: 'no test ran, 2 skipped',
    })
    expect(one({ tests: { minimum: 0 } }, tests({}))).toMatchObject({ status: 'pass', reason: '0 tests passed' })
  })

  test('a test that passed only when run again is a warning', () => {
    const verdict = one({ tests: {} }, tests({ passed: 3, flaky: 1 }))
    expect(verdict).toMatchObject({ status: 'warn', reason: '3 tests passed; 1 passed only when run again' })
    expect(verdict.figures).toContainEqual({ name: 'flaky', value: '1', met: false })
  })

  test('a named suite is judged by its own thresholds and left out of the rest', () => {
    const both = [tests({ suite: 'unit', passed: 10 }), tests({ suite: 'e2e', passed: 4, failed: 1 })]
    expect(one({ tests: {} }, ...both).status).toBe('fail')
    expect(one({ tests: { suites: { e2e: { 'pass-rate': '80%' } } } }, ...both)).toMatchObject({ status: 'pass' })
    const strict = one({ tests: { suites: { e2e: { 'pass-rate': '90%', minimum: 6 } } } }, ...both)
    expect(strict).toMatchObject({
      status: 'fail',
      reason: 'suite e2e: 1 of 5 tests failed: pass rate 80% < 90%; suite e2e: 5 tests ran, at least 6 wanted',
      mend: 'make the failing tests listed pass; the bar is `gates.tests.suites.e2e.pass-rate` of stage `test`',
    })
    expect(strict.figures).toContainEqual({ name: 'e2e pass-rate', value: '80%', threshold: '≥ 90%', met: false })
  })

  test('suite totals of a reader count tests that are not listed', () => {
    const totals = { tests: 5, passed: 4, failed: 1, errors: 0, skipped: 0, flaky: 0, duration_s: 1, listed: 0 }
    const evidence = tests({
      tests: 8,
      passed: 7,
      failed: 1,
      cases: [],
      cases_omitted: 8,
      suite_totals: [
        { ...totals, name: 'e2e' },
        { ...totals, name: 'unit', tests: 3, passed: 3, failed: 0 },
      ],
    })
    expect(one({ tests: { suites: { e2e: { 'pass-rate': '80%' } } } }, evidence).status).toBe('pass')
    expect(one({ tests: { suites: { unit: {} } } }, evidence).reason).toBe('1 of 5 tests failed')
  })

  test('a named suite without tests has no data, even beside green ones', () => {
    expect(one({ tests: { suites: { e2e: {} } } }, tests({ suite: 'unit', passed: 3 }))).toMatchObject({
      status: 'no-data',
      reason: 'suite e2e: no tests ran',
    })
  })
})

describe('coverage', () => {
  test('is compared exactly and shown so that what fails never looks met', () => {
    expect(one({ coverage: { lines: '80%' } }, coverage([79_999, 100_000]))).toMatchObject({
      status: 'fail',
      reason: 'lines 79.99% < 80% (79999 of 100000)',
    })
    expect(one({ coverage: { lines: '79.999%' } }, coverage([79_999, 100_000]))).toMatchObject({
      status: 'pass',
      figures: [{ name: 'lines', value: '79.999%', threshold: '≥ 79.999%', met: true }],
    })
  })

  test('a report of shares only is judged by its shares, and no counts are told', () => {
    const rates = { ...coverage([421, 1000]), rates_only: true as const }
    expect(one({ coverage: {} }, rates).reason).toBe('lines 42.1% < 50%')
  })

  test('no lines, or no branches where branches are asked for, is no data', () => {
    expect(one({ coverage: {} }, coverage([0, 0]))).toMatchObject({
      status: 'no-data',
      reason: 'the coverage reports hold no lines',
    })
    expect(one({ coverage: { lines: '50%', branches: '60%' } }, coverage([9, 10]))).toMatchObject({
      status: 'no-data',
      reason: 'the coverage reports hold no branches',
      figures: [
        { name: 'lines', value: '90%', threshold: '≥ 50%', met: true },
        { name: 'branches', value: 'no data', threshold: '≥ 60%', met: false },
      ],
    })
  })
})

describe('findings', () => {
  test('lint counts issues of any severity, errors and warnings apart', () => {
    const some = findings('lint', 'error', 'warning', 'warning', 'note')
    expect(one({ lint: {} }, some).reason).toBe('4 issues, 0 allowed')
    expect(one({ lint: { errors: 1, warnings: 2 } }, some)).toMatchObject({
      status: 'pass',
      reason: '4 issues, within the limit',
    })
    expect(one({ lint: { errors: 0, warnings: 1 } }, some).reason).toBe('1 error, 0 allowed; 2 warnings, 1 allowed')
  })

  test('types counts errors, and tells warnings', () => {
    expect(one({ types: {} }, findings('types', 'error', 'warning'))).toMatchObject({
      status: 'fail',
      reason: '1 type error, 0 allowed',
      figures: [
        { name: 'errors', value: '1', threshold: '≤ 0', met: false },
        { name: 'warnings', value: '1', met: true },
      ],
    })
    expect(one({ types: {} }, findings('types', 'warning')).status).toBe('pass')
  })

  test('any secret fails', () => {
    expect(one({ secrets: {} }, findings('secrets', 'unknown')).reason).toBe('1 secret, 0 allowed')
  })

  test('vulnerabilities are counted by severity; an unknown one counts as high, and that is said', () => {
    expect(one({ vulnerabilities: {} }, findings('vulnerabilities', 'medium', 'low', 'low')).status).toBe('pass')
    expect(one({ vulnerabilities: {} }, findings('vulnerabilities', 'unknown', 'critical'))).toMatchObject({
      status: 'fail',
      reason:
        '1 critical vulnerability, 0 allowed; ' +
        '1 high vulnerability (1 of unknown severity, counted as high), 0 allowed',
    })
    const six = findings('vulnerabilities', 'medium', 'medium', 'medium', 'medium', 'medium', 'medium')
    expect(one({ vulnerabilities: {} }, six).reason).toBe('6 medium vulnerabilities, 5 allowed')
  })

  test('what is not listed counts: by severity where it is known, else as unknown', () => {
    const known: FindingsEvidence = {
      ...findings('vulnerabilities', 'low'),
      findings_omitted: 3,
      by_severity: { low: 3, critical: 1 },
    }
    expect(one({ vulnerabilities: {} }, known)).toMatchObject({
      status: 'fail',
      reason: '1 critical vulnerability, 0 allowed',
    })
    const blind: FindingsEvidence = { ...findings('vulnerabilities', 'low'), findings_omitted: 2 }
    expect(one({ vulnerabilities: {} }, blind).reason).toMatch(/^2 high vulnerabilities \(2 of unknown severity/)
  })

  test('findings that the tool marks as accepted are told, not judged', () => {
    const verdict = one({ lint: {} }, { ...findings('lint'), suppressed: 2 })
    expect(verdict).toMatchObject({ status: 'pass' })
    expect(verdict.figures).toContainEqual({ name: 'accepted by the tool', value: '2', met: true })
  })
})

describe('what explains a non-zero exit', () => {
  const all = new Set(gateNames)

  test('failed tests and findings, of a kind that a gate in force judges', () => {
    expect(judgesFailure([tests({ failed: 1 })], all)).toBe(true)
    expect(judgesFailure([tests({ errors: 1 })], new Set(['coverage']))).toBe(false)
    for (const category of ['lint', 'types', 'secrets', 'vulnerabilities'] as const) {
      expect(judgesFailure([findings(category, 'error')], new Set([category]))).toBe(true)
      expect(judgesFailure([findings(category, 'error')], new Set(['tests']))).toBe(false)
      expect(judgesFailure([findings(category)], all)).toBe(false)
    }
    expect(judgesFailure([{ ...findings('lint'), findings_omitted: 1 }], all)).toBe(true)
  })

  test('not coverage, not passed tests, not a type checker’s warnings, not benchmarks', () => {
    const benchmarks: Evidence = { kind: 'benchmarks', benchmarks: [] }
    expect(judgesFailure([coverage([0, 9]), tests({ passed: 1, skipped: 1 }), benchmarks], all)).toBe(false)
    expect(judgesFailure([findings('types', 'warning')], all)).toBe(false)
  })
})

test('a time limit needs no report', () => {
  expect(verdictOf({ duration: '1s' }, [], { duration_ms: 1000 })).toMatchObject({ status: 'pass', figures: [{}] })
  expect(verdictOf({ duration: { default: '1s', production: '500ms' } }, [], { duration_ms: 1001 })).toMatchObject({
    status: 'fail',
    reason: 'it took 1.1s, 1s allowed',
    mend: 'look which of its steps take longest; the bar is `gates.duration` of stage `test`',
    later: [{ target: 'production', reason: 'it took 1.1s, 500ms allowed' }],
  })
})
