import { expect, test } from '@jest/globals'
import type { Finding } from '../../src/evidence/evidence.js'
import { fingerprint, refingerprint } from '../../src/evidence/fingerprint.js'

const finding = (line: number | undefined, more: Partial<Finding> = {}): Finding => ({
  category: 'lint',
  rule: 'semi',
  severity: 'error',
  message: 'Missing semicolon.',
  file: 'a.js',
  ...(line === undefined ? {} : { line }),
  fingerprint: 'old',
  ...more,
})
const prints = (list: readonly Finding[], source: string): string[] =>
  refingerprint(list, () => source.split('\n')).map((f) => f.fingerprint)

test('the same problem keeps its fingerprint when the code moves or is indented', () => {
  expect(prints([finding(2)], 'a()\nlet x = 1\nb()')).toEqual(prints([finding(5)], '\n\na()\n\n    let x = 1\n\n\nb()'))
})

test('another rule, path or line content is another problem', () => {
  const source = 'a()\nlet x = 1\nb()'
  const all = [
    prints([finding(2)], source),
    prints([finding(2, { rule: 'other' })], source),
    prints([finding(2, { file: 'b.js' })], source),
    prints([finding(2)], source.replace('1', '2')),
    prints([finding(2)], source.replace('b()', 'c()')),
  ].flat()
  expect(new Set(all).size).toBe(5)
})

test('equal remarks of one report are told apart, in order', () => {
  const [first, second] = prints([finding(2), finding(2)], 'a\nb\nc')
  expect(first).not.toBe(second)
  expect(prints([finding(2)], 'a\nb\nc')).toEqual([first])
})

test('without source the message stands in', () => {
  expect(fingerprint(finding(1), 0)).toBe(fingerprint(finding(9), 0))
  expect(fingerprint(finding(1), 0)).not.toBe(fingerprint(finding(1, { message: 'other' }), 0))
  expect(fingerprint(finding(1), 0)).toMatch(/^[0-9a-f]{16}$/)
})

test('findings without a place, of unknown files or beyond the end stay as they are', () => {
  const list = [finding(undefined), finding(3, { file: 'gone.js' }), finding(99)]
  expect(refingerprint(list, (path) => (path === 'a.js' ? ['x'] : undefined))).toEqual(list)
})
