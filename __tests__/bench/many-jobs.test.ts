import { describe, expect, test } from '@jest/globals'
import { defaults, manyJobs, oneJob, pointFrom, shapes } from '../../bench/many-jobs/model.mjs'
import { billedMinutes, schedule } from '../../bench/many-jobs/schedule.mjs'

const job = (work: number, ...needs: number[]) => ({ work, needs })

describe('the scheduler of the simulator', () => {
  test('runs one job after another on one runner, in their order', () => {
    const { spans, wall } = schedule([job(3), job(4), job(5)], 1)
    expect(wall).toBe(12)
    expect(spans.map(({ from, until }) => [from, until])).toEqual([
      [0, 3],
      [3, 7],
      [7, 12],
    ])
  })

  test('gives a free runner to whoever is ready first', () => {
    // Two runners: 0 until 4, 1 until 1, then 2 until 6; 3 is ready at 1 and begins at 4.
    const { spans, wall } = schedule([job(4), job(1), job(5), job(1, 1)], 2)
    expect(spans.map(({ ready, from, until }) => [ready, from, until])).toEqual([
      [0, 0, 4],
      [0, 0, 1],
      [0, 1, 6],
      [1, 4, 5],
    ])
    expect(wall).toBe(6)
  })

  test('begins a job when the last of those that it needs has ended, and it has a runner', () => {
    // A diamond: 0, then 1 and 2, then 3.
    expect(schedule([job(2), job(3, 0), job(7, 0), job(1, 1, 2)], 10).wall).toBe(10)
    expect(schedule([job(2), job(3, 0), job(7, 0), job(1, 1, 2)], 1).wall).toBe(13)
  })

  test('keeps a runner busy while it is made ready, which nobody pays for', () => {
    const { spans, wall } = schedule(
      [
        { needs: [], work: 50, wait: 20 },
        { needs: [0], work: 61, wait: 20 },
      ],
      5,
    )
    expect(wall).toBe(151)
    expect(billedMinutes(spans)).toBe(1 + 2)
  })

  test('tells work how many jobs have ended when it begins', () => {
    const work = (ended: number): number => 10 + ended
    expect(schedule([job(1), job(1), { needs: [0, 1], work }], 1).wall).toBe(14)
  })

  test('pays whole minutes exactly', () => {
    expect(billedMinutes([{ ready: 0, from: 0, until: 60 }])).toBe(1)
    expect(billedMinutes([{ ready: 0, from: 0, until: 60.5 }])).toBe(2)
  })

  test('refuses jobs that need each other', () => {
    expect(() => schedule([job(1, 1), job(1, 0)], 1)).toThrow('in a circle')
  })
})

describe('the model of the simulator', () => {
  /** Costs that can be reckoned in one's head; nothing but waiting and checking out. */
  const known = { queue: 10, checkout: 5, send: 1, fetch: 1, cores: 4, all: 1 }
  const cost = {
    ...Object.fromEntries(Object.keys(defaults).map((name) => [name, 0])),
    ...known,
  }

  test('adds up one job and many', () => {
    const stages = shapes.wide(8)
    // 10 until it is there, 5 to check out, twice 60 for four at once.
    expect(oneJob(stages, 60, cost)).toEqual({ wall: 135, minutes: 3 })
    // A plan, eight at once, a verdict, each with 10 and 5 before.
    expect(manyJobs(stages, 60, 8, cost)).toEqual({ wall: 15 + 75 + 15, minutes: 1 + 8 * 2 + 1 })
    expect(manyJobs(stages, 60, 4, cost).wall).toBe(15 + 2 * 75 + 15)
  })

  test('fetches the journals of all that ended before, five at once', () => {
    const stages = shapes.chain(7)
    const fetching = { ...cost, list: 1, down: 2 }
    // The seventh stage fetches six journals in two goes, the second to sixth one to five in one; the verdict seven in two. The files of
    // the first stage go to six others.
    const stage = 15 + 60
    const wall = 15 + 7 * stage + 5 * (1 + 2) + (1 + 4) + 6 * (1 + 2) + 15 + (1 + 4)
    expect(manyJobs(stages, 60, 9, fetching).wall).toBe(wall)
    // Of stages that do not need each other none fetches anything, however many have ended.
    expect(manyJobs(shapes.wide(7), 60, 1, fetching).wall).toBe(15 + 7 * stage + 15 + (1 + 4))
  })

  test('may fetch only the journals of what a stage needs', () => {
    const stages = [[], [], [], [], [], [], [], [0]]
    const wall = (all: number): number => manyJobs(stages, 60, 1, { ...cost, list: 1, down: 2, all }).wall
    // Two goes for seven journals instead of one for one.
    expect(wall(1) - wall(0)).toBe(2)
  })

  test('a layer needs only stages of the layer before', () => {
    const layers = shapes.layers(100)
    for (const [at, needs] of layers.entries())
      for (const need of needs) expect(Math.floor(need / 10)).toBe(Math.floor(at / 10) - 1)
    expect(layers[99]).toHaveLength(3)
  })

  test('many jobs pay off from more stages than one runner works at once, and never in a chain', () => {
    const all = (shape: (count: number) => number[][]) => Array.from({ length: 20 }, (_, i) => shape(i + 1))
    expect(pointFrom(all(shapes.wide), 60, 20, cost)).toBe(5)
    expect(pointFrom(all(shapes.chain), 60, 20, cost)).toBeUndefined()
  })
})
