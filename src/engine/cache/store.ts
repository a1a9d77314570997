/** An entry that a store keeps. */
export interface StoredEntry {
  name: string
  bytes: number
  /** When it was written or last used, in milliseconds since the epoch. */
  used: number
}

/**
 * Where entries are kept, by name; a name is letters, digits and `-`. What a store cannot do is an `OutsideError`, which never fails a
 * run: it goes on without the cache. Work that takes time ends when its signal says so.
 */
export interface CacheStore {
  /** What people call it: `folder`. */
  readonly name: string
  /**
   * A file with the entry, absolute, not to be changed; nothing when there is none. What lies elsewhere is written to `into`, which the
   * caller removes; what lies here is answered where it is.
   */
  get(name: string, into: string, signal: AbortSignal): Promise<string | undefined>
  /** Keeps the file under a name, or says why not; it is the store's from then on. Others see the whole entry or none. */
  put(name: string, file: string, signal: AbortSignal): Promise<string | undefined>
  remove(name: string, signal: AbortSignal): Promise<void>
  list(signal: AbortSignal): Promise<StoredEntry[]>
  /** Nothing more will be put: what was gathered is handed over. */
  end?(signal: AbortSignal): Promise<void>
  /** Its work is done when its calls return, so that no time limit could end it. */
  readonly immediate?: boolean
  /** It takes out by itself what is old or too much. */
  readonly prunesItself?: boolean
  /** Entries that can be had at once, where the store has such; the same entries as those of `get` and `put`. */
  readonly atHand?: EntriesAtHand
}

/** An entry's name and its bytes, which are not changed any more. */
export type NamedBytes = readonly [name: string, bytes: Uint8Array]

/** Entries that are asked for and kept without waiting, and without files of their own where they are small. */
export interface EntriesAtHand {
  /** They may be asked for and kept now; else what has to be waited for comes first. */
  readonly isReady: boolean
  ready(): Promise<void>
  /** The bytes of a small entry, or the file of a large one, absolute; not to be changed. */
  get(name: string): Uint8Array | string | undefined
  /** Keeps small entries together, all or none; false when they have to be `put` as files. */
  put(entries: readonly NamedBytes[]): boolean
}

/** What a store answered that may fail: an entry as its bytes or as a file, nothing, or why it could not be asked. */
export interface Found {
  bytes?: Uint8Array
  file?: string
  failed?: string
}

/** A store that never fails: what it could not do is told. */
export interface SafeStore {
  readonly name: string
  get(name: string, into: string): Found | Promise<Found>
  /** Why the entry is not kept; nothing when it is. */
  put(name: string, file: string): Promise<string | undefined>
  /** Keeps small entries together; not `kept`, and nothing `failed`: they have to be `put` as files. */
  putSmall(entries: readonly NamedBytes[]): Promise<{ kept: boolean; failed?: string }>
  remove(name: string): Promise<void>
  list(): Promise<StoredEntry[]>
  end(): Promise<void>
}
