/** One request as it is logged. */
export interface LogEntry {
  readonly seq: number
  /** When it came. */
  readonly at: string
  readonly method: string
  /** With the query. */
  readonly path: string
  /** GitHub's name of the operation, `graphql`, `artifact`, or `unknown route`. */
  route: string
  /** The login behind the token; `null` without authorization, or with one that is not known. */
  token: string | null
  /** 0 until it is answered, and when the connection was dropped. */
  status: number
  mistakes: string[]
  /** The fault that was injected. */
  fault?: string
}

/** The requests so far, in the order in which they came. */
export interface Log {
  readonly entries: readonly LogEntry[]
  begin(method: string, path: string): LogEntry
  /** What clients, or the fake itself, did against GitHub's description; each with its request. */
  mistakes(): string[]
  /** What changed something: writes that succeeded. */
  writes(): LogEntry[]
}

/** An empty log. */
export function createLog(now: () => number): Log {
  const entries: LogEntry[] = []
  return {
    entries,
    begin: (method, path) => {
      const at = new Date(now()).toISOString()
      const entry = { seq: entries.length + 1, at, method, path, route: '', token: null, status: 0, mistakes: [] }
      entries.push(entry)
      return entry
    },
    mistakes: () =>
      entries.flatMap(({ seq, method, path, mistakes }) =>
        mistakes.map((each) => `#${seq} ${method} ${path}: ${each}`),
      ),
    writes: () =>
      entries.filter(
        ({ method, status, route }) =>
          /^(POST|PATCH|PUT|DELETE)$/.test(method) && status >= 200 && status < 300 && route !== 'graphql',
      ),
  }
}
