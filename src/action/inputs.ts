import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { timingsIn } from '../history/timings-text.js'
import type { Timings } from '../history/timings.js'
import type { PartOptions } from '../part.js'
import type { BaseRules } from '../trigger/rules.js'
import { rulesIn } from '../trigger/rules-text.js'
import type { InputName } from './contract.js'

/** The action's inputs, read and checked. */
export interface ActionInputs {
  token: string
  file: string
  workingDirectory: string
  target: string | undefined
  inputs: Record<string, string>
  secrets: Record<string, string>
  concurrency: number | undefined
  /** What becomes of what fixes would change; nothing where none are asked for. */
  fix: 'suggest' | 'commit' | undefined
  resume: boolean
  /** What tells the job apart from the others of its run. */
  job: string
  /** What the job does of a run that several share; nothing where it does all. */
  part: PartInput | undefined
  check: boolean
  comment: boolean
  summary: boolean
  uploadSarif: boolean
  uploadCodecov: boolean
  /** Empty where the job has none. */
  codecovToken: string
  codecovUrl: string | undefined
  artifact: string
}

export interface PartInput {
  part: PartOptions['part']
  of: string
  /** By job, how it ended. */
  jobs: Record<string, string>
  /** How long test files took before, as the job that plans found out. */
  timings?: Timings
  /** What the job found out that planned. */
  stages?: string[]
  rules?: BaseRules
}

export type Environment = Readonly<Record<string, string | undefined>>

/** An input as the runner hands it over; blanks around it do not count. */
export const inputOf = (environment: Environment, name: InputName): string =>
  (environment[`INPUT_${name.toUpperCase()}`] ?? '').trim()

/** Reads all inputs; every mistake in them is told. Values of secrets are in no message. */
export function readInputs(environment: Environment): Result<ActionInputs, Diagnostic> {
  const problems: Diagnostic[] = []
  const text = (name: InputName): string => inputOf(environment, name)
  const wrong = (name: InputName, hint: string, shown = `\`${text(name)}\``): void => {
    problems.push(error('input', `the input \`${name}\` cannot be ${shown}`, { hint }))
  }
  const flag = (name: InputName, otherwise: boolean): boolean => {
    const value = text(name).toLowerCase()
    if (value === '') return otherwise
    if (value !== 'true' && value !== 'false') wrong(name, 'it is `true` or `false`')
    return value === 'true'
  }
  const map = (name: 'inputs' | 'secrets'): Record<string, string> => {
    const read = readMap(environment[`INPUT_${name.toUpperCase()}`] ?? '')
    if (typeof read !== 'string') return read
    wrong(name, read, 'read')
    return {}
  }
  const count = text('concurrency')
  const concurrency = count === '' ? undefined : Number(count)
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0))
    wrong('concurrency', 'it is a number of steps, 1 or more')
  const url = text('codecov-url')
  if (url !== '' && !isPlainAddress(url))
    wrong('codecov-url', 'it is an address such as `https://codecov.example`', 'read')
  const fix = text('fix').toLowerCase()
  if (!['', 'off', 'suggest', 'commit'].includes(fix))
    wrong('fix', 'it is `off`, `suggest` or `commit`: on a runner nobody has the files that a fix would change')
  const part = text('part')
  if (!['', ...parts].includes(part))
    wrong('part', `it is ${parts.map((one) => `\`${one}\``).join(', ')}, or not given`)
  if ((part === 'instance' || part === 'matrix') && text('instance') === '')
    wrong('instance', `\`part: ${part}\` needs it: the address of an instance, or a stage`, 'empty')
  const timings = text('timings') === '' ? undefined : timingsIn(text('timings'))
  if (text('timings') !== '' && !timings) wrong('timings', 'it is the output `timings` of `part: plan`', 'read')
  const jobs = readJobs(text('jobs'))
  if (!jobs) wrong('jobs', 'it is the expression `toJSON(needs)`', 'read')
  const stages = readStages(text('stages'))
  if (!stages) wrong('stages', 'it is the output `stages` of `part: plan`', 'read')
  const rules = text('rules') === '' ? undefined : rulesIn(text('rules'))
  if (text('rules') !== '' && !rules) wrong('rules', 'it is the output `rules` of `part: plan`', 'read')
  const planned = { ...(text('stages') !== '' && stages ? { stages } : {}), ...(rules ? { rules } : {}) }
  const value: ActionInputs = {
    token: text('token'),
    file: text('file') || '.github/wf.yml',
    workingDirectory: text('working-directory') || '.',
    target: text('target') || undefined,
    inputs: map('inputs'),
    secrets: map('secrets'),
    concurrency,
    fix: fix === 'suggest' || fix === 'commit' ? fix : undefined,
    resume: flag('resume', true),
    job: text('job'),
    part: parts.includes(part as PartInput['part'])
      ? {
          part: part as PartInput['part'],
          of: text('instance'),
          jobs: jobs ?? {},
          ...planned,
          ...(timings ? { timings } : {}),
        }
      : undefined,
    check: flag('check', true),
    comment: flag('comment', true),
    summary: flag('summary', true),
    uploadSarif: flag('upload-sarif', false),
    uploadCodecov: flag('upload-codecov', false),
    codecovToken: text('codecov-token') || (environment['CODECOV_TOKEN'] ?? '').trim(),
    codecovUrl: text('codecov-url').replace(/\/+$/, '') || undefined,
    artifact: text('artifact') || 'wf',
  }
  return problems.length ? { ok: false, problems } : ok(value)
}

const parts: PartInput['part'][] = ['plan', 'instance', 'matrix', 'verdict']

/** A JSON list of names; none where nothing is given. */
function readStages(text: string): string[] | undefined {
  if (text === '') return []
  try {
    const list = JSON.parse(text) as unknown
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

/** What `toJSON(needs)` says of jobs: how each ended. */
function readJobs(text: string): Record<string, string> | undefined {
  if (text === '') return {}
  try {
    const needs = JSON.parse(text) as Record<string, { result?: unknown } | null>
    const all = Object.entries(needs).map(([job, one]) => [job, one?.result] as const)
    return all.every(([, result]) => typeof result === 'string')
      ? (Object.fromEntries(all) as Record<string, string>)
      : undefined
  } catch {
    return undefined
  }
}

/** An address that says where, and nothing else: what follows the path, or stands before the host, would be lost. */
function isPlainAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '')
  )
}

const nameShape = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** Names and values from lines or JSON; a text that says what is wrong. No value is repeated, since it may be a secret. */
export function readMap(text: string): Record<string, string> | string {
  return text.trim().startsWith('{') ? readObject(text) : readLines(text)
}

function readObject(text: string): Record<string, string> | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'it begins as a JSON object and is none'
  }
  // What an expression has no value for is `null`: it is not given.
  const entries = Object.entries(value as object).filter(([, one]) => one !== null)
  const bad = entries.find(([name, one]) => !nameShape.test(name) || typeof one === 'object')
  return bad ? `the member \`${bad[0]}\` is no name with a plain value` : recordOf(entries)
}

function readLines(text: string): Record<string, string> | string {
  const entries: [string, string][] = []
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.trim().startsWith('#')) continue
    const [, name = '', sign = '', rest = ''] = /^\s*([^=<\s]*)\s*(=|<<)(.*)$/.exec(line) ?? []
    if (!nameShape.test(name)) return `line ${at + 1} is no \`NAME=value\``
    if (sign === '=') entries.push([name, rest.trim()])
    else {
      const end = lines.indexOf(rest.trim(), at + 1)
      if (rest.trim() === '' || end === -1) return `what begins in line ${at + 1} with \`${name}<<\` has no end`
      entries.push([name, lines.slice(at + 1, end).join('\n')])
      at = end
    }
  }
  return recordOf(entries)
}

const recordOf = (entries: readonly [string, unknown][]): Record<string, string> =>
  Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value),
    ]),
  )
