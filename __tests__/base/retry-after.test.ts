import { expect, test } from '@jest/globals'
import { writtenDuration } from '../../src/base/duration.js'
import { retryAfter } from '../../src/base/retry-after.js'

const now = Date.UTC(1994, 10, 6, 8, 49, 30)

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 7000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 7000],
  ['Sun Nov  6 08:49:37 1994', 7000],
  ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1994-11-06', undefined],
  ['99999999999999', undefined],
  ['', undefined],
  [undefined, undefined],
])('`Retry-After: %s` asks for %p ms', (header, ms) => {
  expect(retryAfter(header, now)).toBe(ms)
})

test.each([
  [20 * 60_000, '20m'],
  [90_000, '90s'],
  [60_000, '1m'],
  [1500, '1500ms'],
  [7 * 86_400_000, '7d'],
  [0, '0ms'],
])('%p ms are written %s', (ms, text) => {
  expect(writtenDuration(ms)).toBe(text)
})
