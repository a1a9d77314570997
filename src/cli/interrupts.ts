import type { Terminal } from '../ports.js'

/** What ends a run from outside while it goes on. */
export interface Interrupts {
  /** Aborted by the first interrupt: the run ends with all that must still run. `kill` by the second: everything is gone at once. */
  signals: { cancel: AbortSignal; kill: AbortSignal }
  /** What was thrown where nobody could catch it, such as by a promise that a plug-in does not wait for; everything was killed then. */
  crash: () => { cause: unknown } | undefined
  /** Stops listening. */
  end(): void
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens to interrupts of the user and of the system, and to what is thrown outside of every step. */
export function listenToInterrupts(terminal: Terminal): Interrupts {
  const cancel = new AbortController()
  const kill = new AbortController()
  let crash: { cause: unknown } | undefined
  const onSignal = (): void => {
    if (cancel.signal.aborted) return kill.abort()
    terminal.err('\nending the run; once more to kill everything\n')
    cancel.abort()
  }
  const onCrash = (cause: unknown): void => {
    crash ??= { cause }
    cancel.abort()
    kill.abort()
  }
  for (const name of names) process.on(name, onSignal)
  process.on('uncaughtException', onCrash)
  return {
    signals: { cancel: cancel.signal, kill: kill.signal },
    crash: () => crash,
    end: () => {
      for (const name of names) process.off(name, onSignal)
      // Who threw once may throw again while the end is told.
      if (!crash) process.off('uncaughtException', onCrash)
    },
  }
}

/** What has been printed is given this long to be taken, in milliseconds, before anyone asks what keeps the process. */
const patience = 2000

/**
 * Ends the process with a code although something keeps it alive: a plug-in that was left behind cannot be ended otherwise. Nothing that
 * was printed is lost, and without such a plug-in the process is gone before.
 */
export function leaveBehind(code: number): void {
  const timer = setTimeout(() => {
    if (process.stdout.writableLength || process.stderr.writableLength) timer.refresh()
    // oxlint-disable-next-line no-process-exit -- the output has drained, and nothing of ours runs any more
    else process.exit(code)
  }, patience)
  timer.unref()
}
