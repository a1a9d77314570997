import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ask, tell, unused } from '../../src/engine/breaker.js'
import type { BreakerState } from '../../src/history/entry.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

const limits = { failures: 3, open: 60 }

/** What happens around a breaker: time passes, an attempt asks to begin, one that runs ends. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(90) }),
  fc.record({ kind: fc.constant('begin' as const) }),
  fc.record({
    kind: fc.constant('end' as const),
    which: fc.nat(5),
    result: fc.constantFrom('success' as const, 'failure' as const, 'nothing' as const),
  }),
)

describe('a circuit breaker', () => {
  test('keeps its promises whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 120 }), (all) => {
        let state: BreakerState = unused
        let now = 1000
        let running: { probe: boolean }[] = []
        /** Failures in a row of attempts that count, told by the test itself. */
        let row = 0
        for (const one of all) {
          if (one.kind === 'wait') now += one.ms
          const probing = running.some(({ probe }) => probe)
          if (one.kind === 'begin') {
            const answer = ask(state, limits, now, probing)
            const openFor = state.since === undefined ? undefined : now - state.since
            // Closed: every attempt goes. Open for less than its time: none. After it: one, until that has ended.
            expect(answer.kind).toBe(openFor === undefined ? 'go' : openFor < limits.open || probing ? 'open' : 'probe')
            if (answer.kind !== 'open') running.push({ probe: answer.kind === 'probe' })
          }
          const ended = one.kind === 'end' ? running[one.which % Math.max(1, running.length)] : undefined
          if (one.kind !== 'end' || !ended) continue
          running = running.filter((other) => other !== ended)
          const before = state
          const told = tell(state, limits, { result: one.result, probe: ended.probe, now })
          state = told.state
          const counts = one.result !== 'nothing' && (before.since === undefined || ended.probe)
          if (!counts) expect(told).toEqual({ state: before })
          else row = one.result === 'failure' ? row + 1 : 0
          expect(state.failures).toBe(row)
          expect(state.since !== undefined).toBe(row >= limits.failures)
          expect(told.change === 'opened').toBe(counts && row >= limits.failures)
          expect(told.change === 'closed').toBe(counts && row === 0 && before.since !== undefined)
        }
      }),
      { numRuns: 300 },
    )
  })
})

const startsOf = ({ started }: Walked, script: string): number[] =>
  started.filter((one) => one.script === script).map(({ from }) => from)
const changesOf = ({ events }: Walked): string[] =>
  events.flatMap((event) => (event.type.startsWith('breaker.') ? [event.type] : []))

describe('steps with a breaker', () => {
  const many = (count: number, breaker: string): string =>
    `t:\n  on-failure: continue\n  steps:\n${Array.from({ length: count }, (_, i) => `    s${i + 1}: { run: call, breaker: ${breaker}${i ? `, needs: s${i}, if: always()` : ''} }\n`).join('')}`

  test('fail at once when it is open, as where a service failed', async () => {
    const done = await walk(many(7, 'registry'), { scripts: { call: { code: 1, takes: 1000 } } })
    expect(startsOf(done, 'call')).toHaveLength(5)
    expect(done.step('t/s6')).toMatchObject({
      status: 'failure',
      outside: true,
      attempts: 0,
      reason: expect.stringMatching(
        /^the breaker `registry` is open since \d\d:\d\d:\d\d UTC after 5 failures; next probe in 60s$/,
      ),
    })
    expect(changesOf(done)).toEqual([...Array<string>(4).fill('breaker.counted'), 'breaker.opened'])
    expect(done.outcome.notes).toEqual([
      'the breaker `registry` opened after 5 failures in a row, the last one of t/s5: for 1m the steps that name it fail at once',
    ])
  })

  test('fail with the exit code of a service that failed, when nothing else did', async () => {
    const done = await walk(
      'a: { steps: [{ run: call, continue-on-error: true, breaker: { name: r, failures: 1 } }] }\nb: { needs: a, steps: [{ run: call, breaker: r }] }',
      { scripts: { call: { code: 1 } } },
    )
    expect(done.exit).toBe(3)
  })

  test('let one through when its time is over: a success closes it', async () => {
    const text = `a: { steps: [{ id: s, run: down, continue-on-error: true, breaker: { name: r, failures: 1, open: 10s } }, { run: wait }] }
b: { needs: a, steps: { one: { run: up, breaker: r }, two: { run: up, breaker: r, continue-on-error: true }, last: { run: up, needs: [one, two], breaker: r } } }`
    const done = await walk(text, { scripts: { down: { code: 1 }, wait: { takes: 10_000 }, up: { takes: 500 } } })
    // While the probe runs, the others wait for nothing.
    expect(startsOf(done, 'up')).toEqual([10_000, 10_500])
    expect(done.step('b/two').reason).toMatch(/after a failure; a probe is under way$/)
    expect(changesOf(done)).toEqual(['breaker.opened', 'breaker.probed', 'breaker.closed'])
    expect(done.outcome.notes).toEqual(['the breaker `r` closed again: b/one succeeded'])
    expect(done.exit).toBe(0)
  })

  test('open it again when the probe fails', async () => {
    const done = await walk(
      't: { on-failure: continue, steps: { s: { run: call, breaker: { name: r, failures: 2, open: 5s }, retry: { retries: 9, delay: 2s, backoff: 1 } }, w: { run: wait }, p: { needs: w, run: call, breaker: r }, q: { needs: p, if: always(), run: call, breaker: r } } }',
      { scripts: { call: { code: 1 }, wait: { takes: 8000 } } },
    )
    expect(startsOf(done, 'call')).toEqual([0, 2000, 8000])
    expect(changesOf(done)).toEqual(['breaker.counted', 'breaker.opened', 'breaker.probed', 'breaker.opened'])
    expect(done.step('t/q').reason).toContain('after 3 failures; next probe in 5s')
  })

  test('ask it before each attempt: a retry that could not begin is not waited for', async () => {
    const done = await walk(
      't: { steps: [{ id: s, run: call, breaker: { name: r, failures: 3 }, retry: { retries: 9, delay: 1s, backoff: 1 } }] }',
      { scripts: { call: { code: 7 } } },
    )
    expect(startsOf(done, 'call')).toEqual([0, 1000, 2000])
    expect(done.step('t/s')).toMatchObject({ attempts: 3, status: 'failure' })
    expect(done.step('t/s').reason).toMatch(
      /^exit 7; the breaker `r` is open since .* after 3 failures; next probe in 60s$/,
    )
    expect(done.ports.clock.monotonic()).toBe(2000)
  })

  test('wait for its probe where a retry waits longer than it is open', async () => {
    const done = await walk(
      't: { steps: [{ id: s, run: call, breaker: { name: r, failures: 1, open: 5s }, retry: { retries: 2, delay: 6s } }] }',
      { scripts: { call: [{ code: 1 }, {}] } },
    )
    expect(done.step('t/s')).toMatchObject({ attempts: 2, status: 'success' })
    expect(changesOf(done)).toEqual(['breaker.opened', 'breaker.probed', 'breaker.closed'])
  })

  test('that were cancelled tell nothing, and a probe that was leaves its place to another', async () => {
    const done = await walk('t: { steps: { a: { run: call, breaker: { name: r, failures: 1 } }, b: { run: bad } } }', {
      scripts: { call: { hangs: true }, bad: { code: 1, takes: 10 } },
    })
    expect(done.step('t/a').status).toBe('cancelled')
    expect(changesOf(done)).toEqual([])
  })

  test('count a success as the end of a row, and a judged step as one', async () => {
    const done = await walk(many(6, '{ name: r, failures: 2 }'), {
      scripts: { call: (_: unknown, nth: number) => ({ code: nth % 2 === 0 ? 1 : 0 }) },
    })
    expect(startsOf(done, 'call')).toHaveLength(6)
    expect(changesOf(done)).toEqual(Array<string>(6).fill('breaker.counted'))
  })
})
