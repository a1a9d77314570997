import type * as ChildProcess from 'node:child_process'
import { createRequire } from 'node:module'

let loaded: typeof ChildProcess | undefined

/** `node:child_process`, loaded when the first process starts: with what it brings along it costs 10 ms, and a plan starts none. */
export const childProcess = (): typeof ChildProcess =>
  (loaded ??= createRequire(import.meta.url)('node:child_process') as typeof ChildProcess)
