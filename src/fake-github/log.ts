/** One request as it is logged. */
export interface LogEntry {
  readonly seq: number
  /** When it came. */
  readonly at: string
  readonly method: string
  /** With the query. */
  readonly path: string
  /** GitHub's name of the operation, `graphql`, `artifact`, `page` for people, or `unknown route`. */
  route: string
  /** The login behind the token; `null` without authorization, or with one that is not known. */
  token: string | null
  /** 0 until it is answered, and when the connection was dropped. */
  status: number
  readonly mistakes: string[]
  /** The fault that was injected. */
  fault?: string
}

/** The requests so far, in the order in which they came. */
export interface Log {
  readonly entries: readonly LogEntry[]
  /** What clients, or the fake itself, did against GitHub's description; each with its request. */
  readonly mistakes: readonly string[]
  readonly begin: (method: string, path: string) => LogEntry
  readonly mistake: (entry: LogEntry, text: string) => void
  /** What changed something: writes that succeeded. */
  readonly writes: () => LogEntry[]
}

/** An empty log. */
export function createLog(now: () => number): Log {
  const entries: LogEntry[] = []
  const mistakes: string[] = []
  return {
    entries,
    mistakes,
    begin: (method, path) => {
      const at = new Date(now()).toISOString()
      const entry = { seq: entries.length + 1, at, method, path, route: '', token: null, status: 0, mistakes: [] }
      entries.push(entry)
      return entry
    },
    mistake: (entry, text) => {
      entry.mistakes.push(text)
      mistakes.push(`#${entry.seq} ${entry.method} ${entry.path}: ${text}`)
    },
    writes: () =>
      entries.filter(
        ({ method, status, route }) =>
          /^(POST|PATCH|PUT|DELETE)$/.test(method) && status >= 200 && status < 300 && route !== 'graphql',
      ),
  }
}
