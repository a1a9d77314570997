import type { ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Exit, Processes, ProcessSpec, RunningProcess } from '../ports.js'
import { childProcess } from './child-process.js'
import { whyNotStarted } from './not-started.js'
import { signalTree } from './process-tree.js'

/** How long pipes that stay open after the exit are read: until they are silent for a while, and never for ever. */
export interface Patience {
  quietMs: number
  graceMs: number
}
/** What a killed group leaves in its pipes is there at once; this only covers a busy machine. */
const killedMs = 100

/**
 * Real processes, each the leader of its own group on POSIX. Output is handed over as it is read, so memory stays flat.
 * After the leader's exit what its children still print is delivered (a `tee` may lag behind), then its group is killed,
 * then pipes are closed that something outside of the group holds. On Windows what outlives its parent cannot be found.
 */
export function hostProcesses(patience: Patience = { quietMs: 250, graceMs: 2000 }): Processes {
  let environment: Record<string, string> | undefined
  return {
    start: (spec) => start(spec, patience),
    get environment() {
      return (environment ??= definedOnly(process.env))
    },
    platform: process.platform,
    architecture: process.arch,
    cores: availableParallelism(),
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined) kept[name] = value
  return kept
}

/** All that run, so that none outlives us when we end before our time: by a crash, or because someone called `process.exit`. */
const alive = new Set<Running>()
const endAll = (): void => alive.forEach((running) => running.signal('SIGKILL'))

function start(spec: ProcessSpec, patience: Patience): RunningProcess {
  const [program, ...args] = spec.argv
  let child: ChildProcess
  try {
    child = childProcess().spawn(program, args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [spec.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
  } catch (error) {
    return { done: Promise.resolve(whyNotStarted(spec, error)), signal: () => undefined }
  }
  if (!alive.size) process.on('exit', endAll)
  const running = new Running(spec, child, patience)
  alive.add(running)
  const forget = (): void => {
    alive.delete(running)
    if (!alive.size) process.off('exit', endAll)
  }
  running.done.then(forget, forget)
  return running
}

/** One child, from its start until nothing of it is left. */
class Running implements RunningProcess {
  readonly done: Promise<Exit>
  private exit: Exit | undefined
  private ended = false
  private failure: { error: unknown } | undefined
  private exitedAt = 0
  /** When output last came after the exit. */
  private lastSign = 0
  /** How many answers of `room` are waited for. */
  private waiting = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly spec: ProcessSpec,
    private readonly child: ChildProcess,
    private readonly patience: Patience,
  ) {
    this.done = new Promise((resolve, reject) => {
      child.on('error', (error) => {
        if (child.pid === undefined) resolve(whyNotStarted(spec, error))
      })
      child.on('close', () => {
        this.end()
        if (this.failure) reject(this.failure.error)
        else if (this.exit) resolve(this.exit)
      })
    })
    child.on('exit', (code, signal) => {
      this.exit = signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal }
      this.exitedAt = this.lastSign = performance.now()
      this.flow()
      this.timer = setTimeout(() => this.drain(), patience.quietMs)
    })
    child.stdout?.on('data', (chunk: Uint8Array) => this.deliver('stdout', chunk))
    child.stderr?.on('data', (chunk: Uint8Array) => this.deliver('stderr', chunk))
    // A child that does not read its input to the end is within its rights.
    child.stdin?.on('error', () => undefined).end(spec.stdin)
  }

  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    if (!this.ended && this.child.pid !== undefined) signalTree(this.child.pid, name)
  }

  private deliver(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (this.exit) this.lastSign = performance.now()
    if (this.failure) return
    try {
      this.spec.onOutput(stream, chunk)
      const room = this.exit ? undefined : this.spec.room?.()
      if (room) this.hold(room)
    } catch (error) {
      // Output that cannot be kept is not lost in silence: the process is ended, and `done` says why.
      this.failure = { error }
      this.signal('SIGKILL')
    }
  }

  /** Reads nothing until there is room; the pipes fill, and the child waits. */
  private hold(room: Promise<void>): void {
    this.waiting += 1
    this.child.stdout?.pause()
    this.child.stderr?.pause()
    void room.finally(() => {
      this.waiting -= 1
      if (!this.waiting) this.flow()
    })
  }

  private flow(): void {
    this.child.stdout?.resume()
    this.child.stderr?.resume()
  }

  /** The pipes are open although the process is gone: closes them when they are silent, or take too long. */
  private drain(): void {
    this.afterReading(() => {
      const now = performance.now()
      const { quietMs, graceMs } = this.patience
      const left = Math.min(this.lastSign + quietMs, this.exitedAt + graceMs) - now
      if (left > 0) {
        this.timer = setTimeout(() => this.drain(), left)
        return
      }
      this.killGroup()
      this.timer = setTimeout(() => this.afterReading(() => this.closePipes()), killedMs)
    })
  }

  /** Continues after one more look at the pipes: a timer that fires late must not win over output that was there. */
  private afterReading(next: () => void): void {
    setImmediate(() => {
      if (!this.ended) next()
    })
  }

  private closePipes(): void {
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  private end(): void {
    clearTimeout(this.timer)
    this.killGroup()
    this.ended = true
  }

  private killGroup(): void {
    // Windows would need a process for it, and the leader's number may be another's by now.
    if (process.platform !== 'win32') this.signal('SIGKILL')
  }
}
