import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

const text = `t:
  steps:
    quick: { run: quick }
    work: { run: work }
    later: { needs: work, run: later }
    any: { needs: work, if: always(), run: any }
    cut: { needs: work, if: cancelled(), run: cut }
    sad: { needs: work, if: failure(), run: sad }
    watcher: { if: always(), run: watcher }
  finally:
    - { id: end, run: end }
    - { id: glad, if: success(), run: glad }
next: { needs: t, steps: [{ run: next }] }
clean: { needs: t, if: always(), steps: [{ run: clean }, { if: cancelled(), run: never }] }`
const scripts = { work: { hangs: true }, watcher: { takes: 5000 }, end: { takes: 100 }, any: { takes: 100 } }

describe('the first interrupt', () => {
  test('ends what runs, starts nothing more, and runs what must still run', async () => {
    const done = await walk(text, { scripts, cancelAt: 1000 })
    expect(done.status).toEqual({
      t: 'cancelled',
      't/quick': 'success',
      't/work': 'cancelled',
      't/later': 'cancelled',
      't/any': 'success',
      't/cut': 'success',
      't/sad': 'skipped',
      't/watcher': 'success',
      't/end': 'success',
      't/glad': 'skipped',
      next: 'cancelled',
      'next/1': 'cancelled',
      clean: 'success',
      'clean/1': 'success',
      'clean/2': 'skipped',
    })
    const started = new Map(done.started.map((one) => [one.script, one]))
    expect(started.get('work')).toMatchObject({ to: 1000, signals: ['SIGINT'] })
    expect(started.get('watcher')).toMatchObject({ to: 5000, signals: [] })
    expect(done.step('t/work').reason).toBe('stopped while it ran')
    expect(done.outcome).toMatchObject({ verdict: 'cancelled', reason: 'the run was cancelled' })
    expect(done.exit).toBe(130)
  })

  test('does not touch a stage whose condition asks to go on', async () => {
    const done = await walk(
      `a: { if: always(), steps: [{ run: long }, { run: after }] }
b: { steps: [{ run: long }, { run: after }] }`,
      { scripts: { long: { takes: 3000 } }, cancelAt: 1000 },
    )
    expect(done.status).toMatchObject({ a: 'success', 'a/2': 'success', b: 'cancelled', 'b/1': 'cancelled' })
    expect(done.exit).toBe(130)
  })

  test('waits for steps that ignore it, but not for ever', async () => {
    const done = await walk('t: { steps: [{ run: deaf }] }', {
      scripts: { deaf: { hangs: true, ignores: ['SIGINT', 'SIGTERM'] } },
      cancelAt: 1000,
    })
    expect(done.started[0]).toMatchObject({ to: 6000, signals: ['SIGINT', 'SIGTERM', 'SIGKILL'] })
    expect(done.step('t/1').status).toBe('cancelled')
  })

  test('is no success of a step that ends well after it', async () => {
    const done = await walk('t: { steps: [{ id: s, run: serve, reports: r.xml }] }', {
      scripts: { serve: { hangs: true, traps: { SIGINT: 0 } } },
      cancelAt: 1000,
    })
    expect(done.step('t/s')).toMatchObject({ status: 'cancelled', reports: [] })
    expect(done.outcome.verdicts).toEqual([])
  })

  test('cancels the instances that have not begun', async () => {
    const done = await walk('t: { matrix: { n: [1, 2] }, steps: [{ run: a }] }', {
      scripts: { a: { takes: 2000 } },
      cancelAt: 1000,
    })
    expect(done.status).toMatchObject({ 't[n=1]': 'cancelled', 't[n=2]': 'cancelled', 't[n=2]/1': 'cancelled' })
    expect(done.started).toHaveLength(1)
  })

  test('before anything began cancels everything', async () => {
    const done = await walk('t: { steps: [{ run: a }] }', { cancelAt: 0, scripts: { a: { hangs: true } } })
    expect(done.exit).toBe(130)
  })
})

test('the second interrupt kills at once, and nothing more runs', async () => {
  const done = await walk(text, {
    scripts: { ...scripts, work: { hangs: true, ignores: ['SIGINT'] } },
    cancelAt: 1000,
    killAt: 1500,
  })
  const started = new Map(done.started.map((one) => [one.script, one]))
  expect(started.get('work')).toMatchObject({ to: 1500, signals: ['SIGINT', 'SIGKILL'] })
  expect(started.get('watcher')).toMatchObject({ to: 1500, signals: expect.arrayContaining(['SIGKILL']) })
  expect([...started.keys()]).toEqual(['quick', 'work', 'watcher'])
  expect(done.status).toMatchObject({ 't/end': 'cancelled', clean: 'cancelled', t: 'cancelled' })
  expect(done.ports.clock.monotonic()).toBe(1500)
  expect(done.exit).toBe(130)
})

describe('when nothing can be recorded any more', () => {
  test('everything is ended, and the reason is told', async () => {
    let full = false
    const ended = walk('t: { steps: { fill: { run: fill }, serve: { run: serve } } }', {
      scripts: { fill: { stdout: 'much\n', takes: 10 }, serve: { hangs: true, ignores: ['SIGINT', 'SIGTERM'] } },
      with: ({ files, processes, clock }) => {
        clock.after(5, () => (full = true))
        files.failing = (doing, path) => (full && doing === 'writing' && path.includes('/.wf/') ? 'ENOSPC' : undefined)
        started = processes.started
      },
    })
    let started: { signals: string[]; exit?: unknown }[] = []
    await expect(ended).rejects.toThrow('no space left on the device while writing /repo/.wf/runs/')
    expect(started).toHaveLength(2)
    expect(started[1]).toMatchObject({ exit: { kind: 'signalled', signal: 'SIGKILL' } })
  })
})
