import { expect, test } from '@jest/globals'
import { timingsIn, timingsText } from '../../src/history/timings-text.js'
import { randomOf } from '../support/random.js'

test('times come through as a word', () => {
  for (const timings of [{}, { test: { 't/a b.js': 1.5 }, 'e2e-1': { x: 0 } }]) {
    expect(timingsText(timings)).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(timingsIn(timingsText(timings))).toEqual(timings)
  }
})

test('that a variable can hold: of too many the longest are told, and what the others usually take', () => {
  const random = randomOf(1)
  const name = (): string => Array.from({ length: 40 }, () => random().toString(36)[4] ?? 'x').join('')
  const seconds = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [name(), i]))
  const text = timingsText({ test: seconds })
  expect(text.length).toBeLessThan(50_000)
  const { '': usual, ...told } = timingsIn(text)?.['test'] ?? {}
  const count = Object.keys(told).length
  expect(count).toBeGreaterThan(1000)
  expect(Math.min(...Object.values(told))).toBe(5000 - count)
  expect(usual).toBeCloseTo((5000 - count) / 2, -1)
})

test('what is no such word tells nothing, however it is made', () => {
  for (const wrong of ['', 'x', '-', timingsText({}).slice(1), Buffer.from('[]').toString('base64url')])
    expect(timingsIn(wrong)).toBeUndefined()
})
