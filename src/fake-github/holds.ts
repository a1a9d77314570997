/** Requests that are held, until they are released, their time is over, or their client is gone. */
export interface Holds {
  /** Holds until then; without `ms` until `release`. Answers whether the client is still there. */
  wait(gone: AbortSignal, ms?: number): Promise<boolean>
  /** Lets all go that are held now. */
  release(): void
  /** Resolves when so many are held at once. */
  held(count: number): Promise<void>
}

/** Holds nothing yet. */
export function createHolds(): Holds {
  const held = new Set<() => void>()
  const waiting = new Set<{ count: number; resolve: () => void }>()
  const tell = (): void => {
    for (const each of waiting)
      if (held.size >= each.count) {
        waiting.delete(each)
        each.resolve()
      }
  }
  return {
    wait: (gone, ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(() => end(true), ms)
        const end = (there: boolean): void => {
          clearTimeout(timer)
          held.delete(letGo)
          gone.removeEventListener('abort', leave)
          resolve(there)
        }
        const letGo = (): void => end(true)
        const leave = (): void => end(false)
        if (gone.aborted) return resolve(false)
        gone.addEventListener('abort', leave)
        held.add(letGo)
        tell()
      }),
    release: () => {
      for (const letGo of held) letGo()
    },
    held: (count) =>
      new Promise((resolve) => {
        waiting.add({ count, resolve })
        tell()
      }),
  }
}
