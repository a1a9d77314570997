import type { Terminal } from '../ports.js'

/** What ends a run from outside while it goes on. */
export interface Interrupts {
  /** Aborted by the first interrupt: the run ends with all that must still run. `kill` by the second: everything is gone at once. */
  signals: { cancel: AbortSignal; kill: AbortSignal }
  /** Stops listening. */
  end(): void
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens to interrupts of the user and of the system. */
export function listenToInterrupts(terminal: Terminal): Interrupts {
  const cancel = new AbortController()
  const kill = new AbortController()
  const onSignal = (): void => {
    if (cancel.signal.aborted) return kill.abort()
    terminal.err('\nending the run; once more to kill everything\n')
    cancel.abort()
  }
  for (const name of names) process.on(name, onSignal)
  return {
    signals: { cancel: cancel.signal, kill: kill.signal },
    end: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
