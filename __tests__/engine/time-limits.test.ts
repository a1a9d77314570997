import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

const wide = (text: string): string => `version: 1\nname: walk\n${text}`

describe('a limit of the time of a stage', () => {
  test('ends what runs as a cancel does, runs its last steps, and is a failure with its reason', async () => {
    const done = await walk(
      `t: { timeout: 20m, steps: { a: { run: quick }, b: { run: slow }, c: { needs: b, run: c }, d: { if: always(), needs: a, run: slow } }, finally: [{ run: tidy }, { if: failure(), run: sad }, { if: success(), run: glad }] }
next: { needs: t, steps: [{ run: next }] }
apart: { steps: [{ run: apart }] }`,
      {
        scripts: {
          slow: { hangs: true, ignores: ['SIGINT', 'SIGTERM'] },
          tidy: { takes: 1000 },
          apart: { takes: 3_000_000 },
        },
      },
    )
    expect(done.status).toMatchObject({
      t: 'failure',
      't/a': 'success',
      't/b': 'failure',
      't/c': 'skipped',
      't/d': 'failure',
      't/finally-1': 'success',
      't/finally-2': 'success',
      't/finally-3': 'skipped',
      next: 'skipped',
      apart: 'success',
    })
    const minutes = 20 * 60_000
    expect(done.started.find(({ script }) => script === 'slow')).toMatchObject({
      to: minutes + 5000,
      signals: ['SIGINT', 'SIGTERM', 'SIGKILL'],
    })
    expect(done.outcome.stages[0]).toMatchObject({ status: 'failure', reason: 'took longer than 20m' })
    expect(done.step('t/b').reason).toBe('the stage took longer than 20m')
    expect(done.step('t/c').reason).toBe('the stage took longer than 20m')
    expect(done.outcome.stages[1]?.reason).toBe('it needs `t`, which failed')
    expect(done.outcome.verdict).toBe('fail')
    expect(done.exit).toBe(1)
  })

  test('holds for all its instances together, and a next one does not begin', async () => {
    const done = await walk(
      't: { matrix: { n: [1, 2, 3] }, timeout: 15s, on-failure: continue, steps: [{ run: a }] }',
      {
        scripts: { a: { takes: 10_000 } },
      },
    )
    expect(done.status).toMatchObject({ 't[n=1]': 'success', 't[n=2]': 'failure', 't[n=3]': 'skipped', t: 'failure' })
    expect(done.started).toHaveLength(2)
    expect(done.outcome.stages[0]?.instances.map(({ reason }) => reason)).toEqual([
      undefined,
      'took longer than 15s',
      'the stage took longer than 15s',
    ])
  })

  test('ends a wait between two attempts, a wait for a pool, and tells no breaker of it', async () => {
    const done = await walk(
      `t: { timeout: 5s, on-failure: continue, steps: { w: { run: bad, breaker: { name: r, failures: 2 }, retry: { retries: 3, delay: 60s } }, p: { run: p, pool: m }, q: { run: slow, breaker: r } } }
o: { steps: [{ run: long, pool: m }] }`,
      {
        concurrency: 9,
        scripts: { bad: { code: 1 }, slow: { hangs: true }, p: { takes: 60_000 }, long: { takes: 60_000 } },
      },
    )
    expect(done.status).toMatchObject({ 't/w': 'failure', t: 'failure', o: 'success' })
    expect(done.step('t/w').reason).toBe('the stage took longer than 5s')
    expect(done.events.filter(({ type }) => type === 'breaker.opened')).toEqual([])
    const at = done.lines.find(({ event }) => event.type === 'stage.finished' && event.stage === 't')?.at ?? 0
    expect(at - (done.lines[0]?.at ?? 0)).toBe(5000)
  })

  test('leaves a stage alone that is done in time', async () => {
    const done = await walk('t: { timeout: 5s, steps: [{ run: a }] }\nu: { needs: t, steps: [{ run: b }] }', {
      scripts: { a: { takes: 4999 }, b: { takes: 60_000 } },
    })
    expect(done.exit).toBe(0)
    expect(done.ports.clock.pending).toBe(0)
  })

  test('ends its last steps too, when they take five minutes more', async () => {
    const done = await walk(
      't: { timeout: 10s, steps: [{ run: a }], finally: [{ id: f, run: hang }, { id: g, run: g }] }',
      {
        scripts: { a: { takes: 5000 }, hang: { hangs: true } },
      },
    )
    expect(done.step('t/f')).toMatchObject({
      status: 'failure',
      reason: 'the stage took longer than 10s, and its last steps longer than 5m more',
    })
    expect(done.step('t/g').status).toBe('skipped')
    expect(done.ports.clock.monotonic()).toBe(310_000)
  })

  test('that comes after a cancel makes no failure of it', async () => {
    const done = await walk('t: { timeout: 10s, steps: [{ run: a }] }', {
      scripts: { a: { hangs: true, ignores: ['SIGINT', 'SIGTERM'] } },
      cancelAt: 8000,
    })
    expect(done.status).toMatchObject({ t: 'cancelled', 't/1': 'cancelled' })
    expect(done.exit).toBe(130)
  })
})

describe('a limit of the time of the run', () => {
  test('ends every stage; those that did not begin failed for want of time, what needs them is skipped', async () => {
    const done = await walk(
      wide(`timeout: 1h
stages:
  a: { steps: [{ run: slow }], finally: [{ run: tidy }] }
  b: { steps: [{ run: quick }] }
  c: { needs: b, if: always(), steps: [{ run: slow }] }
  d: { needs: a, steps: [{ run: never }] }
  e: { needs: a, if: always(), steps: [{ run: never }] }`),
      { scripts: { slow: { hangs: true }, tidy: { takes: 1000 } } },
    )
    expect(done.status).toMatchObject({ a: 'failure', b: 'success', c: 'failure', d: 'skipped', e: 'failure' })
    expect(done.outcome.stages.map(({ reason }) => reason)).toEqual([
      'the run took longer than 1h',
      undefined,
      'the run took longer than 1h',
      'it needs `a`, which failed',
      'the run took longer than 1h',
    ])
    expect(done.step('a/1').reason).toBe('the run took longer than 1h')
    expect(done.started.map(({ script }) => script)).toContain('tidy')
    expect(done.started.map(({ script }) => script)).not.toContain('never')
    expect(done.outcome.verdict).toBe('fail')
    expect(done.ports.clock.monotonic()).toBe(3_601_000)
  })

  test('leaves nothing behind when all is done in time', async () => {
    const done = await walk(wide('timeout: 1h\nstages: { t: { steps: [{ run: a }] } }'))
    expect(done.exit).toBe(0)
    expect(done.ports.clock.pending).toBe(0)
  })
})
