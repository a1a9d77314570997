import type { Terminal } from '../ports.js'

/** What is thrown outside of everything that waits for it (a timer of a plug-in, or a bug) does not end the run, but it is never good. */
export function listenToStray(terminal: Pick<Terminal, 'err'>): { thrown: () => boolean; end: () => void } {
  let thrown = false
  const onStray = (cause: unknown): void => {
    thrown = true
    terminal.err(`wf: something was thrown outside of any step, by a plug-in or by a bug in wf:\n${stackOf(cause)}\n`)
  }
  process.on('uncaughtException', onStray)
  process.on('unhandledRejection', onStray)
  const end = (): void => {
    process.off('uncaughtException', onStray)
    process.off('unhandledRejection', onStray)
  }
  return { thrown: () => thrown, end }
}

/** What a bug report needs. */
export const stackOf = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
