import { statSync, type Stats } from 'node:fs'
import { resolve } from 'node:path'
import type { Exit, ProcessSpec } from '../ports.js'
import { systemCode } from './system-error.js'

type Failed = Pick<ProcessSpec, 'argv' | 'cwd' | 'env'>

/** Why a program did not start, naming the program or the folder that is at fault. */
export function whyNotStarted(spec: Failed, error: unknown): Exit {
  const folder = stat(spec.cwd)
  if (!folder) return not(`there is no folder ${spec.cwd} to run ${spec.argv[0]} in`)
  if (!folder.isDirectory()) return not(`${spec.cwd}, where ${spec.argv[0]} is to run, is not a folder`)
  return not(reason(spec, error))
}

const not = (reason: string): Exit => ({ kind: 'not-started', reason })

function reason(spec: Failed, error: unknown): string {
  const program = spec.argv[0]
  switch (systemCode(error)) {
    case 'ENOENT':
      return notFound(spec)
    case 'EACCES':
      return stat(resolve(spec.cwd, program))?.isDirectory()
        ? `${program} is a folder, not a program`
        : `${program} may not be executed: permission denied`
    case 'E2BIG':
      return `the arguments and variables of ${program} are too long for the system (${size(spec)} KB together)`
    case 'EAGAIN':
    case 'ENOMEM':
      return `the system has no room for another process to run ${program} in`
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open to start ${program}`
    default:
      return `${JSON.stringify(program)} cannot be started: ${invalid(spec) ?? String(error)}`
  }
}

function notFound({ argv: [program], cwd }: Failed): string {
  if (!/[/\\]/.test(program)) return `the program ${program} was not found in PATH`
  return stat(resolve(cwd, program))
    ? `${program} names an interpreter in its first line that was not found`
    : `there is no program ${program}`
}

/** A NUL ends a string for the system, so node refuses it. */
function invalid({ argv, env, cwd }: Failed): string | undefined {
  if (argv[0] === '') return 'its name is empty'
  const text = [...argv, cwd, ...Object.entries(env).flat()]
  return text.some((part) => part.includes('\0')) ? 'an argument or a variable holds a NUL character' : undefined
}

const size = ({ argv, env }: Failed): number =>
  Math.ceil(Buffer.byteLength([...argv, ...Object.entries(env).flat()].join('\0')) / 1024)

function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
