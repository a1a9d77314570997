import { stageOf } from '../base/address.js'
import type { Verdict } from '../gates/verdict.js'
import { inOrder } from './order.js'
import type { RunVerdict, StageOutcome } from './outcome.js'

/** The reason of what `--only` leaves out; that it was left out is no result. */
export const notAskedFor = 'it was not asked for'

/** What the verdict of a run follows from. */
export interface Ended {
  stages: readonly StageOutcome[]
  verdicts: readonly Verdict[]
  cancelled: boolean
  target: string
  /** Tracked files that changed after steps had run whose results are reused. */
  changed?: readonly string[]
}

/** The verdict of the run and the one sentence that says what decided. What was asked for and did not happen is never good. */
export function conclude({ stages, verdicts, cancelled, target, changed = [] }: Ended): {
  verdict: RunVerdict
  reason: string
} {
  if (cancelled) return { verdict: 'cancelled', reason: 'the run was cancelled' }
  // On a machine that shared the run: what was cut off is no success.
  const cut = stages.filter(({ status }) => status === 'cancelled')
  if (cut.length) return { verdict: 'cancelled', reason: `cancelled: ${list(cut.map(({ id }) => id))}` }
  const steps = stages.flatMap((s) => s.instances).flatMap((i) => i.steps)
  const failed = steps.filter((s) => s.conclusion === 'failure')
  const ordered = inOrder(verdicts, stages)
  const gates = ordered.filter((v) => v.status === 'fail')
  if (failed.length || gates.length) {
    const parts = [
      ...(gates.length ? [`${gates.length === 1 ? 'gate' : 'gates'} not met: ${names(gates)}`] : []),
      ...(failed.length ? [`failed: ${list(failed.map((s) => s.address))}`] : []),
    ]
    return { verdict: 'fail', reason: parts.join('; ') }
  }
  const silent = ordered.filter((v) => v.status === 'no-data')
  const broken = stages.filter((s) => s.status === 'failure' && !silent.some((v) => of(v, s.id)))
  if (broken.length) return { verdict: 'fail', reason: `failed: ${list(broken.map((s) => s.id))}` }
  if (silent.length) return { verdict: 'no-data', reason: `nothing to judge: ${names(silent)}` }
  const absent = stages.flatMap((s) => s.instances).filter((i) => i.status === 'not-run-here')
  if (absent.length) return { verdict: 'no-data', reason: `not run here: ${list(absent.map((i) => i.address))}` }
  const idle = skipped(stages, target)
  if (idle !== undefined) return { verdict: 'no-data', reason: idle }
  if ([...stages, ...steps].some(({ reason }) => reason === notAskedFor))
    return { verdict: 'warn', reason: 'passed, but not all was asked for' }
  if (changed.length)
    return { verdict: 'warn', reason: `passed, but what is reused has not seen the change of ${list([...changed])}` }
  const warned =
    verdicts.some((v) => v.status === 'warn') || steps.some((s) => s.warnings.length || s.status === 'failure')
  if (warned) return { verdict: 'warn', reason: 'passed with warnings' }
  return { verdict: 'pass', reason: nothingAffected(stages) ? noneAffected : 'all gates pass' }
}

/** What is said of a run in which nothing had to run. */
export const noneAffected = 'no stage is affected by this change'

/** Whether nothing had to run, of what could. */
export function nothingAffected(stages: readonly StageOutcome[]): boolean {
  const own = stages.filter(({ milestone }) => !milestone)
  return own.length > 0 && own.every(({ unaffected }) => unaffected)
}

/** Why the target was not reached although nothing failed. */
function skipped(stages: readonly StageOutcome[], target: string): string | undefined {
  const goal = stages.find(({ id }) => id === target)
  if (goal?.status === 'skipped') return `${target} was skipped${goal.reason === undefined ? '' : `: ${goal.reason}`}`
  const all = stages.length > 0 && stages.every(({ status }) => status === 'skipped')
  return all ? 'every stage was skipped' : undefined
}

const of = ({ address }: Verdict, stage: string): boolean => stageOf(address) === stage
const list = (items: string[]): string =>
  items.length > 3 ? `${items.slice(0, 3).join(', ')} and ${items.length - 3} more` : items.join(', ')
const names = (verdicts: Verdict[]): string => list(verdicts.map((one) => `${one.gate} of ${one.address}`))
