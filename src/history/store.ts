import type { Entry } from './entry.js'
import type { Retention, Selected } from './lines.js'

/** Where entries of one workflow are kept. Nothing here throws for what the outside does. */
export interface Store {
  /** What is known of these commits. */
  read(commits: readonly string[], signal: AbortSignal): Promise<Reading>
  /** Adds an entry, and drops what is no longer to be kept. */
  append(entry: Entry, retention: Retention, signal: AbortSignal): Promise<Appended>
}

export type Reading = ({ ok: true; isEmpty: boolean } & Selected) | { ok: false; reason: string }

/** `refused`: whoever asks may not write there. `network`: everything else that failed. */
export type Appended =
  | { ok: true; id: string; url: string | null }
  | { ok: false; kind: 'refused' | 'network' | 'cancelled'; message: string }

/** The second store where the first cannot be had, for reading and for adding. */
export const either = (first: Store, second: Store): Store => ({
  async read(...args) {
    const read = await first.read(...args)
    return read.ok ? read : second.read(...args)
  },
  async append(...args) {
    const done = await first.append(...args)
    return done.ok || done.kind === 'cancelled' ? done : second.append(...args)
  },
})

/** Several stores read as one; entries are added to the first. */
export const together = (first: Store, ...others: readonly Store[]): Store => ({
  append: (...args) => first.append(...args),
  async read(commits, signal) {
    const all = await Promise.all([first, ...others].map((store) => store.read(commits, signal)))
    const told = all.flatMap((one) => (one.ok ? [one] : []))
    const [failed] = all
    if (!told.length && failed) return failed
    const entries = told.flatMap((one) => one.entries).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    const ignored = told.reduce((sum, one) => sum + one.ignored, 0)
    return { ok: true, isEmpty: told.every(({ isEmpty }) => isEmpty), entries, ignored }
  },
})
