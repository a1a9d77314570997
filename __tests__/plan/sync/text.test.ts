import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { Json } from '../../../src/base/json.js'
import { yamlText } from '../../../src/plan/sync/text.js'
import type { Layout } from '../../../src/plan/sync/text.js'

const layout = (given: Partial<Layout> = {}): Layout => ({
  note: () => undefined,
  apart: () => false,
  block: () => false,
  rest: () => [],
  ...given,
})

/** Texts that some reader of YAML takes for something else. */
const traps = fc.constantFrom(
  ...'~|null|Yes|no|on|OFF|y|N|true|20|1.0|0x1F|0o7|012|1e3|E0|.e1|1:30|.5|.inf|.NaN|.github/x|2026-01-01|-|- a|? a|: a|a: b|a:|a #b|#b'.split(
    '|',
  ),
  ...'&a ^ *a ^ !a ^ > ^ %a ^ @a ^ `a ^ " ^ { ^ } ^ [ ^ ] ^ , ^ a, b ^ [a] ^ { a: b } ^ << ^ = ^ ... ^ --- ^ 😀 ^ ä'.split(
    ' ^ ',
  ),
  '',
  ' ',
  '|',
  "'",
  "it's",
  'a\nb',
  'a\n',
  '\ta',
  'a ',
  '\u0085',
  '\u2028',
  '\uFEFFa',
  '\u0007',
  '${{ a }}',
  '${{ a }} # b',
  "${{ contains(fromJSON('[\"a\"]'), 'b') }}",
  '{ "A": ${{ toJSON(secrets.A) }} }',
)
const text = fc.oneof(traps, fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ maxLength: 12 }))
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))
const map = fc.dictionary(text, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true })

test('what is written reads as the same data, in YAML 1.2, however it stands on the page', () => {
  fc.assert(
    fc.property(map, fc.integer(), (data, chance) => {
      const odd = (path: readonly (string | number)[]): boolean => (JSON.stringify(path).length + chance) % 3 === 0
      const written = yamlText(
        data,
        layout({
          note: (path) => (odd(path) ? 'a remark: of { some } kind' : undefined),
          apart: odd,
          block: (path) => odd(path) && path.length < 2,
        }),
      )
      const read = parse(written, { version: '1.2', uniqueKeys: true }) as Json
      // A collection without members that must take lines is nothing.
      expect(withoutEmpty(read)).toEqual(withoutEmpty(data))
    }),
    { numRuns: 500 },
  )
})

/** Empty collections and nothing are one. */
const withoutEmpty = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value
  const all = Array.isArray(value)
    ? value.map(withoutEmpty)
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutEmpty(one)]))
  return Object.keys(all).length ? all : null
}

test('texts stay texts for readers of YAML 1.1 too', () => {
  fc.assert(
    fc.property(fc.dictionary(text, text, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (data) => {
      expect(parse(yamlText({ a: [data] }, layout()), { version: '1.1', uniqueKeys: true })).toEqual({ a: [data] })
    }),
    { numRuns: 500 },
  )
})

test('what fits stands in one line, what is to be read from top to bottom does not', () => {
  const data = {
    on: { push: { tags: ['v*'] } },
    jobs: { a: { steps: [{ uses: 'x@y', with: { node: '20' } }], if: '${{ a }}' } },
  }
  const wide = new Set(['on', 'jobs', 'jobs/a', 'jobs/a/steps', 'jobs/a/steps/0'])
  const written = yamlText(
    data,
    layout({
      block: (path) => wide.has(path.join('/')),
      apart: (path) => path.join('/') === 'jobs',
      note: (path) => (path.at(-1) === 'uses' ? 'v1' : undefined),
      rest: (path) => (path.join('/') === 'on' ? ['    # mine', '    as: it is'] : []),
    }),
  )
  expect(written).toBe(
    [
      'on:',
      '  push: { tags: [v*] }',
      '    # mine',
      '    as: it is',
      '',
      'jobs:',
      '  a:',
      '    steps:',
      '      - uses: x@y # v1',
      "        with: { node: '20' }",
      '    if: ${{ a }}',
      '',
    ].join('\n'),
  )
})
