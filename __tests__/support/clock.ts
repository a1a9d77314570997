import type { Clock } from '../../src/ports.js'

interface Timer {
  due: number
  order: number
  callback: () => void
}

/** Lets everything that is ready run: all promise chains, and what they start in turn. */
export const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that moves only when a test says so. Callbacks run in the order of their due times, then of their making. */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>()
  private elapsed = 0
  private made = 0

  constructor(readonly start = Date.UTC(2025, 0, 1)) {}

  now(): number {
    return this.start + this.elapsed
  }

  monotonic(): number {
    return this.elapsed
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.elapsed + Math.max(0, ms), order: this.made++, callback }
    this.timers.add(timer)
    return () => void this.timers.delete(timer)
  }

  /** How many callbacks still wait. */
  get pending(): number {
    return this.timers.size
  }

  /** Moves time forward, running what falls due at its own time and letting promises settle between. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms
    await flush()
    for (let next = this.next(); next && next.due <= end; next = this.next()) await this.fire(next)
    this.elapsed = Math.max(this.elapsed, end)
    await flush()
  }

  /**
   * Waits for a promise, jumping to the next timer whenever nothing else moves. All that the promise waits for must be
   * this clock or other fakes: real input and output takes real time, which this would skip.
   */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    promise.catch(() => undefined).finally(() => void (settled = true))
    for (;;) {
      await flush()
      if (settled) return promise
      const next = this.next()
      if (next) await this.fire(next)
    }
  }

  private next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers)
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer
    return first
  }

  private async fire(timer: Timer): Promise<void> {
    this.timers.delete(timer)
    this.elapsed = Math.max(this.elapsed, timer.due)
    timer.callback()
    await flush()
  }
}
