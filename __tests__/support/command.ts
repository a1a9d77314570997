import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Outcome } from '../../src/journal/outcome.js'

/** The built command; WF_COMMAND names another build of it. */
export const command = resolve(process.env['WF_COMMAND'] ?? 'dist/cli/index.js')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** The environment of a laptop: nothing of a runner's, of Jest's or of a test runner around it. */
const laptop = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:GITHUB_|RUNNER_|ACTIONS_|JEST_|NODE_|CI$|FORCE_COLOR$)/.test(name),
  ),
)

/** Runs a program to its end; it is told nothing on stdin. */
export function execute(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env: laptop, stdio: ['ignore', 'pipe', 'pipe'] })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => (texts[stream] += text))
    child.on('error', fail)
    child.on('close', (code) => done({ code, ...texts }))
  })
}

/** `wf` with some arguments, by the Node that runs the tests. */
export const wf = (args: readonly string[], cwd: string): Promise<Ended> =>
  execute(process.execPath, [command, ...args], cwd)

/** `wf` that must end with an exit code; an Error with all that it printed when it does not. */
export async function wfEnding(code: number, args: readonly string[], cwd: string): Promise<Ended> {
  const ended = await wf(args, cwd)
  if (ended.code === code) return ended
  throw new Error(`wf ${args.join(' ')}: exit ${ended.code}, not ${code}\n${ended.stdout}${ended.stderr}`)
}

/** Git in a folder; an Error with what it said when it fails. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=wf', '-c', 'user.email=wf@example.com', '-c', 'commit.gpgSign=false']
  const ended = await execute('git', [...identity, ...args], cwd)
  if (ended.code !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr}`)
  return ended.stdout
}

/** An example as a repository of its own, with one commit; `remove` takes it away. */
export async function copyOfExample(name: string): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), `wf-${name}-`))
  const left = /[\\/](?:\.venv|\.wf|reports|__pycache__|\.[a-z]+_cache|\.coverage)$/
  cpSync(resolve('examples', name), folder, { recursive: true, filter: (source) => !left.test(source) })
  await git(folder, 'init', '--quiet', '--initial-branch=main')
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message=feat: the example')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The outcome of the latest run in a folder. */
export function outcomeIn(folder: string): Outcome {
  const runs = join(folder, '.wf', 'runs')
  const outcomes = readdirSync(runs).map(
    (id) => JSON.parse(readFileSync(join(runs, id, 'outcome.json'), 'utf8')) as Outcome,
  )
  const [latest] = outcomes.sort((a, b) => b.run.started.localeCompare(a.run.started))
  if (!latest) throw new Error(`there is no run in ${folder}`)
  return latest
}

/** The status of each gate in the latest run of a folder, by the gate's name. */
export const gatesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(outcomeIn(folder).verdicts.map(({ gate, status }) => [gate, status]))
