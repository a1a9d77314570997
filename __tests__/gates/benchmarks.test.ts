import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Benchmark } from '../../src/evidence/evidence.js'
import { spreadOf } from '../../src/gates/spread.js'
import type { GatesFile } from '../../src/language/gates.js'
import { against, entry, verdictOf } from './scene.js'

const benchmark = (value: number, more: Partial<Benchmark> = {}): Benchmark => ({
  name: 'parse',
  unit: 'ms',
  value,
  ...more,
})
/** Judges one value after these, the newest first. */
const after = (before: readonly number[], now: Benchmark, setting: GatesFile['benchmarks'] = {}) =>
  verdictOf({ benchmarks: setting }, [{ kind: 'benchmarks', benchmarks: [now] }], {
    against: against({
      earlier: before.map((value) => entry({ benchmarks: { parse: { value, unit: 'ms' } } })),
    }),
  })
const steady = [100, 101, 99, 100, 102, 98, 100]

describe('benchmarks', () => {
  test('of one name in two units are compared each with its own past', () => {
    const past = entry({
      benchmarks: {
        'parse\nms': { value: 100, unit: 'ms', better: 'smaller' },
        'parse\nMB/s': { value: 900, unit: 'MB/s', better: 'bigger' },
      },
    })
    const run = (ms: number, speed: number) =>
      verdictOf(
        { benchmarks: {} },
        [
          {
            kind: 'benchmarks',
            benchmarks: [benchmark(ms, { better: 'smaller' }), benchmark(speed, { unit: 'MB/s', better: 'bigger' })],
          },
        ],
        { against: against({ earlier: Array.from({ length: 6 }, () => past) }) },
      )
    expect(run(100, 900)).toMatchObject({ status: 'pass', reason: '2 benchmarks within the limit' })
    expect(run(900, 900).reason).toMatch(/^parse is 800% worse .*900 ms/)
    expect(run(100, 100).reason).toMatch(/^parse is 88.*% worse .*100 MB\/s/)
  })

  test('are not compared with a time when the other direction was better', () => {
    const past = entry({ benchmarks: { 'parse\nms': { value: 100, unit: 'ms', better: 'bigger' } } })
    const earlier = Array.from({ length: 6 }, () => past)
    const now = [{ kind: 'benchmarks' as const, benchmarks: [benchmark(900, { better: 'smaller' })] }]
    expect(verdictOf({ benchmarks: {} }, now, { against: against({ earlier }) }).reason).toMatch(
      /^no benchmark was judged/,
    )
  })

  test('that lie outside of the spread and over the share fail', () => {
    expect(after(steady, benchmark(111))).toMatchObject({
      status: 'fail',
      reason: 'parse is 11% worse than the median of 7 runs (111 ms, before 100), 10% allowed',
      figures: [
        { name: 'slower', value: '11%', threshold: '≤ 10%', met: false },
        { name: 'benchmarks', value: '1', met: true },
      ],
      lists: [{ name: 'slower benchmarks', items: [expect.stringMatching(/^parse is 11% worse/)], more: 0 }],
    })
    expect(after(steady, benchmark(110)).status).toBe('pass')
    expect(after(steady, benchmark(111), { slower: '20%' }).status).toBe('pass')
    expect(after(steady, benchmark(50)).status).toBe('pass')
  })

  test('that the spread explains do not, however far they are from the median', () => {
    expect(after([100, 150, 60, 140, 70, 100, 130], benchmark(180))).toMatchObject({
      status: 'pass',
      reason: '1 benchmark within the limit',
    })
  })

  test('are better when bigger where they say so', () => {
    expect(after(steady, benchmark(80, { better: 'bigger' })).status).toBe('fail')
    expect(after(steady, benchmark(120, { better: 'bigger' })).status).toBe('pass')
  })

  test('need enough earlier runs of the same unit; one alone never raises an alarm', () => {
    expect(after([1, 1, 1, 1], benchmark(9))).toMatchObject({
      status: 'pass',
      reason: 'no benchmark was judged; 1 benchmark not judged: fewer than 5 earlier runs are known',
    })
    expect(after([1], benchmark(9), { 'minimum-samples': 0 }).status).toBe('pass')
    expect(after([1, 1], benchmark(9), { 'minimum-samples': 0 }).status).toBe('fail')
    expect(after(steady, benchmark(900, { unit: 's' })).reason).toMatch(/^no benchmark was judged/)
    expect(after([0, 0, 0, 0, 0], benchmark(9)).reason).toMatch(/^no benchmark was judged/)
  })

  test('of a report without any are no data', () => {
    expect(verdictOf({ benchmarks: {} }, [{ kind: 'benchmarks', benchmarks: [] }]).status).toBe('no-data')
  })

  test('that are no worse than any before never fail', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 20 })
    fc.assert(
      fc.property(values, (before) => {
        expect(after(before, benchmark(Math.min(...before)), { slower: '0%' }).status).toBe('pass')
      }),
    )
  })
})

test('a spread is told by medians, which one stray value does not move', () => {
  expect(spreadOf([])).toBeUndefined()
  expect(spreadOf([1, 3])).toEqual({ median: 2, deviation: 1.4826 })
  expect(spreadOf([1, 2, 3, 4, 1000])).toEqual({ median: 3, deviation: 1.4826 })
})
