import { describe, expect, test } from '@jest/globals'
import { fileOf, kept, lineOf, selectEntries } from '../../src/history/lines.js'
import { entryAt, forEver, sha, shop } from '../support/entries.js'

const wanted = new Set([sha('a'), sha('b')])
const [a, b, c] = ['a', 'b', 'c'].map((digit, i) => lineOf(entryAt(sha(digit), i + 1))) as [string, string, string]

describe('a history', () => {
  test('gives back the entries of the commits that are asked for, as they were written', () => {
    expect(selectEntries(`${a}\n${c}\n${b}\n`, wanted)).toEqual({
      entries: [entryAt(sha('a'), 1), entryAt(sha('b'), 2)],
      ignored: 0,
    })
  })

  const bad: [string, (good: string) => string][] = [
    ['no JSON', () => 'hello'],
    ['JSON of another kind', () => '[1]'],
    ['a cut line', (good) => good.slice(0, -9)],
    ['a torn beginning', (good) => good.slice(9)],
    ['another version', (good) => good.replace('"version":1', '"version":2')],
    ['a commit that is none', (good) => good.replace(sha('a'), '--output=x')],
    ['a time that is none', (good) => good.replace('2025-01-01T00:00:00.000Z', '2025-99-99T00:00:00.000Z')],
    ['counts that are none', (good) => good.replace('"passed":1', '"passed":"1"')],
    ['negative counts', (good) => good.replace('"passed":1', '"passed":-1')],
    ['a number too large to be one', (good) => good.replace('"passed":1', '"passed":1e999')],
    ['lists that are none', (good) => good.replace('"flaky":[]', '"flaky":{"length":9}')],
    ['lists of something else', (good) => good.replace('"flaky":[]', '"flaky":[{}]')],
    ['a stage called __proto__', (good) => good.replace('"check":{', '"__proto__":{')],
    [
      'more covered than there is',
      (good) => good.replace('"tests":{', '"coverage":{"lines":[2,1],"branches":[0,0],"files":{}},"tests":{'),
    ],
    ['findings of no category', (good) => good.replace('"tests":{', '"findings":{"constructor":[]},"tests":{')],
    ['a benchmark without a value', (good) => good.replace('"tests":{', '"benchmarks":{"x":{"unit":"ms"}},"tests":{')],
    ['no stages', (good) => good.replace(/"stages":.*/, '"stages":[]}')],
  ]
  test.each(bad)('passes over %s, line by line, and counts it', (_, spoil) => {
    expect(spoil(a)).not.toBe(a)
    expect(selectEntries(`${spoil(a)}\n${b}\n`, wanted)).toEqual({ entries: [entryAt(sha('b'), 2)], ignored: 1 })
  })

  test('takes over nothing that an entry does not have, and no prototype', () => {
    const line = a.replace('"verdict"', '"__proto__":{"x":1},"more":1,"verdict"')
    const [entry] = selectEntries(line, wanted).entries
    expect(entry).toEqual(entryAt(sha('a'), 1))
    expect(Object.getPrototypeOf(entry?.stages)).toBe(null)
    expect({}).not.toHaveProperty('x')
  })

  test('keeps all kinds of measures over writing and reading', () => {
    const whole = entryAt(sha('a'), 1, {
      stages: {
        check: {
          duration_ms: 1,
          tests: {
            tests: 2,
            passed: 1,
            failed: 0,
            skipped: 1,
            duration_s: 0.5,
            keys: ['k'],
            flaky: ['f'],
            skipped_keys: ['s'],
            slowest: [['k', 0.5]],
          },
          coverage: { lines: [1, 2], branches: [0, 0], functions: [1, 1], files: { 'a.js': [1, 2] } },
          findings: { lint: ['f1'], secrets: [] },
          benchmarks: { parse: { value: -1.5, unit: 'ms', better: 'smaller' } },
        },
      },
    })
    expect(selectEntries(lineOf(whole), wanted).entries).toEqual([whole])
  })

  test('drops what is too old, too much, or no entry when one is added', () => {
    const now = Date.parse('2025-01-31T00:00:00.000Z')
    const old = lineOf(entryAt(sha('d'), 1, { at: '2024-12-01T00:00:00.000Z' }))
    const text = [old, a, 'hello', b].join('\n')
    expect(kept(text, c, { keep: 31 * 86_400_000, entries: 9 }, now)).toEqual([a, b, c])
    expect(kept(text, c, { keep: 31 * 86_400_000, entries: 2 }, now)).toEqual([b, c])
    const large = lineOf(entryAt(sha('e'), 1, { target: 'x'.repeat(9 * 2 ** 20) }))
    expect(kept([large, a].join('\n'), large, forEver, now)).toEqual([a, large])
  })

  test('is a file for each workflow, by path and name', () => {
    expect(fileOf(shop)).toBe('github-wf.yml-shop-6bb46680.ndjson')
    const names = [fileOf(shop), fileOf({ ...shop, name: 'sh op' }), fileOf({ ...shop, name: 'sh-op' })]
    expect(new Set(names).size).toBe(3)
    expect(fileOf({ name: '../\n\t"', path: '.github/$(id).yml' })).toMatch(/^[A-Za-z0-9.-]+\.ndjson$/)
  })
})
