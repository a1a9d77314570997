import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Halt } from '../../src/engine/halt.js'
import { Slots } from '../../src/engine/slots.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

const timesOf = ({ started }: Walked): [string, number][] => started.map(({ script, from }) => [script, from])

describe('a pool', () => {
  test('of one is a mutex across stages, in the order of arrival', async () => {
    const done = await walk(
      `a: { steps: [{ run: first, pool: database }] }
b: { steps: [{ run: second, pool: database }] }
c: { steps: [{ run: third, pool: database }, { run: free }] }`,
      { scripts: { first: { takes: 1000 }, second: { takes: 1000 }, third: { takes: 1000 } } },
    )
    expect(timesOf(done)).toEqual([
      ['first', 0],
      ['second', 1000],
      ['third', 2000],
      ['free', 3000],
    ])
  })

  test('lets so many work at once as its size says, wherever it is said', async () => {
    const done = await walk(
      't: { steps: { a: { run: work, pool: db }, b: { run: work, pool: { name: db, size: 2 } }, c: { run: work, pool: db }, d: { run: work, pool: db } } }',
      { concurrency: 9, scripts: { work: { takes: 1000 } } },
    )
    expect(timesOf(done).map(([, from]) => from)).toEqual([0, 0, 1000, 1000])
  })

  test('of a stage is that of each of its steps that names none', async () => {
    const done = await walk(
      `t: { pool: { name: few, size: 1 }, steps: { a: { run: a }, b: { run: b }, c: { run: c, pool: other } }, finally: [{ run: end }] }`,
      { scripts: { a: { takes: 1000 }, b: { takes: 1000 }, c: { takes: 1000 } } },
    )
    expect(timesOf(done)).toEqual([
      ['a', 0],
      ['c', 0],
      ['b', 1000],
      ['end', 2000],
    ])
  })

  test('takes no slot of the run from others while a step waits for it', async () => {
    const done = await walk(
      't: { steps: { a: { run: a, pool: m }, b: { run: b, pool: m }, c: { run: c, pool: m }, d: { run: d } } }',
      { concurrency: 2, scripts: { a: { takes: 1000 }, d: { takes: 500 } } },
    )
    expect(timesOf(done).filter(([, from]) => from === 0)).toEqual(
      expect.arrayContaining([
        ['a', 0],
        ['d', 0],
      ]),
    )
  })

  test('is left while a step waits between two attempts', async () => {
    const done = await walk(
      't: { on-failure: continue, steps: { a: { run: a, pool: m, retry: { retries: 1, delay: 10s } }, b: { run: b, pool: m } } }',
      { concurrency: 1, scripts: { a: { code: 1, takes: 100 }, b: { takes: 3000 } } },
    )
    expect(timesOf(done)).toEqual([
      ['a', 0],
      ['b', 100],
      ['a', 10_100],
    ])
  })

  test('keeps nobody waiting who was cancelled', async () => {
    const done = await walk(
      'a: { if: always(), steps: [{ run: long, pool: m }] }\nb: { steps: [{ id: w, run: never, pool: m }] }',
      { scripts: { long: { takes: 60_000 } }, cancelAt: 1000 },
    )
    expect(done.step('b/w')).toMatchObject({ status: 'cancelled', reason: 'the run was cancelled' })
    const at = done.lines.find(({ event }) => event.type === 'step.finished' && event.step === 'b/w')?.at ?? 0
    expect(at - (done.lines[0]?.at ?? 0)).toBe(1000)
    expect(timesOf(done).map(([script]) => script)).toEqual(['long'])
  })

  test('is waited for by a step that runs whatever happened', async () => {
    const done = await walk(
      'a: { if: always(), steps: [{ run: long, pool: m }] }\nb: { steps: { bad: { run: bad }, w: { if: always(), run: tidy, pool: m } } }',
      { scripts: { long: { takes: 5000 }, bad: { code: 1, takes: 100 } }, cancelAt: 1000 },
    )
    expect(timesOf(done)).toContainEqual(['tidy', 5000])
  })
})

describe('slots', () => {
  test('are never more than their number, go in the order of asking, and none is lost', async () => {
    const acts = fc.array(
      fc.oneof(fc.constant('ask' as const), fc.record({ release: fc.nat(9) }), fc.record({ withdraw: fc.nat(9) })),
      { maxLength: 80 },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), acts, async (count, all) => {
        const slots = new Slots<object>(count, () => ({}))
        const held: object[] = []
        const waiting: { halt: Halt; number: number }[] = []
        const got: number[] = []
        let asked = 0
        const settle = async (): Promise<void> => void (await new Promise((done) => setImmediate(done)))
        for (const act of all) {
          if (act === 'ask') {
            const one = { halt: new Halt(), number: asked++ }
            waiting.push(one)
            void slots.acquire(one.halt).then((slot) => {
              waiting.splice(waiting.indexOf(one), 1)
              if (slot) {
                held.push(slot)
                got.push(one.number)
              }
            })
          } else if ('release' in act) {
            const [slot] = held.splice(act.release % Math.max(1, held.length), 1)
            if (slot) slots.release(slot)
          } else waiting[act.withdraw % Math.max(1, waiting.length)]?.halt.halt()
          await settle()
          expect(held.length).toBeLessThanOrEqual(count)
          expect(new Set(held).size).toBe(held.length)
          if (waiting.length) expect(held.length).toBe(count)
        }
        expect(got).toEqual(got.toSorted((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })
})
