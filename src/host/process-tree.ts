import { childProcess } from './child-process.js'

/** What signals a tree of processes. */
interface System {
  platform: string
  /** Starts a program whose end nobody waits for; that it cannot be started is no error. */
  start(program: string, args: readonly string[]): void
  /** Signals a process, or the group of a negative number; throws when there is none. */
  signal(pid: number, name: NodeJS.Signals): void
}

const machine: System = {
  platform: process.platform,
  start: (program, args) =>
    void childProcess()
      .spawn(program, [...args], { stdio: 'ignore', windowsHide: true })
      .on('error', () => undefined),
  signal: (pid, name) => void process.kill(pid, name),
}

/**
 * Sends a signal to the group that a process leads; a group that is gone, or is no longer ours, is no error.
 * Windows knows no signals that a program without a window hears, so there any of them ends the tree.
 */
export function signalTree(leader: number, name: NodeJS.Signals, system: System = machine): void {
  if (system.platform === 'win32') return system.start('taskkill', ['/PID', String(leader), '/T', '/F'])
  // After most steps nothing is left, and the stack of an error that is thrown away costs as much as the call.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    system.signal(-leader, name)
  } catch {
    // ESRCH: nothing is left. EPERM: only zombies (macOS), or processes of another user, which nobody here may signal.
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
