import { describe, expect, test } from '@jest/globals'
import type { CoverageEvidence, TestsEvidence } from '../../src/evidence/evidence.js'
import { marksOf } from '../../src/gates/marks.js'
import { coverage, tests } from './evidence.js'
import { against, scene } from './scene.js'

/** A file whose lines from 1 have these hits; without any only its totals are known. */
const file = (path: string, valid: number, hits?: readonly number[]): CoverageEvidence['files'][number] => ({
  path,
  lines_valid: valid,
  lines_covered: 0,
  branches_valid: 0,
  branches_covered: 0,
  ...(hits ? { lines: Object.fromEntries(hits.map((n, i) => [i + 1, n])) } : {}),
})
const report = (...files: CoverageEvidence['files']): CoverageEvidence => ({ ...coverage([1, 2]), files })
const patchOf = (evidence: CoverageEvidence[], change: NonNullable<Parameters<typeof against>[0]['change']>) =>
  marksOf(evidence, scene({ against: against({ change }) })).patch

describe('the coverage of what a change adds', () => {
  const change = [
    { path: 'a.ts', lines: [1, 2, 3, 9] },
    { path: 'b.ts', lines: [1, 2, 3, 4] },
    { path: 'c.md', lines: [1] },
  ]

  test('is told file by file, the one with the most missed lines first', () => {
    expect(patchOf([report(file('a.ts', 3, [1, 0, 1]), file('b.ts', 4, [0, 0, 1, 0]))], change)).toEqual({
      lines_valid: 7,
      lines_covered: 3,
      files: [
        {
          path: 'b.ts',
          lines_valid: 4,
          lines_covered: 1,
          missed: [
            [1, 2],
            [4, 4],
          ],
        },
        { path: 'a.ts', lines_valid: 3, lines_covered: 2, missed: [[2, 2]] },
      ],
      more: 0,
    })
  })

  test('adds the hits of several reports', () => {
    const two = [report(file('a.ts', 3, [1, 0, 0])), report(file('a.ts', 3, [0, 1, 0]))]
    expect(patchOf(two, change)).toMatchObject({ lines_valid: 3, lines_covered: 2, files: [{ missed: [[3, 3]] }] })
  })

  test('is not known where a changed file has no lines, or nothing of the change is code', () => {
    expect(patchOf([report(file('a.ts', 3, [1, 0, 1]), file('b.ts', 4))], change)).toBeUndefined()
    expect(patchOf([report(file('z.ts', 1, [1]))], change)).toBeUndefined()
  })

  test('names a hundred files and fifty ranges a file', () => {
    const many = Array.from({ length: 120 }, (_, i) => `f${i}.ts`)
    const odd = Array.from({ length: 200 }, (_, i) => i % 2)
    const files = many.map((path) => file(path, 200, odd))
    const patch = patchOf(
      [report(...files)],
      many.map((path) => ({ path, lines: odd.map((_, i) => i + 1) })),
    )
    expect([patch?.files.length, patch?.more, patch?.files[0]?.missed.length]).toEqual([100, 20, 50])
    expect(patch?.lines_valid).toBe(120 * 200)
  })
})

test('a test in quarantine is marked with its reason while it lasts', () => {
  const evidence: TestsEvidence = { ...tests({ failed: 2 }) }
  const entry = { reason: 'the server moves', owner: 'ops' }
  const quarantine = [
    { test: 'failed 0', until: '2027-02-01', ...entry },
    { test: 'failed 1', until: '2027-01-01', ...entry },
  ]
  expect(marksOf([evidence], scene(), [quarantine]).quarantined).toEqual([
    { test: expect.stringContaining('failed 0'), until: '2027-02-01', ...entry },
  ])
  // A gate that does not set it aside judges it, so that it is not let off.
  expect(marksOf([evidence], scene(), [quarantine, []]).quarantined).toBeUndefined()
})
