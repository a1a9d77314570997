import { describe, expect, test } from '@jest/globals'
import type { Evidence, Finding, TestCase } from '../../src/evidence/evidence.js'
import { entryOf } from '../../src/history/record.js'
import { sha, shop } from '../support/entries.js'

const ended = {
  commit: sha('a'),
  workflow: shop,
  target: 'check',
  verdict: 'warn',
  run: { finished: '2025-01-01T00:00:00.000Z', duration_ms: 5000 },
  stages: [
    { id: 'check', duration_ms: 3000 },
    { id: 'build', duration_ms: 2000 },
  ],
}
const tests = (cases: TestCase[], more: object = {}): Evidence => ({
  kind: 'tests',
  tests: cases.length,
  passed: cases.filter(({ status }) => status === 'passed').length,
  failed: cases.filter(({ status }) => status === 'failed').length,
  errors: cases.filter(({ status }) => status === 'error').length,
  skipped: cases.filter(({ status }) => status === 'skipped').length,
  flaky: 0,
  duration_s: 6,
  suites: 1,
  cases,
  cases_omitted: 0,
  ...more,
})
const findings = (list: Pick<Finding, 'category' | 'fingerprint'>[], more: object = {}): Evidence => ({
  kind: 'findings',
  categories: ['lint', 'secrets'],
  findings: list.map((one) => ({ ...one, rule: 'r', severity: 'error', message: 'm' })),
  findings_omitted: 0,
  by_severity: {},
  suppressed: 0,
  ...more,
})

describe('an entry', () => {
  test('tells tests by key, the flaky, the skipped and the slowest', () => {
    const evidence = tests([
      { name: 'a', suite: 's', status: 'passed', duration_s: 1 },
      { name: 'b', status: 'passed', flaky: true, duration_s: 3 },
      { name: 'c', classname: 'C', status: 'skipped' },
      { name: 'd', status: 'error', duration_s: 2 },
    ])
    expect(entryOf(ended, [{ stage: 'check', evidence: [evidence] }])).toEqual({
      version: 1,
      commit: sha('a'),
      at: '2025-01-01T00:00:00.000Z',
      workflow: shop,
      target: 'check',
      verdict: 'warn',
      duration_ms: 5000,
      stages: {
        check: {
          duration_ms: 3000,
          tests: {
            tests: 4,
            passed: 2,
            failed: 1,
            skipped: 1,
            duration_s: 6,
            keys: ['["s",null,"a"]', '[null,null,"b"]', '[null,"C","c"]', '[null,null,"d"]'],
            flaky: ['[null,null,"b"]'],
            skipped_keys: ['[null,"C","c"]'],
            slowest: [
              ['[null,null,"b"]', 3],
              ['[null,null,"d"]', 2],
              ['["s",null,"a"]', 1],
            ],
          },
        },
      },
    })
  })

  test('has no keys where not every test is listed, so that none seems to be removed later', () => {
    const evidence = tests([{ name: 'a', status: 'failed' }], { tests: 9, passed: 8, cases_omitted: 8 })
    const entry = entryOf(ended, [{ stage: 'check', evidence: [evidence] }])
    expect(entry?.stages['check']?.tests).toMatchObject({ tests: 9, passed: 8 })
    expect(entry?.stages['check']?.tests).not.toHaveProperty('keys')
  })

  test('keeps the times of the test files of a stage with shards, as long as they fit', () => {
    const of = (seconds: ReadonlyMap<string, number>) =>
      entryOf(ended, [{ stage: 'check', evidence: [tests([])], seconds }])?.stages['check']
    expect(of(new Map([['t/a.js', 1.234]]))?.file_seconds).toEqual({ 't/a.js': 1.23 })
    expect(of(new Map())).not.toHaveProperty('file_seconds')
    expect(of(new Map(Array.from({ length: 5000 }, (_, i) => [`${'x'.repeat(300)}${i}`, 1])))).not.toHaveProperty(
      'file_seconds',
    )
  })

  test('keeps an empty list of what was looked for and not found, and none of a list that is not whole', () => {
    const whole = findings([
      { category: 'lint', fingerprint: 'f2' },
      { category: 'lint', fingerprint: 'f1' },
    ])
    const cut = findings([{ category: 'lint', fingerprint: 'f1' }], { findings_omitted: 1 })
    const of = (evidence: Evidence) => entryOf(ended, [{ stage: 'check', evidence: [evidence] }])?.stages['check']
    expect(of(whole)?.findings).toEqual({ lint: ['f1', 'f2'], secrets: [] })
    expect(of(cut)?.findings).toEqual({})
  })

  test('keeps coverage by file, and benchmarks by name and unit with what is better', () => {
    const coverage: Evidence = {
      kind: 'coverage',
      lines_valid: 10,
      lines_covered: 6,
      branches_valid: 4,
      branches_covered: 1,
      functions_valid: 3,
      functions_covered: 2,
      files: [{ path: 'a.js', lines_valid: 10, lines_covered: 6, branches_valid: 4, branches_covered: 1, lines: {} }],
    }
    const benchmarks: Evidence = {
      kind: 'benchmarks',
      benchmarks: [
        { name: 'parse', value: 2.5, unit: 'ms', better: 'smaller' },
        { name: 'parse', value: 80, unit: 'MB/s', better: 'bigger' },
      ],
    }
    const entry = entryOf(ended, [{ stage: 'build', evidence: [coverage, benchmarks] }])
    expect(entry?.stages).toEqual({
      build: {
        duration_ms: 2000,
        coverage: { lines: [6, 10], branches: [1, 4], functions: [2, 3], files: { 'a.js': [6, 10] } },
        benchmarks: {
          'parse\nms': { value: 2.5, unit: 'ms', better: 'smaller' },
          'parse\nMB/s': { value: 80, unit: 'MB/s', better: 'bigger' },
        },
      },
    })
  })

  test('is not made of a run that measured nothing', () => {
    expect(entryOf(ended, [])).toBeUndefined()
  })

  test('stays under a megabyte: keys of tests go first, then files', () => {
    const many = tests(
      Array.from({ length: 20_000 }, (_, i) => ({ name: `${i} ${'x'.repeat(60)}`, status: 'passed' as const })),
    )
    const entry = entryOf(ended, [{ stage: 'check', evidence: [many] }])
    expect(JSON.stringify(entry).length).toBeLessThan(1024 * 1024)
    expect(entry?.stages['check']?.tests).toMatchObject({ tests: 20_000, flaky: [] })
    expect(entry?.stages['check']?.tests).not.toHaveProperty('keys')
  })

  test('keeps the times of the test files of a stage with shards, as long as they fit', () => {
    const of = (seconds: ReadonlyMap<string, number>) =>
      entryOf(ended, [{ stage: 'check', evidence: [tests([])], seconds }])?.stages['check']
    expect(of(new Map([['t/a.js', 1.234]]))?.file_seconds).toEqual({ 't/a.js': 1.23 })
    expect(of(new Map())).not.toHaveProperty('file_seconds')
    expect(of(new Map(Array.from({ length: 5000 }, (_, i) => [`${'x'.repeat(300)}${i}`, 1])))).not.toHaveProperty(
      'file_seconds',
    )
  })
})
