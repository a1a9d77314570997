import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Json } from '../../src/base/json.js'
import { endOf } from './scratch.js'
import type { Tool } from './tools.js'
import { tool } from './tools.js'

/** The folder of the action, `action.yml` and `dist/`; WF_ACTION names another build of it. */
const source = resolve(process.env['WF_ACTION'] ?? '.')

/** What GitHub gives to a runner for one job. */
export interface Job {
  event: string
  payload: Json
  /** The file with the workflow; only act reads it, the others run the action alone. */
  workflow: string
  /** A clone; what actions/checkout is asked for is checked out in it. */
  clone: string
  /** Where the action runs: the clone, or an empty folder in a workflow without a checkout. */
  workspace: string
  sha: string
  ref: string
  actor: string
  run: number
  token: string
  /** The address of GitHub's API. */
  api: string
  /** A folder of programs that the machine has besides; only act's machine. */
  programs?: string
}

export interface Ran {
  code: number | null
  outputs: Record<string, string>
  /** The job summary, as Markdown. */
  summary: string
  /** All that was printed. */
  log: string
  /** The artifact's file `outcome.json`, where the workflow uploads one or the action leaves one. */
  outcome: string | undefined
}

/** Runs a job in `folder`, which is empty. */
export interface Runner {
  name: string
  needs: readonly Tool[]
  run(job: Job, folder: string): Promise<Ran>
}

/** The files and variables that a runner makes for a JavaScript action, as GitHub documents them. */
export function runnerFiles(job: Job, folder: string) {
  const path = (name: string): string => join(folder, name)
  for (const name of ['output', 'summary', 'env', 'path', 'state']) writeFileSync(path(name), '')
  writeFileSync(path('event.json'), JSON.stringify(job.payload))
  mkdirSync(path('temp'))
  const env: Record<string, string> = {
    CI: 'true',
    GITHUB_ACTION: 'wf',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: job.actor,
    GITHUB_API_URL: job.api,
    GITHUB_ENV: path('env'),
    GITHUB_EVENT_NAME: job.event,
    GITHUB_EVENT_PATH: path('event.json'),
    GITHUB_GRAPHQL_URL: `${job.api}/graphql`,
    GITHUB_JOB: 'wf',
    GITHUB_OUTPUT: path('output'),
    GITHUB_PATH: path('path'),
    GITHUB_REF: job.ref,
    GITHUB_REF_NAME: job.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    GITHUB_REPOSITORY: 'org/tiny',
    GITHUB_REPOSITORY_OWNER: 'org',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: String(job.run),
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: job.sha,
    GITHUB_STATE: path('state'),
    GITHUB_STEP_SUMMARY: path('summary'),
    GITHUB_WORKFLOW: 'ci',
    GITHUB_WORKSPACE: job.workspace,
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: path('temp'),
    RUNNER_TOOL_CACHE: path('tools'),
    ...inputs(job.token),
  }
  const ran = ({ code, stdout, stderr }: Awaited<ReturnType<typeof execute>>): Ran => {
    const outputs = readOutputs(readFileSync(path('output'), 'utf8'))
    const summary = readFileSync(path('summary'), 'utf8')
    return { code, outputs, summary, log: stdout + stderr, outcome: textOf(outputs['outcome']) }
  }
  return { env, ran }
}

/** The inputs' defaults, as a runner hands them over. */
function inputs(token: string): Record<string, string> {
  const { inputs } = parse(readFileSync(join(source, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string | boolean | number }>
  }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value = '' }]) => [
      `INPUT_${name.toUpperCase()}`,
      String(value).replace(/\$\{\{ *github\.token *\}\}/, token),
    ]),
  )
}

/** A copy of what a release of the action holds that runs, and nothing else of this repository. */
export function actionIn(folder: string): string {
  const action = join(folder, 'action')
  mkdirSync(action)
  for (const part of ['action.yml', 'package.json', 'dist'])
    cpSync(join(source, part), join(action, part), { recursive: true })
  return action
}

/** The environment of a machine that has Node 24 and nothing of ours. */
export function machine(folder: string, programs: readonly string[] = []): Record<string, string> {
  const home = join(folder, 'home')
  mkdirSync(home)
  const path = [...programs, dirname(tool('node24')), process.env['PATH'] ?? ''].join(delimiter)
  return { HOME: home, PATH: path, LANG: 'C.UTF-8' }
}

/** Runs a program to its end with an environment and no other. */
export const execute = (
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
) => endOf(spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }))

/** A file as text, or undefined where there is none. */
export const textOf = (path: string | undefined): string | undefined =>
  path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined

/** `name=value`, or `name<<MARK`, lines, `MARK`. */
function readOutputs(text: string): Record<string, string> {
  const entry = /^(?<name>[^=\n]+?)(?:=(?<value>.*)|<<(?<mark>.+)\n(?<lines>[^]*?)\n?\k<mark>)$/gm
  return Object.fromEntries(
    [...text.matchAll(entry)].map(({ groups = {} }) => [
      groups['name'] ?? '',
      groups['value'] ?? groups['lines'] ?? '',
    ]),
  )
}
