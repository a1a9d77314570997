/** Lets at most `count` holders work at once; the others wait in the order in which they came. */
export class Slots<T> {
  readonly #free: T[] = []
  readonly #waiting: ((slot: T) => void)[] = []
  #made = 0

  constructor(
    private readonly count: number,
    /** Makes what a holder works with, when it is first needed. */
    private readonly make: () => T,
  ) {}

  async acquire(): Promise<T> {
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#made < this.count) {
      this.#made += 1
      return this.make()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  release(slot: T): void {
    const next = this.#waiting.shift()
    if (next) next(slot)
    else this.#free.push(slot)
  }
}
