import { formatDuration } from '../base/duration.js'
import { formatShare } from '../base/share.js'
import { count } from '../base/text.js'
import type { FileCoverage, Finding, LineRange, TestCase } from '../evidence/evidence.js'
import { rangesOf } from '../evidence/ranges.js'
import type { Figure } from '../gates/verdict.js'
import type { Outcome, OutcomeContext, RuleChange, RunVerdict, Status, StepOutcome } from '../journal/outcome.js'

/** What a verdict of a run is called in a headline. */
export const verdictWords: Record<RunVerdict, string> = {
  pass: 'passed',
  warn: 'passed with warnings',
  fail: 'failed',
  'no-data': 'is not judged: data is missing',
  cancelled: 'was cancelled',
}

export const verdictIcons: Record<RunVerdict, string> = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  'no-data': '❔',
  cancelled: '🚫',
}

export const statusIcons: Record<Status, string> = {
  success: '✅',
  judged: '⚖️',
  failure: '❌',
  skipped: '⏭️',
  cancelled: '🚫',
  'not-run-here': '➖',
}

export const statusWords: Record<Status, string> = {
  success: 'passed',
  judged: 'judged by its gates',
  failure: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  'not-run-here': 'not run here',
}

/** `lines 42.1% (≥ 50%)`, `issues 3 (0 allowed)`, or without a threshold `lines 42.1%`. */
export function figureText({ name, value, threshold }: Figure): string {
  return `${name} ${value}${threshold === undefined ? '' : ` (${boundText(threshold)})`}`
}

/** A threshold as people say it: `≥ 50%`, `0 allowed`. */
export const boundText = (threshold: string): string => threshold.replace(/^≤ (\d+)$/, '$1 allowed')

/** What a change does to the rules of its base, in words: `weakens 3 rules`, and what the old ones do. */
export function alteration(changes: readonly RuleChange[]): {
  icon: boolean
  does: string
  old: string
  judge: string
} {
  const weaker = changes.filter(({ effect }) => effect === 'weaker').length
  const n = weaker || changes.length
  const old = n === 1 ? 'one' : 'ones'
  const does = `${weaker > 0 ? 'weakens' : 'alters'} ${count(n, 'rule')}`
  return { icon: weaker > 0, does, old, judge: `${old} ${n === 1 ? 'judges' : 'judge'}` }
}

/** Why gates that are written had nothing to judge in a stage that did not end well. */
export const datalessText = (gates: number, failed: boolean): string =>
  failed ? `no data, ${gates === 1 ? 'its step' : 'a step'} failed` : 'no data, the stage did not run to its end'

/** The commit's first seven digits; nothing outside a repository. */
export const shortSha = ({ sha }: OutcomeContext): string | undefined => sha?.slice(0, 7)

/** `src/a.js:4:7`, as far as the place is known. */
export function placeText({ file, line, column }: { file?: string; line?: number; column?: number }): string {
  if (file === undefined) return ''
  return line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`
}

/** A test's name after what it belongs to, unless the name already says it. */
export function testName({ name, classname, suite }: TestCase): string {
  // Node's own runner gives every test the class `test`; the suite then tells more.
  const group = classname === 'test' ? suite : classname
  return group === undefined || group === '' || name.includes(group) ? name : `${group} › ${name}`
}

/**
 * Why a test failed. Node's JUnit reports leave the line breaks out of a message (`equal:8900 !== 8010`); where the
 * details tell the same with them, it is taken from there.
 */
export function messageOf({ message = '', details = '' }: TestCase): string {
  const bare = message.replaceAll(/\s+/g, '')
  const places = [...details.slice(0, 10_000).matchAll(/\S/g)].map(({ index }) => index)
  const from = places
    .map((place) => details.charAt(place))
    .join('')
    .indexOf(bare)
  if (bare === '' || from < 0) return message
  const told = details.slice(places[from], (places[from + bare.length - 1] ?? 0) + 1)
  return wordsIn(told) > wordsIn(message) ? told : message
}

const wordsIn = (text: string): number => text.trim().split(/\s+/).length

/** The command that walks the same path on a laptop; safe to paste into a shell. */
export function reproduce({ target, workflow }: Outcome): string {
  const usual = workflow.path === '.github/wf.yml'
  return `wf run ${shellWord(target)}${usual ? '' : ` --file ${shellWord(workflow.path)}`}`
}

const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

const nouns: Partial<Record<string, [one: string, many: string]>> = {
  lint: ['lint issue', 'lint issues'],
  conventions: ['remark on conventions', 'remarks on conventions'],
  dependencies: ['remark on dependencies', 'remarks on dependencies'],
  contracts: ['remark on contracts', 'remarks on contracts'],
  types: ['type error', 'type errors'],
  secrets: ['secret', 'secrets'],
  vulnerabilities: ['known vulnerability', 'known vulnerabilities'],
}

/** What the findings of a gate are called, one and many; a type checker's warnings are no errors. */
export function nounsOf(gate: string, list: readonly Finding[]): [one: string, many: string] {
  const mixed = gate === 'types' && list.some(({ severity }) => severity !== 'error')
  return (mixed ? undefined : nouns[gate]) ?? [`${gate} remark`, `${gate} remarks`]
}

/** `42.1% (8 of 19)`; nothing where there is nothing to cover, or where another run claims what is no number of lines. */
export const shareText = (part: number, whole: number): string =>
  whole > 0 && Number.isSafeInteger(part) && Number.isSafeInteger(whole)
    ? `${formatShare({ part, whole })} (${part} of ${whole})`
    : ''

/** `lines 42.1% (8 of 19), branches 50% (1 of 2), not reached: 3–9, 14`. */
export function coverageText(file: FileCoverage): string {
  const lines = shareText(file.lines_covered, file.lines_valid)
  const branches = shareText(file.branches_covered, file.branches_valid)
  const missed = rangesText(file.missed_lines ?? [], 6)
  const parts = [lines && `lines ${lines}`, branches && `branches ${branches}`, missed && `not reached: ${missed}`]
  return parts.filter((part) => part !== '').join(', ')
}

/** Lines as ranges: `3–9, 14`; after `max` ranges only `…`. */
export function rangesText(lines: readonly number[], max: number): string {
  const ranges = rangesOf(lines)
  return [...ranges.slice(0, max).map(rangeText), ...(ranges.length > max ? ['…'] : [])].join(', ')
}

/** `3–9`, or `14` where it is one line. */
export const rangeText = ([from, to]: LineRange): string => (from === to ? String(from) : `${from}–${to}`)

/** A step's id, with the name that people know it by. */
export const labelOf = ({ id, name }: StepOutcome): string => (name === undefined ? id : `${id} (${name})`)

/** Whether it failed and `continue-on-error` lets that pass. */
export const isTolerated = (step: StepOutcome): boolean => step.status === 'failure' && step.conclusion !== 'failure'

/**
 * What a failed step printed: its last lines, before them the first ones that look like an error, with `…` between where
 * something was left out.
 */
export function printedLines({ tail, first_errors: errors = [] }: StepOutcome): string[] {
  const first = errors.filter((line) => !tail.some((last) => last.trimEnd() === line))
  return first.length === 0 ? tail : [...first, '…', ...tail]
}

/** Warnings of a step, a failure that `continue-on-error` lets pass, and remarks on the reports of its last attempt. */
export function stepWarnings(step: StepOutcome): string[] {
  const failed = isTolerated(step) ? [`failed, which is allowed: ${step.reason ?? 'no reason is known'}`] : []
  const reports = step.reports
    .filter(({ attempt }) => attempt === step.attempts)
    .flatMap(({ path, problems }) =>
      problems.map(({ message, line }) => `report ${path}${line === undefined ? '' : `:${line}`}: ${message}`),
    )
  // What broke a failed step is already its reason.
  return [...failed, ...step.warnings, ...(step.conclusion === 'failure' ? [] : reports)]
}

/** Why a step runs that asked the cache. */
export const missText = (why: readonly string[]): string => `not cached: ${why.join(', ')}`

/** That a background step is ready: those that need it begin. */
export const readyText = (ms: number): string => `ready after ${formatDuration(ms)}, goes on in the background`

/** When a background step was ready; nothing for others, and where it never was. */
export const backgroundText = ({ background }: Pick<StepOutcome, 'background'>): string | undefined =>
  background && background.ready_ms !== null
    ? `in the background, ready after ${formatDuration(background.ready_ms)}`
    : undefined

/** Why a step needed not run, or why it ran although it asked the cache: `cached, saves 12.0s`; when it was ready. Nothing for most steps. */
export function savedText(step: StepOutcome): string | undefined {
  const { cache, reused, status } = step
  const ready = backgroundText(step)
  if (ready !== undefined && status === 'success') return ready
  if (reused !== undefined) return `reused from ${reused}`
  if (!cache) return undefined
  if (cache.hit) return `cached, saves ${formatDuration(cache.saved_ms)}`
  const why = missText(cache.why)
  const isTold = cache.left === undefined || cache.why.includes(cache.left)
  return isTold || status !== 'success' ? why : `${why}; not kept: ${cache.left}`
}
