import { describe, expect, test } from '@jest/globals'
import type { SuiteTotals, TestCase, TestsEvidence } from '../../src/evidence/evidence.js'
import { fileSeconds } from '../../src/history/file-seconds.js'

const told = (cases: Partial<TestCase>[], totals?: Partial<SuiteTotals>[]): TestsEvidence => ({
  kind: 'tests',
  tests: cases.length,
  passed: cases.length,
  failed: 0,
  errors: 0,
  skipped: 0,
  flaky: 0,
  duration_s: 1,
  suites: 1,
  cases: cases.map((one, i) => ({ name: `n${i}`, status: 'passed', duration_s: 1, ...one })),
  cases_omitted: 0,
  ...(totals ? { suite_totals: totals as SuiteTotals[] } : {}),
})
const secondsOf = (...args: Parameters<typeof fileSeconds>): Record<string, number> =>
  Object.fromEntries(fileSeconds(...args))

describe('the file of a test is known', () => {
  test('by the path that its report tells, from wherever that starts', () => {
    const cases = [
      { file: '/home/runner/work/shop/t/a.test.js' },
      { file: 't/a.test.js', duration_s: 2 },
      { file: './t/b.test.js' },
    ]
    expect(secondsOf(told(cases), ['t/a.test.js', 't/b.test.js'])).toEqual({ 't/a.test.js': 3, 't/b.test.js': 1 })
  })

  test('by a class or suite that is its path', () => {
    const cases = [{ classname: 'src/a.test.ts' }, { classname: 'cart adds', suite: 'src/b.test.ts' }]
    expect(secondsOf(told(cases), ['src/a.test.ts', 'src/b.test.ts'])).toEqual({
      'src/a.test.ts': 1,
      'src/b.test.ts': 1,
    })
  })

  test('by a class that reads like its path, in Python and Java', () => {
    const cases = [
      { classname: 'tests.unit.test_cart' },
      { classname: 'tests.unit.test_cart.TestCart' },
      { classname: 'com.shop.CartTest' },
      { classname: 'com.shop.CartTest$Inner' },
    ]
    const [python, java] = ['tests/unit/test_cart.py', 'src/test/java/com/shop/CartTest.java']
    expect(secondsOf(told(cases), [python, java])).toEqual({ [python]: 2, [java]: 2 })
  })

  test('and not guessed: two files of one name, words, other files', () => {
    const cases = [
      { classname: 'CartTest' },
      { classname: 'cart adds a thing' },
      { file: 'src/cart.js' },
      { file: 'cart.test.js' },
    ]
    expect(secondsOf(told(cases), ['a/CartTest.java', 'b/CartTest.java', 'a/cart.test.js', 'b/cart.test.js'])).toEqual(
      {},
    )
  })
})

describe('the time of a file', () => {
  test('is that of its suite, in which its start is too, where the suite has no other file', () => {
    const cases = [{ file: 'a.js' }, { file: 'a.js' }, { file: 'b.js' }, { file: 'c.js' }]
    const totals = [
      { tests: 2, listed: 2, duration_s: 5 },
      { tests: 2, listed: 2, duration_s: 9 },
    ]
    expect(secondsOf(told(cases, totals), ['a.js', 'b.js', 'c.js'])).toEqual({ 'a.js': 5, 'b.js': 1, 'c.js': 1 })
  })

  test('stands for tests that are counted and not listed too', () => {
    const cases = [{ file: 'a.js' }, { file: 'b.js', duration_s: 3 }]
    expect(secondsOf(told(cases, [{ tests: 4, listed: 2, duration_s: 8 }]), ['a.js', 'b.js'])).toEqual({
      'a.js': 2,
      'b.js': 6,
    })
  })

  test('is unknown where no test of it has one', () => {
    const evidence = told([{ file: 'a.js' }])
    delete evidence.cases[0]?.duration_s
    expect(secondsOf(evidence, ['a.js'])).toEqual({})
  })
})
