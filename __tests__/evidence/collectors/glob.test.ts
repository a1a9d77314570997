import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import picomatch from 'picomatch'
import { globMatcher } from '../../../src/evidence/collectors/conventions/glob.js'

describe('a glob of an instruction file', () => {
  test.each<[string, string, boolean]>([
    ['**', 'a/b.ts', true],
    ['**/*.ts', 'b.ts', true],
    ['**/*.ts', 'a/b/c.ts', true],
    ['**/*.ts', 'a/b/c.js', false],
    ['*.ts', 'a/b.ts', false],
    ['src/**', 'src/a/b', true],
    ['src/**/*.{ts,tsx}', 'src/a/b.tsx', true],
    ['{src,test}/{a,b}?.js', 'test/b1.js', true],
    ['./docs/*.md', 'docs/a.md', true],
    ['[ab]*/x', 'b2/x', true],
    ['[!ab]/x', 'b/x', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['.github/*', '.github/.hidden', true],
    ['[', '[', true],
    ['[z-a]', 'b', true],
  ])('%s and %s: %s', (glob, name, wanted) => expect(globMatcher(glob)(name)).toBe(wanted))

  test('fits what picomatch says it does', () => {
    const one = fc.array(fc.constantFrom('a', 'b', '*', '?', '{a,b}', '[ab]'), { minLength: 1, maxLength: 4 })
    const segment = one.map((parts) => parts.join('').replaceAll(/\*+/g, '*'))
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 })
    const path = (part: fc.Arbitrary<string>) =>
      fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'))
    const glob = fc
      .tuple(path(segment), fc.boolean())
      .map(([text, deep]) => (deep ? `**/${text}` : text))
      // Seven pairs of braces stand for 128 globs: beyond the bound, as below.
      .filter((text) => text.split('{').length <= 7)
    fc.assert(
      fc.property(glob, path(name), (text, at) => {
        expect([text, at, globMatcher(text)(at)]).toEqual([text, at, picomatch(text, { dot: true })(at)])
      }),
    )
  })

  test('asks for no more than a bound, and fits everything beyond it', () => {
    const stars = globMatcher(`*${'a'.repeat(500)}b`)
    expect(stars('nothing like it')).toBe(false)
    for (let i = 0; i < 40; i++) stars('a'.repeat(2000))
    expect(stars('nothing like it')).toBe(true)
    expect(globMatcher('{a,b}'.repeat(30))('nothing like it')).toBe(true)
    expect(globMatcher('*a*a*a*a*a*a*b')('a'.repeat(200))).toBe(false)
  })
})
