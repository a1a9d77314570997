import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import type { Git } from '../ports.js'
import { childProcess } from './child-process.js'

const usualBytes = 256 * 1024 * 1024

/** Where a repository is, as told to hooks and aliases; we name the folder ourselves (git rev-parse --local-env-vars). */
const locations = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
]

/** No questions; no lock taken to refresh the index; a commit and a file are what their names say, whatever `refs/replace` puts in their place. */
const ours = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1' }

/** The environment for git: messages in English, no inherited place, and what we ask of it. */
export function gitEnvironment(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !locations.includes(name))
  return { ...Object.fromEntries(kept), ...ours, LC_ALL: 'C' }
}

/**
 * The machine's git. A code of 127 means that git is not installed, 128 that it did not get to an answer (a missing
 * folder, more output than is taken); the reason is in `stderr`. A death by signal n is 128 + n, as in a shell.
 */
export function hostGit(environment: Readonly<NodeJS.ProcessEnv> = process.env): Git {
  return {
    run: (cwd, args, { input, signal, maxBytes = usualBytes } = {}) =>
      new Promise((resolve) => {
        const env = gitEnvironment(environment)
        const options = { cwd, env, maxBuffer: maxBytes, windowsHide: true, ...(signal ? { signal } : {}) }
        try {
          const child = childProcess().execFile(
            'git',
            ['-c', 'core.quotePath=false', ...args],
            options,
            (error, stdout, stderr) =>
              resolve(error ? { stdout, ...failed(error, { cwd, stderr, maxBytes }) } : { code: 0, stdout, stderr }),
          )
          child.stdin?.on('error', () => undefined).end(input)
        } catch (error) {
          // Arguments that no program can take: too long, or with a NUL in them.
          resolve({ code: 128, stdout: '', stderr: String(error) })
        }
      }),
  }
}

function failed(
  error: Error & { code?: unknown; signal?: string | null },
  { cwd, stderr, maxBytes }: { cwd: string; stderr: string; maxBytes: number },
): { code: number; stderr: string } {
  if (typeof error.code === 'number') return { code: error.code, stderr }
  if (error.code === 'ENOENT')
    return existsSync(cwd)
      ? { code: 127, stderr: 'git was not found in PATH' }
      : { code: 128, stderr: `there is no folder ${cwd} to run git in` }
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return { code: 128, stderr: `git printed more than ${maxBytes / 1024 / 1024} MB` }
  if (error.code === 'ABORT_ERR') return { code: 128 + constants.signals.SIGTERM, stderr: 'git was ended' }
  const signal = error.signal ? constants.signals[error.signal as NodeJS.Signals] : undefined
  if (signal !== undefined) return { code: 128 + signal, stderr: `git was ended by ${error.signal}` }
  return { code: 128, stderr: error.message }
}
