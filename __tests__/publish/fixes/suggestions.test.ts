import { describe, expect, test } from '@jest/globals'
import { hunksOf } from '../../../src/engine/fixes/hunks.js'
import type { ProposedFile } from '../../../src/engine/fixes/take.js'
import { fixMessage } from '../../../src/publish/fixes/message.js'
import { digestOf, stepsText, suggestionBody, suggestionsFor } from '../../../src/publish/fixes/suggestions.js'
import { stepsIn, trailerOf } from '../../../src/publish/send/commit-fixes.js'
import { usualRules } from '../../../src/workflow/conventions.js'

const entry = { mode: '100644', sha: 'a'.repeat(40) }
const file = (lines: string[], more: Partial<ProposedFile> = {}): ProposedFile => {
  const patch = `--- a/a.js\n+++ b/a.js\n${lines.join('\n')}\n`
  return { path: 'a.js', change: 'changed', before: entry, after: entry, hunks: hunksOf(patch), patch, ...more }
}
const everywhere = new Map([['a.js', [[1, 1000]] as const]])
const same = (_: string, line: number): number => line
const plain = (text: string): string => text
const placed = (
  one: ProposedFile,
  shown: typeof everywhere = everywhere,
  map: typeof same | (() => undefined) = same,
) => {
  const { suggestions, rest } = suggestionsFor([one], shown, map, (text) => text.replace('hunter2', '***'))
  return { at: suggestions.map(({ first, last, lines }) => [first, last, lines]), rest: [...rest] }
}

describe('suggestions', () => {
  test.each([
    ['change lines', ['@@ -4,3 +4,3 @@', ' a', '-b', '+B', ' c'], [5, 5, ['B']]],
    ['take lines away', ['@@ -4,4 +4,2 @@', ' a', '-b', '-c', ' d'], [5, 6, []]],
    ['add lines below one that stays', ['@@ -4,2 +4,3 @@', ' a', '+b', ' c'], [4, 4, ['a', 'b']]],
    ['add lines above the first', ['@@ -1,2 +1,3 @@', '+z', ' a', ' b'], [1, 1, ['z', 'a']]],
  ])('%s', (_, lines, at) => {
    expect(placed(file(lines))).toEqual({ at: [at], rest: [] })
  })

  const one = ['@@ -4,3 +4,3 @@', ' a', '-b', '+B', ' c']
  const put = (text: string) => ['@@ -4,3 +4,3 @@', ' a', '-b', `+${text}`, ' c']
  interface Case {
    what: string
    of: ProposedFile
    shown?: typeof everywhere
    map?: () => undefined
  }
  test.each<Case>([
    { what: 'lies outside of the diff', of: file(one), shown: new Map([['a.js', [[6, 9]] as const]]) },
    { what: 'is on lines that the head has not', of: file(one), map: () => undefined },
    { what: 'is of a file that the diff does not show', of: file(one), shown: new Map() },
    { what: 'hides something from who reads it', of: file(put('a\u202Eb')) },
    { what: 'ends its lines with a return', of: file(put('b\r')) },
    { what: 'holds a secret', of: file(put('hunter2')) },
    { what: 'is very long', of: file(put('x'.repeat(20_000))) },
    { what: 'is of an end without a line break', of: file([...one.slice(0, 4), '\\ No newline at end of file']) },
    { what: 'is of a file that was added', of: file(['@@ -0,0 +1 @@', '+a'], { change: 'added', before: null }) },
  ])('are not made of what $what', ({ of, shown, map }) => {
    expect(placed(of, shown, map)).toEqual({ at: [], rest: ['a.js'] })
  })

  test('of a file that becomes executable too are not all of its fix', () => {
    expect(placed(file(one, { after: { ...entry, mode: '100755' } }))).toEqual({ at: [[5, 5, ['B']]], rest: ['a.js'] })
  })

  test('never take the same line twice', () => {
    const twice = file(['@@ -1,2 +1,4 @@', '+zero', ' a', '+one', ' b'])
    expect(placed(twice)).toEqual({ at: [[1, 1, ['zero', 'a']]], rest: ['a.js'] })
  })

  test('are known again where their lines have moved, and are told apart where the same change is made twice', () => {
    const digests = (...lines: string[]) =>
      suggestionsFor([file(lines)], everywhere, same, plain).suggestions.map(({ digest }) => digest)
    const [first] = digests(...one)
    expect(digests('@@ -40,3 +40,3 @@', ...one.slice(1))).toEqual([first])
    const [a, b] = digests(...one, ' a', '-b', '+B', ' c')
    expect(a).toBe(first)
    expect(b).not.toBe(first)
  })

  test('are fenced by more backticks than any line has, and marked in the first line alone', () => {
    const digest = 'f'.repeat(32)
    const body = suggestionBody(
      { path: 'a.md', first: 1, last: 1, lines: ['````js', `<!-- wf-fix:${'0'.repeat(32)} -->`], digest },
      ['q/lint'],
    )
    expect(body.split('\n')[2]).toBe('`````suggestion')
    expect(body.split('\n').at(-1)).toBe('`````')
    expect(digestOf(body)).toBe(digest)
    expect(digestOf(`hello\n${body}`)).toBeUndefined()
    expect(stepsText(['a', 'b', 'c', 'd'])).toBe('`a`, `b`, `c` and 1 more')
  })
})

describe('the message of a commit of fixes', () => {
  test('names the steps, and is one that the gates take', () => {
    expect(fixMessage(['quality/lint', 'test[node=20]/format'], [])).toBe('style: apply the fixes of lint, format')
    const strict = { ...usualRules, types: ['feat', 'fix'], scoped: true, scopes: ['code'], maxLength: 40 }
    expect(fixMessage(['a/lint'], [strict])).toBe('fix(code): apply the fixes of lint')
    expect(fixMessage(['a/a-very-long-name-of-a-step', 'a/b'], [strict])).toBe('fix(code): apply the fixes of 2 steps')
  })

  test('is known again by its last line', () => {
    const steps = ['quality/lint', 'test[os=a, b]/x']
    expect(stepsIn(`style: x\n\n${trailerOf(steps)}\n`)).toEqual(['quality/lint', 'test[os=a b]/x'])
    expect(stepsIn('style: apply the fixes of lint')).toEqual([])
  })
})
