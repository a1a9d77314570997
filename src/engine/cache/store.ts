/** An entry that a store keeps. */
export interface StoredEntry {
  name: string
  bytes: number
  /** When it was written or last used, in milliseconds since the epoch. */
  used: number
}

/**
 * Where entries are kept, by name; a name is letters, digits and `-`. What a store cannot do is an `OutsideError`, which never fails a
 * run: it goes on without the cache.
 */
export interface CacheStore {
  /** What people call it: `folder`. */
  readonly name: string
  /** A file with the entry, absolute, not to be changed; nothing when there is none. */
  get(name: string): Promise<string | undefined>
  /** Keeps the file under a name; it is the store's from then on. Others see the whole entry or none. */
  put(name: string, file: string): Promise<void>
  remove(name: string): Promise<void>
  list(): Promise<StoredEntry[]>
  /** Nothing more will be put: what was gathered is handed over. */
  end?(): Promise<void>
}
