import { childProcess } from './child-process.js'

/** The arguments with which Windows' `taskkill` ends a process and all its children at once. */
export const treeKillArguments = (pid: number): string[] => ['/PID', String(pid), '/T', '/F']

/**
 * Sends a signal to the group that a process leads; a group that is gone, or is no longer ours, is no error.
 * Windows knows no signals that a program without a window hears, so there any of them ends the tree.
 */
export function signalTree(leader: number, name: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    childProcess()
      .spawn('taskkill', treeKillArguments(leader), { stdio: 'ignore', windowsHide: true })
      .on('error', () => undefined)
    return
  }
  // After most steps nothing is left, and the stack of an error that is thrown away costs as much as the call.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    process.kill(-leader, name)
  } catch {
    // ESRCH: nothing is left. EPERM: only zombies (macOS), or processes of another user, which nobody here may signal.
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
