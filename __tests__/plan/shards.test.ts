import { describe, expect, test } from '@jest/globals'
import { matchingNames, splitFiles } from '../../src/plan/shards.js'
import { randomOf } from '../support/random.js'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `t/${String(i).padStart(4, '0')}.js`)
const timesOf = (lists: readonly string[][], seconds: ReadonlyMap<string, number>): number[] =>
  lists.map((list) => list.reduce((sum, file) => sum + (seconds.get(file) ?? 0), 0))
const sizes = (lists: readonly string[][]): number[] => lists.map(({ length }) => length)

describe('files are split by what they took', () => {
  test('so that no list takes over a tenth longer than it has to, for skewed times', () => {
    const random = randomOf(20)
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const pareto = (shape: number): number => (1 - random()) ** (-1 / (1 + shape))
    const lognormal = (shape: number): number => Math.exp(normal() * (0.5 + 2 * shape))
    for (let round = 0; round < 150; round++) {
      const [count, total] = [20 + Math.floor(random() * 1981), 2 + Math.floor(random() * 63)]
      const shape = random()
      const draw = round % 2 ? pareto : lognormal
      const seconds = new Map(names(count).map((name) => [name, Math.max(0.01, Math.round(draw(shape) * 100) / 100)]))
      const lists = splitFiles([...seconds.keys()], seconds, total)
      expect(lists.flat().sort()).toEqual([...seconds.keys()])
      const times = [...seconds.values()]
      const ideal = Math.max(times.reduce((a, b) => a + b) / total, Math.max(...times))
      const over = Math.max(...timesOf(lists, seconds)) / ideal
      if (over > 1.1) throw new Error(`round ${round}: ${count} files on ${total} shards: ${over}`)
    }
  })

  test('where the longest first alone would not do', () => {
    const seconds = new Map(Object.entries({ a: 3, b: 3, c: 2, d: 2, e: 2 }))
    expect(splitFiles([...seconds.keys()], seconds, 2)).toEqual([
      ['c', 'd', 'e'],
      ['a', 'b'],
    ])
  })

  test('where one of unknown time counts as the median of the others', () => {
    const seconds = new Map(Object.entries({ a: 1, b: 2, c: 9 }))
    expect(splitFiles(['a', 'b', 'c', 'new1', 'new2', 'new3'], seconds, 2)).toEqual([
      ['c'],
      ['a', 'b', 'new1', 'new2', 'new3'],
    ])
  })

  test('where one that is not named takes what is told of such', () => {
    const seconds = new Map(Object.entries({ '': 8, a: 9, b: 1 }))
    expect(splitFiles(['a', 'b', 'new'], seconds, 2)).toEqual([['a'], ['b', 'new']])
  })

  test('where those that take no time at all are spread like others', () => {
    const seconds = new Map(names(100).map((name) => [name, 0]))
    expect(sizes(splitFiles(names(100), seconds, 8))).toEqual([13, 13, 13, 13, 12, 12, 12, 12])
  })

  test('and the answer does not depend on the order of the files or of the times', () => {
    const random = randomOf(3)
    const seconds = new Map(names(200).map((name) => [name, Math.round(random() * 20) / 10]))
    const lists = splitFiles([...seconds.keys()], seconds, 7)
    const backwards = [...seconds].reverse()
    expect(
      splitFiles(
        backwards.map(([name]) => name),
        new Map(backwards),
        7,
      ),
    ).toEqual(lists)
    for (const list of lists) expect(list).toEqual([...list].sort())
  })

  test('and times that cannot be are none', () => {
    const seconds = new Map(
      Object.entries({ a: Number.NaN, b: -1, c: 1e308, d: 1e308, e: Number.POSITIVE_INFINITY, f: 1 }),
    )
    const lists = splitFiles([...seconds.keys()], seconds, 3)
    expect(lists.flat().sort()).toEqual([...seconds.keys()])
    expect(sizes(lists)).toEqual([2, 2, 2])
  })
})

describe('files of which no time is known are split by count', () => {
  test('and neighbours go to different lists', () => {
    expect(splitFiles(['d', 'b', 'a', 'c', 'e'], new Map(), 2)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ])
  })

  test('and lists differ by one file at most', () => {
    for (const [count, total] of [
      [500, 32],
      [64, 64],
      [7, 3],
    ] as const) {
      const all = sizes(splitFiles(names(count), new Map([['other', 3]]), total))
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1)
    }
  })
})

test('some lists are empty where there are fewer files than lists', () => {
  expect(splitFiles(['a', 'b'], new Map(), 4)).toEqual([['a'], ['b'], [], []])
  expect(splitFiles(['a', 'b'], new Map([['a', 2]]), 4)).toEqual([['a'], ['b'], [], []])
  expect(splitFiles([], new Map(), 2)).toEqual([[], []])
})

test('patterns match names in order: one with `!` takes out, a later one takes in again', () => {
  const all = ['t/b.js', 't/a.js', '.t/x.js', 'slow/a.js', 'slow/keep/a.js', 'readme.md']
  expect(matchingNames(['**/*.js'], all)).toEqual(['.t/x.js', 'slow/a.js', 'slow/keep/a.js', 't/a.js', 't/b.js'])
  expect(matchingNames(['./t/*.js', 'slow/**', '!slow/**', 'slow/keep/*.js'], all)).toEqual([
    'slow/keep/a.js',
    't/a.js',
    't/b.js',
  ])
})
