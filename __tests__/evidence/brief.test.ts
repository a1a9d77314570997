import { describe, expect, test } from '@jest/globals'
import { briefEvidence } from '../../src/evidence/brief.js'
import type { Evidence, TestCase } from '../../src/evidence/evidence.js'

describe('evidence as it is shown', () => {
  test('of benchmarks: the first 200, and how many there are besides', () => {
    const all = Array.from({ length: 250 }, (_, i) => ({ name: `b${i}`, value: i, unit: 'ms' }))
    const evidence: Evidence = { kind: 'benchmarks', benchmarks: all }
    expect(briefEvidence(evidence)).toEqual({ ...evidence, benchmarks: all.slice(0, 200), benchmarks_omitted: 50 })
    const few: Evidence = { kind: 'benchmarks', benchmarks: all.slice(0, 200) }
    expect(briefEvidence(few)).toEqual(few)
  })

  test('of tests: what did not pass, the flaky ones and the slowest 20; the counts stay', () => {
    const passed = Array.from({ length: 30 }, (_, i): TestCase => ({ name: `p${i}`, status: 'passed', duration_s: i }))
    const others: TestCase[] = [
      { name: 'failed', status: 'failed' },
      { name: 'skipped', status: 'skipped' },
      { name: 'flaky', status: 'passed', flaky: true },
    ]
    const evidence: Evidence = {
      kind: 'tests',
      tests: 133,
      passed: 131,
      failed: 1,
      errors: 0,
      skipped: 1,
      flaky: 1,
      duration_s: 1,
      suites: 1,
      cases: [...others, ...passed],
      cases_omitted: 100,
    }
    const brief = briefEvidence(evidence)
    if (brief.kind !== 'tests') throw new Error('it stays what it was')
    expect(brief.cases.map(({ name }) => name)).toEqual([
      'failed',
      'skipped',
      'flaky',
      ...Array.from({ length: 20 }, (_, i) => `p${i + 10}`),
    ])
    expect(brief).toMatchObject({ tests: 133, passed: 131, cases_omitted: 110 })
  })

  test('of coverage: totals and the first 200 lines without a hit', () => {
    const lines = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i + 1, i % 2]))
    const totals = { lines_valid: 500, lines_covered: 250, branches_valid: 0, branches_covered: 0 }
    const covered = { path: 'b.js', lines_valid: 1, lines_covered: 1, branches_valid: 0, branches_covered: 0 }
    const files = [
      {
        path: 'a.js',
        ...totals,
        lines,
        branches: {},
        functions: { 1: [0, 1] as [number, number] },
        blocks: {},
        functions_valid: 1,
      },
      { ...covered, lines: { 1: 4 } },
    ]
    const brief = briefEvidence({ kind: 'coverage', ...totals, files })
    if (brief.kind !== 'coverage') throw new Error('it stays what it was')
    expect(brief.files[1]).toEqual(covered)
    for (const key of ['lines', 'branches', 'functions', 'blocks'])
      expect(Object.keys(brief.files[0] ?? {})).not.toContain(key)
    expect(brief.files[0]?.functions_valid).toBe(1)
    expect(brief.files[0]?.missed_lines?.slice(0, 3)).toEqual([1, 3, 5])
    expect(brief.files[0]?.missed_lines).toHaveLength(200)
  })
})
