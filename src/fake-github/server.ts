import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OutsideError } from '../base/errors.js'
import { buildState } from './build.js'
import { createChecker } from './check.js'
import type { Checker } from './check.js'
import { createFaults } from './faults.js'
import type { Fault } from './faults.js'
import { openapi } from './generated/openapi.js'
import { createHolds } from './holds.js'
import { createLog } from './log.js'
import type { LogEntry } from './log.js'
import { createRouter } from './routes.js'
import type { Seed } from './seed.js'
import { serve } from './serve.js'
import type { Service } from './serve.js'
import type { Repository, State } from './state.js'

/** What the fake begins with; every key is optional, and none at all gives an empty public `org/repo` with two tokens. */
export interface FakeGitHubOptions extends Seed {
  /** Where it listens on loopback; any free port when absent. */
  port?: number
  /** Milliseconds since the epoch; `Date.now` when absent. */
  now?: () => number
  /** The address that `html_url`s begin with; the server's own when absent. */
  site?: string
  faults?: readonly Fault[]
  /** Called with each request when it is over. */
  onRequest?: (entry: LogEntry) => void
  /** Reads the files that artifacts name by `path`. */
  readFile?: (path: string) => Uint8Array | undefined
}

/** A GitHub that runs on loopback until it is closed. Log and mistakes grow; its functions may be taken out of it. */
export interface FakeGitHub {
  /** What GITHUB_API_URL would be, such as `http://127.0.0.1:4321`; GraphQL is at `/graphql` below it. */
  readonly url: string
  /** Plain objects, which tests read and may change between requests. */
  readonly state: State
  /** Every request in the order in which it came. */
  readonly log: readonly LogEntry[]
  /** What was against GitHub's description: unknown routes, properties and parameters, refused requests, slips of the fake itself. */
  readonly mistakes: readonly string[]
  /** A repository by its full name; the first one without a name. Throws when there is none. */
  readonly repository: (fullName?: string) => Repository
  /** Adds a rule by which requests fail from now on. */
  readonly fault: (rule: Fault) => void
  /** Answers all requests that a `slow` fault holds now. */
  readonly release: () => void
  /** Resolves when so many requests are held at once. */
  readonly held: (count?: number) => Promise<void>
  /** The requests that changed something. */
  readonly writes: () => LogEntry[]
  /** Ends all connections. Rejects when the fake itself answered against the description, so that no test passes over it. */
  readonly close: () => Promise<void>
}

let checker: Promise<Checker> | undefined
/** One for all fakes of a process: what it compiles is the same for each, and takes most of the time. */
const sharedChecker = (): Promise<Checker> => (checker ??= createChecker(openapi))

/** Starts a GitHub that holds what the options say. Rejects when it cannot listen, or when a file that a seed names is not there. */
export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const { now = Date.now, onRequest = () => undefined, readFile } = options
  let lastId = 1000
  const nextId = (): number => (lastId += 1)
  const state = buildState(options, { now, nextId, ...(readFile ? { readFile } : {}) })
  const bugs: string[] = []
  const log = createLog(now)
  const faults = createFaults()
  for (const rule of options.faults ?? []) faults.add(rule)
  const holds = createHolds()
  const server = createServer()
  const url = await listen(server, options.port ?? 0)
  const service: Service = {
    world: { state, now, nextId, url, site: options.site ?? url },
    router: createRouter(openapi.operations),
    checker: await sharedChecker(),
    faults,
    holds,
    log,
    onRequest,
    bug: (entry, text) => {
      log.mistake(entry, text)
      bugs.push(text)
    },
  }
  server.on('request', (message, response) => void serve(service, message, response))
  return {
    url,
    state,
    log: log.entries,
    mistakes: log.mistakes,
    repository: (name) => {
      const found = name === undefined ? Object.values(state.repositories)[0] : state.repositories[name]
      if (!found) throw new Error(`the fake GitHub has no repository ${name ?? 'at all'}`)
      return found
    },
    fault: (rule) => faults.add(rule),
    release: () => holds.release(),
    held: (count = 1) => holds.held(count),
    writes: () => log.writes(),
    close: async () => {
      await end(server)
      if (bugs.length > 0) throw new Error(`the fake GitHub has bugs:\n${bugs.join('\n')}`)
    },
  }
}

const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException): void => {
      const { code = 'unknown' } = cause
      const reason = code === 'EADDRINUSE' ? 'it is in use' : code === 'EACCES' ? 'permission denied' : cause.message
      reject(new OutsideError(`cannot listen on port ${port}: ${reason}`, code))
    }
    server.once('error', refused)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })

const end = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
