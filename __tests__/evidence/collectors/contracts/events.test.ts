import { describe, expect, test } from '@jest/globals'
import { judge } from './judge.js'

const events = 'events/**/*.json'
const draft = 'https://json-schema.org/draft/2020-12/schema'
type Schema = Record<string, unknown>

const text = (schema: Schema): string => JSON.stringify({ $schema: draft, version: '1.0.0', ...schema }, null, 2)
const alone = (schema: Schema | string, path = 'events/order.json'): Promise<string[]> =>
  judge({ events }, { now: { [path]: typeof schema === 'string' ? schema : text(schema) } })

describe('the schema of an event', () => {
  test.each([
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    draft,
  ])('is held against its draft, %s', async ($schema) => {
    const schema = { $schema, type: 'object', required: ['a'], properties: { a: { type: 'string' } } }
    expect(await alone(schema)).toEqual([])
    const [found, ...others] = await alone({ ...schema, properties: { a: { type: 'strin' } } })
    expect(others).toEqual([])
    expect(found).toMatch(
      /^events\/order\.json:10 error structure: JSON Schema [\d-]+: `properties\.a\.type` has to be one of /,
    )
    expect((await alone({ ...schema, required: 'a' })).join()).toContain('`required` has to be a list')
  })

  test('says its draft, one that is known', async () => {
    expect(await alone('{ "version": "1.0.0" }')).toEqual([
      'events/order.json:1 warning draft: it does not say its `$schema`, so it is read as draft-2020-12: add it',
    ])
    expect((await alone({ $schema: 'https://x.example/schema' })).join()).toContain(
      'error structure: `$schema` is none that is known',
    )
  })

  test('has references that lead somewhere, in the file, to other files, and by their names', async () => {
    const now = {
      'events/a.json': text({
        $id: 'https://x.example/a.json',
        properties: { b: { $ref: 'b.json#/$defs/B' }, c: { $ref: '#c' }, d: { $ref: '#/$defs/d' } },
        $defs: { c: { $anchor: 'c' } },
      }),
      'events/b.json': text({ $defs: { B: { $ref: 'https://x.example/a.json' } } }),
    }
    expect(await judge({ events }, { now })).toEqual([
      'events/a.json:13 error reference: `$ref: #/$defs/d` leads nowhere: there is no `d` there; mend it, or add what it names',
    ])
  })

  test('has patterns that are regular expressions', async () => {
    const [found, ...others] = await alone({ properties: { a: { pattern: '(' }, b: { pattern: '^(a+)+$' } } })
    expect(found).toMatch(/^events\/order\.json:6 error pattern: `pattern` is no regular expression: /)
    expect(others).toEqual([])
  })

  test.each<[string, Schema | string, string]>([
    ['`version`', { version: '2.0.0', 'x-version': '1.0.0' }, 'events/order.json'],
    ['`x-version`', { version: undefined, 'x-version': '2.1.0' }, 'events/v1/order.json'],
    ['`$id`', { version: undefined, $id: 'https://api.v3.example/v2/order.json' }, 'events/order.v1.json'],
    ['the name of the file', { version: undefined }, 'events/v1/order.v2.json'],
    ['the name of the folder', { version: undefined }, 'events/v2/order.json'],
  ])('tells its version by %s', async (_, schema, path) => {
    expect(await alone(schema, path)).toEqual([])
    // The version is the one of 2: what breaks it asks for 3.
    const typed = (type: string): string => text({ ...(schema as Schema), properties: { a: { type } } })
    const found = await judge({ events }, { before: { [path]: typed('string') }, now: { [path]: typed('integer') } })
    expect(found.join()).toContain('raise its version to 3.0.0, or keep the type')
  })

  test('without a version, or with one that is not semantic, is told', async () => {
    expect(await alone({ version: undefined })).toEqual([
      'events/order.json:1 error version: it has no version: add `"version": "1.0.0"`, or name the file as `order.v1.json`',
    ])
    expect(await alone({ version: '1.0' })).toEqual([
      'events/order.json:3 warning version: its version `1.0` is no semantic version: write one such as `1.4.0`',
    ])
  })
})

/** What a change means, in each direction. */
async function both(before: Schema, after: Schema): Promise<Record<'backward' | 'forward', string[]>> {
  const by = async (compatibility: 'backward' | 'forward'): Promise<string[]> => {
    const states = {
      before: { 'events/a.json': text(before) },
      now: { 'events/a.json': text({ version: '1.1.0', ...after }) },
    }
    const found = await judge({ events: { files: events, compatibility } }, states)
    return found.map((one) => one.replace(/^\S+ (\w+) ([\w-]+).*/, '$1 $2'))
  }
  return { backward: await by('backward'), forward: await by('forward') }
}

const object = (properties: Schema, more: Schema = {}): Schema => ({ type: 'object', properties, ...more })
const name = { type: 'string' }

describe('a change of an event', () => {
  test.each<[string, Schema, Schema, string[], string[]]>([
    ['nothing', object({ name }), object({ name }), [], []],
    ['a property that may be there', object({ name }), object({ name, age: { type: 'integer' } }), [], []],
    [
      'a property that has to be there',
      object({ name }),
      object({ name, age: {} }, { required: ['age'] }),
      ['error property-required'],
      [],
    ],
    [
      'a property that has a default',
      object({ name }),
      object({ name, age: { default: 0 } }, { required: ['age'] }),
      [],
      [],
    ],
    [
      'a property that has not to be there any more',
      object({ name }, { required: ['name'] }),
      object({ name }),
      [],
      ['error property-optional'],
    ],
    ['no property that was there at times', object({ name }), object({}), [], []],
    [
      'no property that was always there',
      object({ name }, { required: ['name'] }),
      object({}),
      [],
      ['error property-removed'],
    ],
    [
      'a property, where no others were known',
      object({}, { additionalProperties: false }),
      object({ name }, { additionalProperties: false }),
      [],
      ['error property-added'],
    ],
    [
      'no property, where no others are known',
      object({ name }, { additionalProperties: false }),
      object({}, { additionalProperties: false }),
      ['error property-refused'],
      [],
    ],
    ['no others any more', object({ name }), object({ name }, { additionalProperties: false }), ['error closed'], []],
    ['others too', object({ name }, { additionalProperties: false }), object({ name }), [], ['error opened']],
    [
      'a wider type',
      object({ name: { type: 'integer' } }),
      object({ name: { type: 'number' } }),
      [],
      ['error type-widened'],
    ],
    [
      'another type',
      object({ name }),
      object({ name: { type: 'integer' } }),
      ['error type-changed'],
      ['error type-changed'],
    ],
    ['null as well', object({ name }), object({ name: { type: ['string', 'null'] } }), [], ['error null-added']],
    ['null no more', object({ name: { type: ['string', 'null'] } }), object({ name }), ['error null-refused'], []],
    [
      'one more value',
      object({ name: { enum: ['a'] } }),
      object({ name: { enum: ['a', 'b'] } }),
      [],
      ['error enum-value-added'],
    ],
    [
      'one value less',
      object({ name: { enum: ['a', 'b'] } }),
      object({ name: { const: 'a' } }),
      ['error enum-value-removed'],
      [],
    ],
    [
      'a tighter bound',
      object({ name: { maxLength: 9 } }),
      object({ name: { maxLength: 8 } }),
      ['error bound-tightened'],
      [],
    ],
    [
      'a looser bound',
      object({ name: { exclusiveMinimum: 1 } }),
      object({ name: { minimum: 1 } }),
      [],
      ['error bound-loosened'],
    ],
    [
      'a bound of draft 4',
      object({ name: { minimum: 1 } }),
      object({ name: { minimum: 1, exclusiveMinimum: true } }),
      ['error structure', 'error bound-tightened'],
      ['error structure'],
    ],
    ['a pattern', object({ name }), object({ name: { type: 'string', pattern: 'a' } }), ['error pattern-added'], []],
    [
      'another pattern',
      object({ name: { pattern: 'a' } }),
      object({ name: { pattern: 'b' } }),
      ['warning cannot-tell'],
      ['warning cannot-tell'],
    ],
    [
      'items of another type',
      { type: 'array', items: name },
      { type: 'array', items: { type: 'integer' } },
      ['error type-changed'],
      ['error type-changed'],
    ],
    ['unique items', { type: 'array' }, { type: 'array', uniqueItems: true }, ['error bound-tightened'], []],
    [
      'one more alternative',
      { oneOf: [name, { type: 'integer' }] },
      { oneOf: [name, { type: 'integer' }, { type: 'boolean' }] },
      [],
      ['error alternative-added'],
    ],
    [
      'one alternative less',
      { anyOf: [name, { type: 'integer' }] },
      { anyOf: [name] },
      ['error alternative-removed'],
      [],
    ],
    [
      'alternatives in another order',
      { oneOf: [name, { type: 'integer' }] },
      { oneOf: [{ type: 'integer' }, name] },
      [],
      [],
    ],
    [
      'alternatives where there was one',
      object({ name }),
      { oneOf: [object({ name }), name] },
      [],
      ['error type-changed'],
    ],
    ['what was an alternative alone', { oneOf: [name, { type: 'integer' }] }, name, ['error type-changed'], []],
    [
      'what may not be',
      object({ name }),
      object({ name }, { not: { required: ['x'] } }),
      ['warning cannot-tell'],
      ['warning cannot-tell'],
    ],
    [
      'the same by reference',
      object({ name }),
      object({ name: { $ref: '#/$defs/n' } }, { $defs: { n: name } }),
      [],
      [],
    ],
    [
      'the same laid together',
      object({ name }, { required: ['name'] }),
      { allOf: [object({ name }), { required: ['name'] }] },
      [],
      [],
    ],
    [
      'null by an alternative',
      object({ name }),
      object({ name: { oneOf: [name, { type: 'null' }] } }),
      [],
      ['error null-added'],
    ],
    [
      'no null by an alternative',
      object({ name: { anyOf: [{ enum: ['a'] }, { type: 'null' }] } }),
      object({ name: { enum: ['a'] } }),
      ['error enum-value-removed'],
      [],
    ],
    [
      'a choice of what it was and another',
      { title: 'a', ...object({ name }) },
      {
        oneOf: [
          { title: 'a', ...object({ name }) },
          { title: 'b', type: 'integer' },
        ],
      },
      [],
      ['error alternative-added'],
    ],
    [
      'one of what it was',
      {
        oneOf: [
          { title: 'a', ...object({ name }) },
          { title: 'b', type: 'integer' },
        ],
      },
      { title: 'a', ...object({ name }) },
      ['error alternative-removed'],
      [],
    ],
    [
      'a circle',
      object({ next: { $ref: '#' } }),
      object({ next: { $ref: '#' }, name }, { required: ['name'] }),
      ['error property-required'],
      [],
    ],
  ])('to %s is told by direction', async (_, before, after, ...[backward, forward]) => {
    expect(await both(before, after)).toEqual({ backward, forward })
  })

  const states = (version: unknown, after: Schema = { type: 'integer' }) => ({
    before: { 'events/a.json': text({ type: 'string' }) },
    now: { 'events/a.json': text({ version, ...after }) },
  })

  test('may break in a new major version, and has to raise its version at all', async () => {
    expect(await judge({ events }, states('2.0.0'))).toEqual([])
    expect(await judge({ events }, states('1.1.0'))).toEqual([
      'events/a.json:4 error type-changed: backward: the event was string and is integer now: raise its version to 2.0.0, or keep the type',
    ])
    expect(await judge({ events }, states('1.0.0', { type: ['string', 'integer'] }))).toEqual([
      'events/a.json:3 warning same-version: it changed, and its version is still 1.0.0: raise it',
    ])
    expect((await judge({ events }, states('0.9.0', { type: 'string' }))).join()).toContain(
      'warning version-lowered: its version went from 1.0.0 to 0.9.0',
    )
  })

  test('is not judged where nothing is asked', async () => {
    expect(await judge({ events: { files: events, compatibility: 'none' } }, states('1.0.0'))).toEqual([])
  })

  test('that removes it breaks', async () => {
    const before = { 'events/a.json': text({}), 'events/b.json': text({}) }
    expect(await judge({ events }, { before, now: { 'events/a.json': text({}) } })).toEqual([
      ': error removed: the schema of an event `events/b.json` is removed, and whoever relies on it is left alone: keep it, or waive this with a reason',
    ])
  })

  test('that adds it breaks nothing', async () => {
    const now = { 'events/a.json': text({}), 'events/b.json': text({}) }
    expect(await judge({ events }, { before: { 'events/a.json': text({}) }, now })).toEqual([])
  })
})
