import type { Entry } from '../../src/history/entry.js'

export const shop = { name: 'shop', path: '.github/wf.yml' }

/** An entry of a commit, with one stage `check` of so many tests. */
export const entryAt = (commit: string, tests = 1, more: Partial<Entry> = {}): Entry => ({
  version: 1,
  commit,
  at: '2025-01-01T00:00:00.000Z',
  workflow: shop,
  target: 'check',
  verdict: 'pass',
  duration_ms: 1000,
  stages: {
    check: {
      duration_ms: 900,
      tests: { tests, passed: tests, failed: 0, skipped: 0, duration_s: 1, flaky: [], skipped_keys: [], slowest: [] },
    },
  },
  ...more,
})

/** A commit's name of one digit. */
export const sha = (digit: string): string => digit.repeat(40)

/** So long ago that nothing is dropped. */
export const forEver = { keep: 100 * 365 * 86_400_000, entries: 1000 }
