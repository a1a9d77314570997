import { describe, expect, test } from '@jest/globals'
import { array, assert, integer, property } from 'fast-check'
import { ancestors, findCycle } from '../../src/workflow/graph.js'

const graph = (edges: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(edges))

describe('the graph of needs', () => {
  test('a cycle is a closed trail', () => {
    expect(findCycle(graph({ a: ['b'], b: ['c'], c: ['a'] }))).toEqual(['a', 'b', 'c', 'a'])
    expect(findCycle(graph({ a: ['a'] }))).toEqual(['a', 'a'])
    expect(findCycle(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toBeUndefined()
  })

  test('a chain of 5,000 does not overflow', () => {
    const chain = new Map(Array.from({ length: 5000 }, (_, i) => [`s${i}`, i ? [`s${i - 1}`] : []]))
    expect(findCycle(chain)).toBeUndefined()
    expect(ancestors(chain, ['s4999']).size).toBe(4999)
  })

  test('a trail that is found is there, and edges that only lead back have none', () => {
    const edges = array(array(integer({ min: 0, max: 9 }), { maxLength: 3 }), { minLength: 10, maxLength: 10 })
    assert(
      property(edges, (rows) => {
        const any = new Map(rows.map((row, i) => [String(i), row.map(String)]))
        const trail = findCycle(any)
        if (trail) {
          expect(trail[0]).toBe(trail.at(-1))
          for (const [i, name] of trail.slice(0, -1).entries()) expect(any.get(name)).toContain(trail[i + 1])
        } else for (const name of any.keys()) expect(ancestors(any, [name]).has(name)).toBe(false)
        const backwards = new Map(rows.map((row, i) => [String(i), row.filter((n) => n < i).map(String)]))
        expect(findCycle(backwards)).toBeUndefined()
      }),
    )
  })
})
