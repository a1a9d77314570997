import type { Clock, Exit, Processes, ProcessSpec, RunningProcess } from '../../src/ports.js'
import { FakeClock } from './clock.js'
import { type Match, matches, type Reply, Replies } from './scripts.js'

export type SignalName = Parameters<RunningProcess['signal']>[0]

/** What a scripted process does. Without anything it exits with 0 at once. */
export interface Script {
  /** Chunks in this order, before it ends. */
  stdout?: string | readonly string[]
  stderr?: string | readonly string[]
  /** The exit code; 0 unless given. */
  code?: number
  /** Ends by this signal of its own. */
  killedBy?: string
  /** It cannot start, for this reason. */
  notStarted?: string
  /** Milliseconds of the clock until it ends. */
  takes?: number
  /** Runs until a signal ends it. */
  hangs?: boolean
  /** Signals that do nothing; SIGKILL always ends it. */
  ignores?: readonly SignalName[]
  /** The exit codes with which it answers signals; without one it dies by the signal. */
  traps?: Partial<Record<SignalName, number>>
  /** Its effects, such as writing a report, before its output. */
  does?(spec: ProcessSpec): void
}

/** One process that was started, and what became of it. */
export interface Started {
  spec: ProcessSpec
  /** When it started and ended, on the clock. */
  from: number
  to?: number
  signals: SignalName[]
  exit?: Exit
}

/**
 * Processes that follow a script: `on(match, reply)` answers a start, the latest matching rule first. The whole command
 * line is matched. A command without a rule is a mistake of the test and throws.
 */
export class ScriptedProcesses implements Processes {
  readonly started: Started[] = []
  running = 0
  /** The most that ever ran at once. */
  mostAtOnce = 0
  readonly environment: Readonly<Record<string, string>>
  readonly platform: string
  readonly architecture = 'x64'
  readonly cores: number
  private readonly rules = new Replies<ProcessSpec, Script>()
  private readonly clock: Clock
  /** What takes back that a process ends by itself. */
  private readonly timers = new Map<Started, () => void>()

  constructor(options: Partial<Pick<Processes, 'environment' | 'platform' | 'cores'>> & { clock?: Clock } = {}) {
    this.environment = options.environment ?? { PATH: '/usr/bin:/bin', HOME: '/home/someone' }
    this.platform = options.platform ?? 'linux'
    this.cores = options.cores ?? 2
    this.clock = options.clock ?? new FakeClock()
  }

  /** Says what a command does; an array answers one start after another and repeats its last. */
  on(match: Match<ProcessSpec>, reply: Reply<ProcessSpec, Script> = {}): this {
    this.rules.add((spec) => matches(match, spec, spec.argv.join(' ')), reply)
    return this
  }

  start(spec: ProcessSpec): RunningProcess {
    const script = this.rules.answer(spec)
    if (!script) throw new Error(`no script for the command: ${spec.argv.join(' ')}`)
    const record: Started = { spec, from: this.clock.monotonic(), signals: [] }
    this.started.push(record)
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running)
    let end: (exit: Exit) => void = () => undefined
    let broke: (error: unknown) => void = () => undefined
    const done = new Promise<Exit>((resolve, reject) => {
      end = (exit) => {
        if (record.exit) return
        this.finish(record, exit)
        resolve(exit)
      }
      broke = (error) => {
        this.finish(record, { kind: 'signalled', signal: 'SIGKILL' })
        reject(error)
      }
    })
    queueMicrotask(() => {
      try {
        this.play(script, record, end)
      } catch (error) {
        broke(error)
      }
    })
    return { done, signal: (name) => hear(script, record, { name, end }) }
  }

  private play(script: Script, record: Started, end: (exit: Exit) => void): void {
    if (record.exit) return
    if (script.notStarted !== undefined) return end({ kind: 'not-started', reason: script.notStarted })
    script.does?.(record.spec)
    for (const stream of ['stdout', 'stderr'] as const)
      for (const chunk of [script[stream] ?? []].flat()) record.spec.onOutput(stream, Buffer.from(chunk))
    const exit: Exit = script.killedBy
      ? { kind: 'signalled', signal: script.killedBy }
      : { kind: 'exited', code: script.code ?? 0 }
    if (script.hangs) return
    if (script.takes === undefined) end(exit)
    else
      this.timers.set(
        record,
        this.clock.after(script.takes, () => end(exit)),
      )
  }

  private finish(record: Started, exit: Exit): void {
    record.exit = exit
    record.to = this.clock.monotonic()
    this.timers.get(record)?.()
    this.running--
  }
}

function hear(script: Script, record: Started, heard: { name: SignalName; end: (exit: Exit) => void }): void {
  const { name, end } = heard
  record.signals.push(name)
  if (name !== 'SIGKILL' && script.ignores?.includes(name)) return
  const code = name === 'SIGKILL' ? undefined : script.traps?.[name]
  queueMicrotask(() => end(code === undefined ? { kind: 'signalled', signal: name } : { kind: 'exited', code }))
}
