import type { Terminal } from '../ports.js'

/** As much of a stream as is needed; `process.stdout` is one. */
export interface Sink {
  write(text: string): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  once(event: 'drain' | 'close', listener: () => void): unknown
  /** How much waits to be written, in bytes. */
  readonly writableLength?: number
  readonly isTTY?: boolean
  readonly columns?: number
}
interface Surroundings {
  stdout: Sink
  stderr: Sink
  env: Readonly<NodeJS.ProcessEnv>
}

/**
 * The terminal or pipe that the command was started with. Printing never fails: a reader that goes away (`wf run | head`)
 * only ends the printing. `NO_COLOR` (any text) turns colours off, else `FORCE_COLOR` (not `0` or `false`) on.
 */
export function hostTerminal({ stdout, stderr, env }: Surroundings = process): Terminal {
  const watched = stdout.isTTY === true && env['TERM'] !== 'dumb'
  return {
    out: writer(stdout),
    err: writer(stderr),
    room: () => {
      const full = [stdout, stderr].filter((sink) => (sink.writableLength ?? 0) > backlog)
      return full.length ? Promise.all(full.map(drained)).then(() => undefined) : undefined
    },
    interactive: watched && !isSet(env['CI']),
    colours: wantsColours(env) ?? watched,
    get columns() {
      // Asked each time, because windows are resized.
      return stdout.columns || Number(env['COLUMNS']) || 80
    },
  }
}

/** So much may wait for a slow reader before those who print are asked to wait as well, in bytes. */
const backlog = 1024 * 1024

/** Resolves when a stream has handed over what it holds, or will never. */
const drained = (sink: Sink): Promise<void> =>
  new Promise((resolve) => {
    sink.once('drain', resolve)
    sink.once('close', resolve)
  })

function writer(sink: Sink): (text: string) => void {
  let state: 'new' | 'open' | 'gone' = 'new'
  return (text) => {
    if (state === 'new') {
      state = 'open'
      sink.on('error', () => void (state = 'gone'))
    }
    if (state === 'open') sink.write(text)
  }
}

function wantsColours(env: Readonly<NodeJS.ProcessEnv>): boolean | undefined {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  return forced ? isSet(forced) : undefined
}

const isSet = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value)
