import { describe, expect, test } from '@jest/globals'
import { retryDelay } from '../../src/engine/retry.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

const startsOf = ({ started }: Walked, script: string): number[] =>
  started.filter((one) => one.script === script).map(({ from }) => from)

describe('retries', () => {
  test('wait longer each time, up to the limit', async () => {
    const done = await walk(
      't: { steps: [{ id: a, run: a, retry: { retries: 4, delay: 1s, backoff: 3, max-delay: 20s } }] }',
      { scripts: { a: { code: 1, takes: 100 } } },
    )
    expect(startsOf(done, 'a')).toEqual([0, 1100, 4200, 13_300, 33_400])
    expect(done.step('t/a')).toMatchObject({ status: 'failure', attempts: 5, reason: 'exit 1' })
  })

  test('end with the first success, whose outputs count', async () => {
    const done = await walk(
      `t: { steps: [{ id: a, run: a, retry: { retries: 3 } }, { assert: "steps.a.outputs.try == '2' && !steps.a.outputs.first" }] }`,
      {
        scripts: (files) => ({
          a: ({ env }, nth) => ({
            code: nth === 0 ? 1 : 0,
            does: () =>
              files.memory.write(env['GITHUB_OUTPUT'] ?? '', nth === 0 ? 'first=yes\n' : `try=${env['WF_ATTEMPT']}\n`),
          }),
        }),
      },
    )
    expect(done.step('t/a')).toMatchObject({ status: 'success', attempts: 2 })
    expect(done.exit).toBe(0)
    expect(startsOf(done, 'a')).toEqual([0, 1000])
  })

  test('shorten each wait by chance with `jitter`', async () => {
    const done = await walk('t: { steps: [{ run: a, retry: { retries: 3, delay: 8s, backoff: 2, jitter: true } }] }', {
      scripts: { a: { code: 1 } },
      fractions: [0.5, 0.25, 0],
    })
    expect(startsOf(done, 'a')).toEqual([0, 4000, 8000, 8000])
  })

  test('of a stage are those of each of its steps, unless a step says otherwise', async () => {
    const done = await walk(
      't: { on-failure: continue, retry: { retries: 1, delay: 5s }, steps: { a: { run: a }, b: { run: b, retry: { retries: 2, delay: 1ms } } } }',
      { scripts: { a: { code: 1 }, b: { code: 1 } } },
    )
    expect([startsOf(done, 'a').length, startsOf(done, 'b').length]).toEqual([2, 3])
  })

  test('go on only while `retry.if` holds for the attempt that failed', async () => {
    const text = `t: { steps: [{ id: a, run: a, retry: { retries: 5, delay: 1ms, if: "\${{ attempt.exit-code == 75 && attempt.number < 4 }}" } }] }`
    const often = await walk(text, { scripts: { a: { code: 75 } } })
    expect(often.step('t/a').attempts).toBe(4)
    const once = await walk(text, { scripts: { a: { code: 1 } } })
    expect(once.step('t/a').attempts).toBe(1)
  })

  test('can ask whether the attempt took too long', async () => {
    const done = await walk(
      `t: { steps: [{ id: a, run: a, timeout: 1s, retry: { retries: 5, delay: 1ms, if: attempt.timed-out } }] }`,
      { scripts: { a: [{ hangs: true }, { hangs: true }, { code: 1 }] } },
    )
    expect(done.step('t/a')).toMatchObject({ attempts: 3, reason: 'exit 1' })
  })

  test('whose condition cannot be evaluated fail the step with what it printed', async () => {
    const done = await walk(
      `t: { steps: [{ id: a, run: a, retry: { retries: 5, if: "\${{ fromJSON(github.event.x) }}" } }] }`,
      { scripts: { a: { code: 1, stderr: 'oops\n' } } },
    )
    expect(done.step('t/a')).toMatchObject({
      attempts: 1,
      reason: '${{ fromJSON(github.event.x) }}: fromJSON: the text is empty',
      tail: ['oops'],
    })
  })

  test('leave their slot to others while they wait', async () => {
    const done = await walk(
      't: { on-failure: continue, steps: { a: { run: a, retry: { retries: 1, delay: 10s } }, b: { run: b }, c: { run: c } } }',
      { concurrency: 1, scripts: { a: { code: 1, takes: 100 }, b: { takes: 3000 }, c: { takes: 3000 } } },
    )
    expect(startsOf(done, 'b')).toEqual([100])
    expect(startsOf(done, 'c')).toEqual([3100])
    expect(startsOf(done, 'a')).toEqual([0, 10_100])
    expect(done.ports.processes.mostAtOnce).toBe(1)
  })

  test('end when the run is cancelled', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, retry: { retries: 5, delay: 60s } }] }', {
      scripts: { a: { code: 1 } },
      cancelAt: 5000,
    })
    expect(startsOf(done, 'a')).toEqual([0])
    expect(done.step('t/a')).toMatchObject({ status: 'cancelled', reason: 'stopped between two attempts' })
    expect(done.ports.clock.monotonic()).toBe(5000)
    expect(done.exit).toBe(130)
  })

  test('are as many as the rule says for any numbers', () => {
    const retry = { retries: 9, delay: 100, backoff: 2, maxDelay: 1000, jitter: false, retryAfter: 1000 }
    expect([1, 2, 3, 4, 5, 60].map((nth) => retryDelay(retry, nth, 0.9))).toEqual([100, 200, 400, 800, 1000, 1000])
  })
})

describe('timeouts', () => {
  const ladder = 't: { steps: [{ id: a, run: a, timeout: 10s }] }'

  test('of an attempt send SIGINT, after 3 s SIGTERM, after 2 s more SIGKILL', async () => {
    const done = await walk(ladder, { scripts: { a: { hangs: true, ignores: ['SIGINT', 'SIGTERM'] } } })
    expect(done.started[0]).toMatchObject({ to: 15_000, signals: ['SIGINT', 'SIGTERM', 'SIGKILL'] })
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'took longer than 10s' })
    expect(done.exit).toBe(1)
  })

  test('are satisfied with the first signal that works', async () => {
    const int = await walk(ladder, { scripts: { a: { hangs: true } } })
    expect(int.started[0]).toMatchObject({ to: 10_000, signals: ['SIGINT'] })
    const term = await walk(ladder, { scripts: { a: { hangs: true, ignores: ['SIGINT'] } } })
    expect(term.started[0]).toMatchObject({ to: 13_000, signals: ['SIGINT', 'SIGTERM'] })
  })

  test('are no success, even when the process ends well after the signal', async () => {
    const done = await walk(ladder, { scripts: { a: { hangs: true, traps: { SIGINT: 0 } } } })
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'took longer than 10s' })
  })

  test('in total end all attempts and waits', async () => {
    const text =
      't: { steps: [{ id: a, run: a, timeout: { attempt: 4s, total: 10s }, retry: { retries: 9, delay: 2s, backoff: 1 } }] }'
    const running = await walk(text, { scripts: { a: { hangs: true } } })
    expect(startsOf(running, 'a')).toEqual([0, 6000])
    expect(running.step('t/a')).toMatchObject({
      status: 'failure',
      attempts: 2,
      reason: 'all attempts together took longer than 10s',
    })
    const waiting = await walk(text, { scripts: { a: { code: 1, takes: 3500 } } })
    expect(startsOf(waiting, 'a')).toEqual([0, 5500])
    expect(waiting.ports.clock.monotonic()).toBe(10_000)
  })

  test('leave a step alone that is done in time', async () => {
    const done = await walk('t: { steps: [{ run: a, timeout: { attempt: 5s, total: 5s } }, { run: b }] }', {
      scripts: { a: { takes: 4999 }, b: { takes: 60_000 } },
    })
    expect(done.exit).toBe(0)
    expect(done.ports.clock.pending).toBe(0)
  })
})

test('a program that cannot start, and one that dies by a signal, say so', async () => {
  const done = await walk('t: { on-failure: continue, steps: { a: { run: a }, b: { run: b } } }', {
    scripts: { a: { notStarted: 'the program bash was not found in PATH' }, b: { killedBy: 'SIGSEGV' } },
  })
  expect(done.step('t/a').reason).toBe('the program bash was not found in PATH')
  expect(done.step('t/b').reason).toBe('killed by SIGSEGV')
})
