import { describe, expect, test } from '@jest/globals'
import { hostClock } from '../../src/host/clock.js'
import type { Clock } from '../../src/ports.js'
import { FakeClock } from '../support/clock.js'

interface Subject {
  clock: Clock
  /** Waits for a promise that this clock will keep. */
  settle: <T>(promise: Promise<T>) => Promise<T>
}
function fake(): Subject {
  const clock = new FakeClock()
  return { clock, settle: (promise) => clock.settle(promise) }
}
const subjects: [string, () => Subject][] = [
  ['that a test moves', fake],
  ['of the host', () => ({ clock: hostClock(), settle: (promise) => promise })],
]

describe.each(subjects)('a clock %s', (_, make) => {
  const wait = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))

  test('tells the time, and time passes while it waits', async () => {
    const { clock, settle } = make()
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    expect(now).toBeGreaterThan(Date.UTC(2024, 0, 1))
    await settle(wait(clock, 10))
    expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(9)
    expect(clock.now() - now).toBeGreaterThanOrEqual(9)
  })

  test('calls back once, in the order of the times, and never synchronously', async () => {
    const { clock, settle } = make()
    const called: string[] = []
    clock.after(6, () => called.push('later'))
    clock.after(1, () => called.push('sooner'))
    clock.after(0, () => called.push('now'))
    expect(called).toEqual([])
    await settle(wait(clock, 12))
    expect(called.filter((name) => name !== 'now')).toEqual(['sooner', 'later'])
    expect(called).toHaveLength(3)
  })

  test('what is cancelled does not call back, and cancelling again or too late does nothing', async () => {
    const { clock, settle } = make()
    let called = 0
    const cancel = clock.after(1, () => called++)
    const done = clock.after(1, () => called++)
    cancel()
    cancel()
    await settle(wait(clock, 3))
    done()
    expect(called).toBe(1)
  })

  test('a wait of years is no wait of none', async () => {
    const { clock, settle } = make()
    let called = 0
    const cancel = clock.after(2 ** 45, () => called++)
    await settle(wait(clock, 3))
    cancel()
    expect(called).toBe(0)
  })
})
