/** What ends a run from outside while it goes on. */
export interface Interrupts {
  /** Aborted by the first interrupt: the run ends with all that must still run. `kill` by the second: everything is gone at once. */
  signals: { cancel: AbortSignal; kill: AbortSignal }
  /** Stops listening. */
  end(): void
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens to interrupts of the user and of the system; `tell` is called at the first one. */
export function listenToInterrupts(tell: () => void): Interrupts {
  const cancel = new AbortController()
  const kill = new AbortController()
  const onSignal = (): void => {
    if (cancel.signal.aborted) return kill.abort()
    tell()
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
