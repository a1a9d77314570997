import { describe, expect, test } from '@jest/globals'
import { loadLibrary } from '../../src/evidence/collectors/contracts/library.js'
import { judge } from '../evidence/collectors/contracts/judge.js'

const openapi = '*.{yaml,json}'
const head = 'openapi: 3.0.3\ninfo: { title: t, version: 1.0.0 }\npaths: {}\n'
const alone = (text: string, name = 'a.yaml'): Promise<string[]> => judge({ openapi }, { now: { [name]: text } })

describe('a document of somebody who means harm', () => {
  test.each<[string, string, string, string]>([
    [
      '100,000 lists in JSON',
      'a.json',
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'nested deeper than 200 levels',
    ],
    [
      '100,000 lists in YAML',
      'a.yaml',
      `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'nested deeper than 200 levels',
    ],
    ['300 lists in YAML', 'a.yaml', `a: ${'['.repeat(300)}${']'.repeat(300)}`, 'nested deeper than 200 levels'],
    [
      'aliases that grow without end',
      'a.yaml',
      `a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join()}]`).join('\n')}`,
      'has more than 1000000 parts, aliases counted',
    ],
    ['an alias of itself', 'a.yaml', 'a: &a [*a]', 'nested deeper than 200 levels'],
    ['an alias of nothing', 'a.yaml', 'a: *b', 'no anchor is called `b`'],
    ['a tag of its own', 'a.yaml', 'a: !!js/function x', 'it is no YAML here'],
    ['more than is read', 'a.yaml', `a: ${'x'.repeat(2 ** 21)}`, 'larger than 2 MB'],
  ])('is not read with %s', async (_, name, text, why) => {
    const found = await alone(text, name)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('error unread: the OpenAPI document cannot be read: ')
    expect(found[0]).toContain(why)
  })

  const json = (more: object): string =>
    JSON.stringify({ openapi: '3.0.3', info: { title: 't', version: '1.0.0' }, paths: {}, ...more })
  const many = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i))

  test('may hold a very long text with line breaks', async () => {
    expect(await alone(json({ 'x-text': '\\\n"'.repeat(2_000_000) }), 'a.json')).toEqual([])
  })

  test.each(['https://a/', 'gone/'])('may refer to 150,000 files of %s', async (where) => {
    const allOf = many(150_000, (i) => ({ $ref: `${where}${i}.json` }))
    const found = await alone(json({ components: { schemas: { A: { allOf } } } }), 'a.json')
    expect(found).toHaveLength(where === 'gone/' ? 50 : 1)
  })

  test('may be wrong in 20,000 operations', async () => {
    const paths = Object.fromEntries(many(20_000, (i) => [`/${i}`, { get: {} }]))
    expect((await alone(json({ paths }), 'a.json')).join('\n')).toContain('more slips against openapi-3.0')
  })

  test('may have a path of 30,000 characters with a slip in each of 3,000 parameters', async () => {
    const parameters = many(3000, (i) => ({ in: 'path', name: `b${i}` }))
    const paths = {
      [`/${'{a},'.repeat(7500)}`]: { get: { summary: 's', parameters, responses: { 200: { description: '' } } } },
    }
    expect((await alone(json({ paths }), 'a.json')).join('\n')).toContain('more slips against openapi-3.0')
  })

  test('is not judged when 10,000 operations each mean 10,000 schemes', async () => {
    const operation = { get: { summary: 's', responses: { 200: { description: '' } } } }
    const paths = Object.fromEntries(many(10_000, (i) => [`/${i}`, operation]))
    const found = await alone(json({ paths, security: many(10_000, (i) => ({ [`s${i}`]: [] })) }), 'a.json')
    expect(found).toEqual([expect.stringContaining('error too-large: it is too much to be judged')])
  })

  test('is not read where others before it hold too many parts', async () => {
    const { documents, unread } = await loadLibrary(['a.json', 'b.json', 'c.json'], async () => '{"a":[[],[],[]]}', 6)
    expect([...documents.keys()]).toEqual(['a.json', 'b.json'])
    expect([...unread.keys()]).toEqual(['c.json'])
  })

  test('cannot hide what it takes away by being no document any more', async () => {
    const before = { 'a.yaml': head }
    const now = {
      'a.yaml': 'x: { type: string }',
      'b.yaml': `${head}components: { schemas: { A: { $ref: 'a.yaml#/x' } } }`,
    }
    expect((await judge({ openapi }, { before, now })).join()).toContain(
      'error removed: the OpenAPI document `a.yaml` is removed',
    )
  })

  test('may have any names for keys', async () => {
    const keys =
      'components: { schemas: { __proto__: { type: string }, constructor: { properties: { __proto__: { type: string }, hasOwnProperty: { type: string }, valueOf: { enum: [{ valueOf: 1 }, { valueOf: 2 }] } } } } }'
    const before = { 'a.yaml': `${head}${keys}` }
    expect(await judge({ openapi }, { before, now: before })).toEqual([])
    expect(({} as { type?: string }).type).toBeUndefined()
    const json =
      '{ "openapi": "3.0.3", "info": { "title": "t", "version": "1.0.0" }, "paths": {}, "__proto__": { "polluted": 1 } }'
    expect((await alone(json, 'a.json')).join()).toContain('knows no `__proto__`')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  const events = '*.json'
  const schema = (value: object): string =>
    JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', version: '1.0.0', ...value })
  const compared = (before: object, after: object): Promise<string[]> =>
    judge(
      { events: { files: events, compatibility: 'full' } },
      { before: { 'a.json': schema(before) }, now: { 'a.json': schema(after) } },
    )

  test('ends where references go in circles', async () => {
    const circles = {
      $ref: '#/$defs/a',
      $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' }, c: { allOf: [{ $ref: '#/$defs/c' }] } },
    }
    expect(await compared(circles, circles)).toEqual([])
    const operations = `${head.replace('{}', '{ /a: { $ref: "#/paths/~1a" }, /b: { get: { summary: s, parameters: [{ $ref: "#/components/parameters/p" }], responses: { "200": { $ref: "#/components/responses/r" } } } } }')}components: { parameters: { p: { $ref: "#/components/parameters/p" } }, responses: { r: { $ref: "#/components/responses/r" } } }`
    await expect(
      judge({ openapi }, { before: { 'a.yaml': operations }, now: { 'a.yaml': operations } }),
    ).resolves.toBeDefined()
  })

  test('is compared within bounds: long chains, many alternatives, large lists', async () => {
    const chain = (type: string) => ({
      $ref: '#/$defs/s0',
      $defs: Object.fromEntries(
        Array.from({ length: 5000 }, (_, i) => [
          `s${i}`,
          { properties: { n: i < 4999 ? { $ref: `#/$defs/s${i + 1}` } : { type } } },
        ]),
      ),
    })
    expect((await compared(chain('string'), chain('integer'))).join()).toContain(
      'is too large to be compared, and whether that breaks anybody cannot be told',
    )
    const deep = (n: number, type: string): object =>
      n === 0
        ? { type }
        : {
            oneOf: Array.from({ length: 3 }, (_, i) => ({
              properties: { [`p${i}`]: { type: 'string' }, x: deep(n - 1, type) },
            })),
          }
    expect(await compared(deep(6, 'string'), deep(6, 'integer'))).not.toEqual([])
    const large = (from: number) => ({ enum: Array.from({ length: 100_000 }, (_, i) => `v${i + from}`) })
    const [first] = await compared(large(0), large(1))
    expect(first).toContain('no longer takes `"v0"`')
  })

  test('has patterns that nobody runs', async () => {
    const evil = {
      properties: { [`${'a'.repeat(40)}!`]: { pattern: '^(a+)+$', enum: [`${'a'.repeat(40)}!`] } },
      patternProperties: { '^(a+)+$': {} },
    }
    expect(await compared(evil, evil)).toEqual([])
  })
})
