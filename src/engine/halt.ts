/**
 * Something that ends once and for all. Unlike an AbortSignal, which warns of a leak beyond ten listeners, any number may listen; they
 * are told in the order in which they came.
 */
export class Halt {
  #halted = false
  readonly #listeners = new Set<() => void>()

  get halted(): boolean {
    return this.#halted
  }

  halt(): void {
    if (this.#halted) return
    this.#halted = true
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
  }

  /** Calls back once, at once when it has ended already; the answer stops listening. */
  on(listener: () => void): () => void {
    if (this.#halted) {
      listener()
      return () => undefined
    }
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** A halt that ends with a signal from outside. */
export function haltOf(signal: AbortSignal): Halt {
  const halt = new Halt()
  if (signal.aborted) halt.halt()
  else signal.addEventListener('abort', () => halt.halt(), { once: true })
  return halt
}

/** A signal, as other libraries want one, that is aborted when something ends; `forget` when it is needed no more. */
export function signalOf(halt: Halt): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, forget: halt.on(() => controller.abort()) }
}
