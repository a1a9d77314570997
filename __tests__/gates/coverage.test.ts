import { describe, expect, test } from '@jest/globals'
import type { CoverageEvidence } from '../../src/evidence/evidence.js'
import { coverage } from './evidence.js'
import { against, entry, verdictOf } from './scene.js'

/** Coverage of files whose lines have these hits, from line 1. */
const files = (hits: Readonly<Record<string, readonly number[]>>): CoverageEvidence => {
  const list = Object.entries(hits).map(([path, all]) => ({
    path,
    lines_valid: all.length,
    lines_covered: all.filter((n) => n > 0).length,
    branches_valid: 0,
    branches_covered: 0,
    lines: Object.fromEntries(all.map((n, i) => [i + 1, n])),
  }))
  const sum = (key: 'lines_valid' | 'lines_covered'): number => list.reduce((all, file) => all + file[key], 0)
  return { ...coverage([sum('lines_covered'), sum('lines_valid')]), files: list }
}

describe('patch', () => {
  const report = files({ 'a.ts': [1, 0, 1, 0], 'b.ts': [1, 1] })
  const patch = (bar: string, change: Parameters<typeof against>[0]['change'], evidence = report) =>
    verdictOf({ coverage: { patch: bar } }, [evidence], change ? { against: against({ change }) } : {})

  test('is the share of the added lines that the report knows and that are covered', () => {
    const change = [
      { path: 'a.ts', lines: [1, 2, 3, 40] },
      { path: 'c.md', lines: [1] },
    ]
    expect(patch('66%', change)).toMatchObject({ status: 'pass', reason: 'lines 66.66%, patch 66.66%' })
    expect(patch('67%', change)).toMatchObject({
      status: 'fail',
      reason: 'patch 66.66% < 67% (2 of 3 added lines)',
      mend: 'test the lines of this change that no test reaches; the bar is `gates.coverage.patch` of stage `test`',
    })
  })

  test('is exact', () => {
    const hits = Array.from({ length: 3 }, (_, i) => i)
    const change = [{ path: 'a.ts', lines: [1, 2, 3] }]
    expect(patch('66.6666666666%', change, files({ 'a.ts': hits })).status).toBe('pass')
    expect(patch('66.6666666667%', change, files({ 'a.ts': hits })).status).toBe('fail')
  })

  test('tells nothing to cover apart from a format without lines', () => {
    expect(patch('80%', [{ path: 'README.md', lines: [1, 2] }])).toMatchObject({
      status: 'pass',
      reason: 'lines 66.66%; patch not judged: nothing to cover in this change',
    })
    const file = { path: 'a.ts', lines_valid: 4, lines_covered: 2, branches_valid: 0, branches_covered: 0 }
    expect(patch('80%', [{ path: 'a.ts', lines: [1] }], { ...coverage([2, 4]), files: [file] })).toMatchObject({
      status: 'no-data',
      reason: 'no lines in this format: the coverage of the change is not known',
    })
    expect(patch('80%', [{ path: 'b.ts', lines: [1] }], { ...coverage([2, 4]), files: [file] }).status).toBe('pass')
  })

  test('without a base is said, not failed and not invented', () => {
    const verdict = patch('80%', undefined)
    expect(verdict).toMatchObject({ status: 'pass', reason: 'lines 66.66%; patch not judged: the base is not known' })
    expect(verdict.figures.map(({ name }) => name)).toEqual(['lines'])
  })

  test('is told even where nothing bounds it', () => {
    const verdict = verdictOf({ coverage: {} }, [report], {
      against: against({ change: [{ path: 'a.ts', lines: [2] }] }),
    })
    expect(verdict).toMatchObject({ status: 'pass' })
    expect(verdict.figures).toContainEqual({ name: 'patch', value: '0%', met: true })
  })
})

describe('drop', () => {
  const base = entry({ coverage: { lines: [80, 100], branches: [0, 0], files: {} } })
  const drop = (bar: string, covered: number, known: Parameters<typeof against>[0] = { base }) =>
    verdictOf({ coverage: { drop: bar } }, [coverage([covered, 1000])], { against: against(known) })

  test('is how many points of the share of lines were lost', () => {
    expect(drop('1%', 790)).toMatchObject({ status: 'pass', reason: 'lines 79%, drop 1%' })
    expect(drop('1%', 789)).toMatchObject({
      status: 'fail',
      reason: 'lines 80% at abc1234, 78.9% now: 1.1% lost, 1% allowed',
    })
    expect(drop('0%', 900)).toMatchObject({ status: 'pass', reason: 'lines 90%, drop 0%' })
  })

  test('without a baseline is said', () => {
    expect(drop('1%', 10, {}).reason).toBe('lines 1%; drop not judged: no earlier run is known')
    expect(drop('1%', 10, { base: entry({}) }).reason).toBe(
      'lines 1%; drop not judged: no coverage is known at abc1234',
    )
  })
})

test('functions have a least share of their own, and none known is no data', () => {
  const known = { ...coverage([9, 10]), functions_covered: 1, functions_valid: 3 }
  expect(verdictOf({ coverage: { functions: '50%' } }, [known])).toMatchObject({
    status: 'fail',
    reason: 'functions 33.33% < 50% (1 of 3)',
  })
  expect(verdictOf({ coverage: { functions: '50%' } }, [coverage([9, 10])])).toMatchObject({
    status: 'no-data',
    reason: 'the coverage reports hold no functions',
  })
})

test('files under a share are listed, the worst first, and fail nothing', () => {
  const report = files({ 'good.ts': [1, 1], 'half.ts': [1, 0], 'none.ts': [0], 'third.ts': [1, 0, 0] })
  const verdict = verdictOf({ coverage: { lines: '1%', 'files-under': '70%' } }, [report])
  expect(verdict).toMatchObject({ status: 'pass' })
  expect(verdict.figures).toContainEqual({ name: 'files under 70%', value: '3', met: true })
  expect(verdict.lists).toEqual([
    {
      name: 'files under 70%',
      items: ['none.ts 0% (0 of 1)', 'third.ts 33.33% (1 of 3)', 'half.ts 50% (1 of 2)'],
      more: 0,
    },
  ])
  // It bounds nothing, so the default for lines holds beside it.
  expect(verdictOf({ coverage: { 'files-under': '70%' } }, [report]).status).toBe('pass')
  expect(verdictOf({ coverage: { 'files-under': '70%' } }, [files({ 'a.ts': [0] })]).status).toBe('fail')
})
