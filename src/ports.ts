import type { Json } from './base/json.js'

/**
 * The only doors to the outside world. The core takes these interfaces; `host/` holds the real ones, `__tests__/support/` the fakes.
 * A port never throws for what a user can cause: absence is `undefined`, a failing outside is an `OutsideError` (base/errors.ts).
 */

export interface ProcessSpec {
  /** The program and its arguments; no shell interprets them. */
  argv: readonly [string, ...string[]]
  cwd: string
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>
  stdin?: string
  /** Called for each chunk in order; nothing is buffered. */
  onOutput(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  /**
   * Asked after each chunk: while its answer is pending nothing more is read, which slows the child down. What is left in the pipes after
   * the child's end is handed over all the same.
   */
  room?: Room
}

/** Pending while a slow reader has much to take yet; nothing when there is room. */
export type Room = () => Promise<void> | undefined

/** How a process ended: an exit code, a signal, or why it could not start. */
export type Exit =
  { kind: 'exited'; code: number } | { kind: 'signalled'; signal: string } | { kind: 'not-started'; reason: string }

export interface RunningProcess {
  /**
   * Resolves when the process has ended and its output has been delivered whole; what it left in its group is killed.
   * Rejects only with what `onOutput` threw (a full disk, a bug), after the group was killed.
   */
  done: Promise<Exit>
  /** Sends a signal to the whole process group; a group that is gone is no error. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void
}

export interface Processes {
  start(spec: ProcessSpec): RunningProcess
  /** The machine's own environment, which steps inherit unless `env: clean`. */
  readonly environment: Readonly<Record<string, string>>
  readonly platform: string
  /** Such as `x64` and `arm64`. */
  readonly architecture: string
  /** How many processes can run at once; the default concurrency. */
  readonly cores: number
}

export interface FileStat {
  kind: 'file' | 'directory' | 'link' | 'other'
  size: number
  /** Milliseconds since the epoch, with fractions; changes whenever content or metadata do. */
  changed: number
  /** The same of its content alone, as far as nobody has set it to another time. */
  modified: number
  inode: number
  /** The permission bits, such as 0o755. */
  mode: number
}

/** An open file that only grows. */
export interface Appender {
  write(data: string | Uint8Array): void
  close(): void
}

/** Paths are absolute. Missing files answer `undefined`; everything else that fails is an `OutsideError`. */
export interface Files {
  readText(path: string): string | undefined
  readBytes(path: string): Uint8Array | undefined
  /** The content in chunks; a missing file is an `OutsideError` (`ENOENT`) at the first one. */
  stream(path: string): AsyncIterable<Uint8Array>
  /** Of the path itself, a link not followed. */
  stat(path: string): FileStat | undefined
  /** The path with all links resolved. */
  real(path: string): string | undefined
  /** The names in a folder, sorted; empty when there is none. */
  list(path: string): { name: string; kind: FileStat['kind'] }[]
  /** Replaces the file at once (temporary file and rename), making its folders. */
  write(path: string, content: string | Uint8Array, mode?: number): void
  append(path: string): Appender
  /** Gives a file another path in place of what is there, making folders; across file systems it is copied. */
  move(from: string, to: string): void
  /** Says that a file was used and changed now, or at another time, in milliseconds since the epoch. */
  touch(path: string, at?: number): void
  /** Where a link leads, as it is written. */
  readLink(path: string): string | undefined
  /** Makes a symbolic link in place of what is there, making its folders. */
  makeLink(path: string, target: string): void
  makeFolder(path: string): void
  /** A new empty folder for temporary files. */
  temporary(prefix: string): string
  /** Removes a file or a whole folder; nothing there is no error. */
  remove(path: string): void
}

/** Git's own command, without a shell and without prompting. */
export interface Git {
  run(cwd: string, args: readonly string[], how?: GitOptions): Promise<{ code: number; stdout: string; stderr: string }>
}

export interface GitOptions {
  /** What git reads from its standard input. */
  input?: string
  /** Ends git, which then answers as one that was ended by a signal. */
  signal?: AbortSignal
  /** Printing more is a failure; 256 MB when not given. */
  maxBytes?: number
}

/** A part of a file that is sent without being read into memory. */
export interface FilePart {
  /** Absolute. */
  file: string
  from: number
  bytes: number
}

export interface HttpRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
  /** What is sent in the place of `body`. */
  upload?: FilePart
  timeoutMs: number
  /** The answer's body is cut here; one that goes into a file and is longer is a `network` failure. */
  maxBytes: number
  /** The file, absolute, into which the body of an answer with a status of 2xx goes; `body` is empty then. */
  into?: string
  /** Loopback, link-local and private ranges are refused, after name resolution too, unless true. */
  allowPrivate: boolean
}

/**
 * An answer of any status, or why none came: an address or a request that may never be sent is `refused`, everything
 * else that may heal (and a request that was cancelled) is `network`.
 */
export type HttpAnswer =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'refused' | 'network' | 'timeout'; reason: string }

export interface Http {
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>
}

/** A connection to a server, of bytes in both ways. What breaks it is an `OutsideError` of whatever is done next. */
export interface Connection {
  /** Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>
  /** The next bytes; nothing after the other side's end. */
  read(): Promise<Uint8Array | undefined>
  close(): void
}

export interface Sockets {
  /** Connects by TCP, `secure` by TLS with the server's name checked; a server that does not answer is an `OutsideError`. */
  connect(server: { host: string; port: number; secure: boolean; timeoutMs: number }): Promise<Connection>
}

/**
 * GitHub's REST API with the rights of one token. Retries within bounds what may heal, spaces writes and obeys `retry-after`; what it
 * then answers is final. Nothing that GitHub does throws.
 */
export interface GitHub {
  /** The repository of the run, `owner/name`; `{owner}` and `{repo}` of a route are filled in with it. */
  readonly repository: string
  /** A route as GitHub documents it, such as `GET /repos/{owner}/{repo}/check-runs/{check_run_id}`, with its parameters. */
  request(route: string, parameters?: { [key: string]: unknown }, options?: GitHubOptions): Promise<GitHubAnswer>
  /** How many requests were sent, retries counted. */
  readonly requests: number
}

export interface GitHubOptions {
  /** Gives the request up. */
  signal?: AbortSignal
  /** A request that must not be repeated after its answer was lost; `POST` never is. */
  once?: boolean
  /** The answer is a file of at most so many bytes, in `bytes` of the answer; a longer one is a failure. */
  maxBytes?: number
}

/** `limited`: GitHub asks to come back later than we can wait. `network`: no answer came, `cancelled` when it was given up. */
export type GitHubAnswer =
  | { ok: true; status: number; data: Json; bytes?: Uint8Array }
  | { ok: false; kind: 'refused'; status: number; message: string; permissions?: string }
  | { ok: false; kind: 'limited'; message: string }
  | { ok: false; kind: 'network'; message: string }
  | { ok: false; kind: 'cancelled'; message: string }

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds from an arbitrary start, never running backwards; for durations. */
  monotonic(): number
  /** Calls back once after `ms`; the answer cancels it. */
  after(ms: number, callback: () => void): () => void
}

export interface Random {
  /** From 0 up to but not including 1. */
  fraction(): number
  /** Hexadecimal characters of good randomness. */
  hex(characters: number): string
}

export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether there is room for more; without it there always is. */
  room?: Room
  /** Whether a person watches (a terminal and not a pipe): colours and a progress line are welcome. */
  readonly interactive: boolean
  readonly colours: boolean
  readonly columns: number
}

/** Loads a user's ES module (a plug-in) by absolute path. */
export interface Modules {
  load(path: string): Promise<unknown>
}

export interface Ports {
  processes: Processes
  files: Files
  git: Git
  http: Http
  sockets: Sockets
  clock: Clock
  random: Random
  terminal: Terminal
  modules: Modules
  /** Only where a run reports to GitHub. */
  github?: GitHub
}
