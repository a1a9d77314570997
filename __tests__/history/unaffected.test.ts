import { describe, expect, test } from '@jest/globals'
import { readEntry } from '../../src/history/check.js'
import { entryOf } from '../../src/history/record.js'
import { entryAt, sha, shop } from '../support/entries.js'

describe('an entry of a run that a change did not need whole', () => {
  const ended = {
    commit: sha('a'),
    workflow: shop,
    target: 'check',
    verdict: 'pass',
    run: { finished: '2025-01-01T00:00:00.000Z', duration_ms: 5000 },
    stages: [
      { id: 'lib', duration_ms: 3000 },
      { id: 'web', duration_ms: 0, unaffected: true as const },
    ],
  }
  const lines = { lines_covered: 1, lines_valid: 2, branches_covered: 0, branches_valid: 0, files: [] }

  test('names the stages that did not have to run, apart from those that measured nothing', () => {
    const entry = entryOf(ended, [{ stage: 'lib', evidence: [{ kind: 'coverage', ...lines }] }])
    expect(Object.keys(entry?.stages ?? {})).toEqual(['lib'])
    expect(entry?.unaffected).toEqual(['web'])
    expect(readEntry(JSON.stringify(entry))).toEqual(entry)
  })

  test('is none where nothing was measured at all', () => {
    expect(entryOf(ended, [])).toBeUndefined()
  })

  test('is not believed where it names anything else than stages', () => {
    const entry = entryAt(sha('a'))
    expect(readEntry(JSON.stringify({ ...entry, unaffected: ['web'] }))).toEqual({ ...entry, unaffected: ['web'] })
    expect(readEntry(JSON.stringify({ ...entry, unaffected: [] }))).toEqual(entry)
    for (const unaffected of ['web', [1], { web: true }])
      expect(readEntry(JSON.stringify({ ...entry, unaffected }))).toBeUndefined()
  })
})
