import { describe, expect, test } from '@jest/globals'
import { readEntry, readTimings } from '../../src/history/check.js'
import type { Entry } from '../../src/history/entry.js'
import { lineOf } from '../../src/history/lines.js'
import { keptSeconds, maxFiles, shardTimings } from '../../src/history/timings.js'
import { entryAt, sha } from '../support/entries.js'

const entryWith = (file_seconds: Record<string, number>): Entry =>
  entryAt(sha('a'), 1, { stages: { test: { duration_ms: 1, file_seconds } } })

describe('what earlier runs tell of test files', () => {
  test('is the mean of the newest five times of each', () => {
    const earlier = [6, 1, 2, 3, 4, 1000].map((time, i) => entryWith({ a: time, ...(i === 1 ? { b: 7 } : {}) }))
    expect(shardTimings(earlier, ['test', 'other'])).toEqual({ test: { a: 3.2, b: 7 } })
  })

  test('is nothing where they tell nothing', () => {
    expect(shardTimings([], ['test'])).toEqual({})
    expect(shardTimings([entryAt(sha('b'))], ['check', 'constructor', '__proto__'])).toEqual({})
  })
})

test('times are kept to 10 milliseconds, of five thousand files at most, the longest', () => {
  expect(keptSeconds(new Map(Object.entries({ b: 1.2345, a: 0.004 })))).toEqual({ a: 0, b: 1.23 })
  const many = new Map(Array.from({ length: maxFiles + 10 }, (_, i) => [`f${i}`, i]))
  const kept = keptSeconds(many)
  expect(Object.keys(kept)).toHaveLength(maxFiles + 1)
  expect(kept).not.toHaveProperty('f9')
  expect(kept['']).toBe(4)
})

describe('an entry of a history', () => {
  test('comes back with the times of its test files', () => {
    const entry = entryWith({ 't/a.js': 1.5, constructor: 2 })
    expect(readEntry(lineOf(entry))?.stages['test']?.file_seconds).toEqual({ 't/a.js': 1.5, constructor: 2 })
  })

  test('is none when its times are no times, or too many', () => {
    const many = Object.fromEntries(Array.from({ length: maxFiles + 2 }, (_, i) => [`f${i}`, 1]))
    for (const seconds of [{ a: -1 }, { a: '1' }, [1], many])
      expect(readEntry(lineOf(entryWith(seconds as Record<string, number>)))).toBeUndefined()
    expect(readEntry(lineOf(entryWith({ a: 1 })).replace('"a":1}', '"__proto__":1}'))).toBeUndefined()
  })
})

test('times that another machine hands on are read with the same suspicion', () => {
  expect(readTimings({ test: { a: 1 } })).toEqual({ test: { a: 1 } })
  for (const wrong of [undefined, [], { test: 1 }, { test: { a: 'x' } }, { test: { a: Number.NaN } }])
    expect(readTimings(wrong)).toBeUndefined()
})
