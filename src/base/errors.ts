/** The outside world failed (a full disk, a refused permission): not the user's file, not our bug. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError'
  constructor(
    message: string,
    /** The system's code, such as `ENOSPC`. */
    readonly code: string,
    readonly path?: string,
  ) {
    super(message)
  }
}

/** The exit codes of the command and of the action. */
export const exitCodes = {
  pass: 0,
  /** A step or a gate failed. */
  fail: 1,
  /** The user's files or arguments are wrong. */
  usage: 2,
  /** An outside service that a step needed failed. */
  outside: 3,
  bug: 70,
  cancelled: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
