import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { judge } from '../evidence/collectors/contracts/judge.js'
import { shop } from '../evidence/collectors/contracts/pairs.js'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const odd = fc.constantFrom<Json>(
  null,
  true,
  0,
  -1,
  '',
  'x',
  '#/components/schemas/Order',
  [],
  [null],
  {},
  { $ref: '#' },
  {
    $ref: 7,
  },
  { type: 'object', allOf: [null, { $ref: '#/nowhere' }] },
  { oneOf: [{}, 3] },
)

/** A value with something odd at one of its places; `at` chooses it. */
function mutated(value: Json, at: number, by: Json): Json {
  const places: ((by: Json) => Json)[] = []
  const visit = (node: Json, put: (by: Json) => Json): void => {
    places.push(put)
    if (Array.isArray(node))
      node.forEach((one, i) => visit(one, (by) => put(node.map((each, n) => (n === i ? by : each)))))
    else if (typeof node === 'object' && node !== null)
      for (const [key, one] of Object.entries(node)) visit(one, (by) => put({ ...node, [key]: by }))
  }
  visit(value, (by) => by)
  return places[at % places.length]?.(by) ?? null
}

test('a document in which anything is anything else is judged all the same', async () => {
  const whole = parse(shop) as Json
  const rules = {
    openapi: { files: '*.json', security: 'required' as const },
    events: { files: '*.json', compatibility: 'full' as const },
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(), odd, fc.nat(), odd, async (...[at, by, then, what]) => {
      const before = mutated(whole, at, by)
      const now = mutated(before, then, what)
      const found = await judge(rules, {
        before: { 'a.json': JSON.stringify(before) },
        now: { 'a.json': JSON.stringify(now) },
      })
      expect(found.length).toBeGreaterThan(0)
    }),
    { numRuns: 150 },
  )
})
