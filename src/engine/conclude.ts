import { writtenDuration } from '../base/duration.js'
import type { Json } from '../base/json.js'
import { combineAttempts } from '../evidence/attempts.js'
import type { Evidence } from '../evidence/evidence.js'
import { judgesFailure } from '../gates/explains.js'
import type { GateName } from '../language/names.js'
import type { Ending } from '../journal/events.js'
import type { Status } from '../journal/outcome.js'
import type { Step } from '../workflow/model.js'
import type { Attempt } from './attempt.js'
import { isGood } from './attempt.js'
import { foundText } from './found.js'

/** What follows from an attempt: it succeeded, its reports explain its exit and the gate decides, or it failed. */
export interface Conclusion {
  status: Extract<Status, 'success' | 'judged' | 'failure' | 'cancelled'>
  reason?: string
  outside?: boolean
  outputs: Record<string, Json>
}

/** An attempt, and what follows from it. */
export interface Concluded {
  attempt: Attempt
  conclusion: Conclusion
}

/** The rule of exit codes and reports: `docs/architecture.md` tells it in words. */
export function conclude(step: Step, attempt: Attempt, gates: ReadonlySet<string>): Conclusion {
  const { ending } = attempt
  const fail = (reason: string, outside = false): Conclusion => ({
    status: 'failure',
    reason,
    outputs: attempt.outputs,
    ...(outside ? { outside } : {}),
  })
  if (ending.kind === 'cancelled')
    return { status: 'cancelled', reason: 'stopped while it ran', outputs: attempt.outputs }
  const broken = attempt.reports.flatMap((report) =>
    report.problems.filter((p) => p.level === 'error').map((p) => `report ${report.path}: ${p.message}`),
  )
  if (!isGood(ending)) {
    const inForce = gates as ReadonlySet<GateName>
    const explained =
      ending.kind === 'exit' && ending.code < unexplained && !broken.length && judgesFailure(attempt.fresh, inForce)
    if (explained) {
      const reason = `${endingText(ending)}: ${foundText(attempt.fresh, inForce)}`
      return { status: 'judged', reason, outputs: attempt.outputs }
    }
    const silent = ending.kind === 'exit' && step.reports.length && !broken.length ? ', and no report explains it' : ''
    return fail([endingText(ending) + silent, ...broken].join('; '), ending.kind === 'error' && ending.outside === true)
  }
  if (broken.length) return fail(broken.join('; '))
  if (attempt.told.problems.length) return fail(attempt.told.problems.join('; '))
  return typedOutputs(step, attempt.outputs, fail)
}

/** From here on a shell tells that the program could not run (126, 127) or was killed (128 and the signal): no report explains that. */
const unexplained = 126

/** How an attempt ended, in words. */
export function endingText(ending: Ending): string {
  if (ending.kind === 'exit') return `exit ${ending.code}`
  if (ending.kind === 'signal') return `killed by ${ending.signal}`
  if (ending.kind === 'timeout') return `took longer than ${writtenDuration(ending.limit_ms)}`
  return ending.kind === 'error' ? ending.message : ending.kind
}

function typedOutputs(step: Step, outputs: Record<string, Json>, fail: (reason: string) => Conclusion): Conclusion {
  const typed: Record<string, Json> = { ...outputs }
  for (const [name, type] of Object.entries(step.outputs ?? {})) {
    if (!Object.hasOwn(outputs, name)) return fail(`the declared output \`${name}\` was not set`)
    const value = outputs[name]
    const read = typeof value === 'string' ? readOutput(value, type) : value
    if (read === undefined) return fail(`the output \`${name}\` is no ${type}: ${JSON.stringify(value).slice(0, 60)}`)
    typed[name] = read
  }
  return { status: 'success', outputs: typed }
}

function readOutput(text: string, type: NonNullable<Step['outputs']>[string]): Json | undefined {
  if (type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  if (type === 'string') return text
  try {
    const value = JSON.parse(text) as Json
    return isDeep(value, deepest) ? undefined : value
  } catch {
    return undefined
  }
}

/** Deeper JSON would overflow the stack of those who read it. */
const deepest = 100

const isDeep = (value: Json, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((v) => isDeep(v, levels - 1)))

/** What all attempts say together. */
export const evidenceOf = (attempts: readonly Attempt[]): Evidence[] =>
  combineAttempts(attempts.map((a) => a.reports.flatMap((report) => (report.evidence ? [report.evidence] : []))))
