import type { SafeStore, StoredEntry } from './store.js'

/** How much is kept, and for how long. */
export interface CacheLimits {
  bytes: number
  /** Milliseconds. */
  age: number
}

/** What is to go: what was not used for too long, and of the rest what was used longest ago until all fits. */
export function surplus<E extends Pick<StoredEntry, 'bytes' | 'used'>>(
  entries: readonly E[],
  limits: CacheLimits,
  now: number,
): E[] {
  let bytes = 0
  return [...entries]
    .sort((a, b) => b.used - a.used)
    .filter((entry) => {
      const isKept = now - entry.used <= limits.age && bytes + entry.bytes <= limits.bytes
      if (isKept) bytes += entry.bytes
      return !isKept
    })
}

/** Takes the surplus out of a store; answers what went. */
export async function prune(store: SafeStore, limits: CacheLimits, now: number): Promise<StoredEntry[]> {
  const gone = surplus(await store.list(), limits, now)
  for (const { name } of gone) await store.remove(name)
  return gone
}
