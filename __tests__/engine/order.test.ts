import { describe, expect, test } from '@jest/globals'
import { assert as holds, asyncProperty, integer, record, array } from 'fast-check'
import { runGraph } from '../../src/engine/graph.js'
import { walk } from '../support/walk.js'

const scriptsOf = ({ started }: Awaited<ReturnType<typeof walk>>): string[] => started.map(({ script }) => script)

describe('steps run', () => {
  test('one after another in a list, with numbers for those without an id', async () => {
    const done = await walk('t: { steps: [{ run: a }, { id: second, run: b }, { run: c }] }', {
      scripts: { a: { takes: 30 }, b: { takes: 20 }, c: { takes: 10 } },
    })
    expect(done.started.map(({ script, from, to }) => [script, from, to])).toEqual([
      ['a', 0, 30],
      ['b', 30, 50],
      ['c', 50, 60],
    ])
    expect(done.status).toEqual({ t: 'success', 't/1': 'success', 't/second': 'success', 't/3': 'success' })
    expect(done.exit).toBe(0)
  })

  test('by their needs in a map: a diamond runs its sides at once', async () => {
    const done = await walk(
      `t:
  steps:
    bottom: { needs: [left, right], run: bottom }
    left: { needs: top, run: left }
    right: { needs: top, run: right }
    top: { run: top }`,
      { scripts: { top: { takes: 5 }, left: { takes: 10 }, right: { takes: 20 }, bottom: { takes: 1 } } },
    )
    expect(done.started.map(({ script, from }) => [script, from])).toEqual([
      ['top', 0],
      ['left', 5],
      ['right', 5],
      ['bottom', 25],
    ])
  })

  test('at most as many at once as there are slots, in the order of the file', async () => {
    const steps = Array.from({ length: 9 }, (_, i) => `s${i}: { run: s${i} }`).join(', ')
    const done = await walk(`t: { steps: { ${steps} } }`, {
      concurrency: 3,
      scripts: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}`, { takes: 10 }])),
    })
    expect(done.ports.processes.mostAtOnce).toBe(3)
    expect(scriptsOf(done)).toEqual(Array.from({ length: 9 }, (_, i) => `s${i}`))
    expect(done.ports.clock.monotonic()).toBe(30)
  })

  test('of several stages at once, and of a matrix one instance after another', async () => {
    const done = await walk(
      `one: { matrix: { n: [1, 2, 3] }, steps: [{ run: one }] }
two: { steps: [{ run: two }] }`,
      { scripts: { one: { takes: 10 }, two: { takes: 25 } } },
    )
    expect(done.started.map(({ script, from }) => [script, from])).toEqual([
      ['one', 0],
      ['two', 0],
      ['one', 10],
      ['one', 20],
    ])
    expect(Object.keys(done.status)).toEqual([
      'one',
      'one[n=1]',
      'one[n=1]/1',
      'one[n=2]',
      'one[n=2]/1',
      'one[n=3]',
      'one[n=3]/1',
      'two',
      'two/1',
    ])
  })

  test('only of the target and what it needs', async () => {
    const text = `build: { steps: [{ run: build }] }
other: { steps: [{ run: other }] }
test: { needs: build, steps: [{ run: test }] }
after: { needs: test, steps: [{ run: after }] }`
    expect(scriptsOf(await walk(text, { target: 'test' }))).toEqual(['build', 'test'])
  })
})

describe('a graph', () => {
  const graphs = integer({ min: 1, max: 25 }).chain((size) =>
    record({
      takes: array(integer({ min: 0, max: 5 }), { minLength: size, maxLength: size }),
      needs: array(array(integer({ min: 0, max: 24 }), { maxLength: 5 }), { minLength: size, maxLength: size }),
      slots: integer({ min: 1, max: 4 }),
    }),
  )

  test('starts each step after all that it needs, once, within the slots, and ends', async () => {
    await holds(
      asyncProperty(graphs, async ({ takes, needs, slots }) => {
        const steps = takes.map((_, i) => {
          const before = [...new Set((needs[i] ?? []).filter((n) => n < i))].map((n) => `s${n}`)
          return `s${i}: { run: s${i}${before.length ? `, needs: [${before.join(', ')}]` : ''} }`
        })
        const done = await walk(`t: { steps: { ${steps.join(', ')} } }`, {
          concurrency: slots,
          scripts: Object.fromEntries(takes.map((ms, i) => [`s${i}`, { takes: ms }])),
        })
        expect(done.started).toHaveLength(takes.length)
        const times = new Map(done.started.map((one) => [one.script, one]))
        for (const [i, list] of needs.entries())
          for (const n of list)
            if (n < i) expect(times.get(`s${n}`)?.to ?? Infinity).toBeLessThanOrEqual(times.get(`s${i}`)?.from ?? -1)
        expect(done.ports.processes.mostAtOnce).toBeLessThanOrEqual(slots)
        expect(done.exit).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  test('starts nothing after a bug, and ends when what runs has ended', async () => {
    const seen: string[] = []
    let finish = (): void => undefined
    const slow = new Promise<void>((resolve) => (finish = resolve))
    const items = [
      { id: 'bug', needs: [] },
      { id: 'slow', needs: [] },
      { id: 'next', needs: ['slow'] },
    ]
    const ended = runGraph(items, async ({ id }) => {
      if (id === 'bug') throw new Error('oops')
      if (id === 'slow') await slow
      seen.push(id)
    }).catch((cause: unknown) => seen.push(String(cause)))
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual([])
    finish()
    await ended
    expect(seen).toEqual(['slow', 'Error: oops'])
  })
})
