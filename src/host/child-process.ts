import { createRequire } from 'node:module'

type ChildProcess = typeof import('node:child_process')
let loaded: ChildProcess | undefined

/** `node:child_process`, loaded when the first process starts: with what it brings along it costs 10 ms, and a plan starts none. */
export const childProcess = (): ChildProcess =>
  (loaded ??= createRequire(import.meta.url)('node:child_process') as ChildProcess)
