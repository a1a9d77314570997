import type { Halt } from './halt.js'

/** Lets at most `count` holders work at once; the others wait in the order in which they came. */
export class Slots<T> {
  readonly #free: T[] = []
  readonly #waiting = new Set<(slot: T) => void>()
  #made = 0

  constructor(
    private readonly count: number,
    /** Makes what a holder works with, when it is first needed. */
    private readonly make: () => T,
  ) {}

  /** A slot, or nothing when `until` has ended before there was one. */
  async acquire(): Promise<T>
  async acquire(until: Halt | undefined): Promise<T | undefined>
  async acquire(until?: Halt): Promise<T | undefined> {
    if (until?.halted) return undefined
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#made < this.count) {
      this.#made += 1
      return this.make()
    }
    return new Promise((resolve) => {
      const take = (slot: T): void => {
        forget()
        resolve(slot)
      }
      this.#waiting.add(take)
      const forget =
        until?.on(() => {
          this.#waiting.delete(take)
          resolve(undefined)
        }) ?? ((): void => undefined)
    })
  }

  release(slot: T): void {
    const [next] = this.#waiting
    if (!next) return void this.#free.push(slot)
    this.#waiting.delete(next)
    next(slot)
  }
}
