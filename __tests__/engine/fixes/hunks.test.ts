import { describe, expect, test } from '@jest/globals'
import { applyHunks, hunksOf } from '../../../src/engine/fixes/hunks.js'

const patch = (...lines: string[]): string => ['diff --git a/a b/a', '--- a/a', '+++ b/a', ...lines, ''].join('\n')

describe('the hunks of a patch', () => {
  test('are its changes without the lines around them, and know their neighbours', () => {
    const two = patch('@@ -3,5 +3,6 @@ head', ' a', '-b', '+B', '+BB', ' c', '-d', ' e')
    expect(hunksOf(two)).toEqual([
      { start: 4, removed: ['b'], added: ['B', 'BB'], above: 'a', below: 'c', open: false },
      { start: 6, removed: ['d'], added: [], above: 'c', below: 'e', open: false },
    ])
  })

  test('that only add stand behind their line, at the start behind none', () => {
    expect(hunksOf(patch('@@ -1,2 +1,4 @@', '+zero', ' a', '+one', ' b'))).toMatchObject([
      { start: 0, removed: [], added: ['zero'], below: 'a' },
      { start: 1, removed: [], added: ['one'], above: 'a', below: 'b' },
    ])
    expect(hunksOf(patch('@@ -0,0 +1 @@', '+first'))).toMatchObject([{ start: 0, added: ['first'] }])
  })

  test('say where they touch an end without a line break', () => {
    const text = patch('@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a')
    expect(hunksOf(text)).toEqual([{ start: 1, removed: ['a'], added: ['a'], open: true }])
  })

  test('take lines that look like a header for what they are', () => {
    expect(hunksOf(patch('@@ -1,2 +1,2 @@', '--- a/x', '+++ b/x', ' c'))).toMatchObject([
      { removed: ['-- a/x'], added: ['++ b/x'] },
    ])
  })
})

describe('applying hunks', () => {
  const hunks = hunksOf(patch('@@ -1,3 +1,4 @@', '+zero', ' a', '-b', '+B', ' c'))

  test('puts their lines in the place of others', () => {
    expect(applyHunks('a\nb\nc\n', hunks)).toBe('zero\na\nB\nc\n')
  })

  test('answers nothing where other lines stand', () => {
    expect(applyHunks('a\nx\nc\n', hunks)).toBeUndefined()
  })
})
