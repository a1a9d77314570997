import type { Status } from '../journal/outcome.js'
import type { Answers } from '../workflow/expression/functions.js'
import { expressionsOf } from '../workflow/expression/template.js'
import type { Template } from '../workflow/expression/template.js'
import type { Step } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Sight } from './contexts.js'
import type { InstanceRun } from './engine.js'
import { lateFor } from './time-limit.js'
import type { Phase } from './time-limit.js'

export interface Placed {
  instance: InstanceRun
  step: Step
  phase: Phase
  sight: Sight
}

/** Whether a condition calls a status function; if not, `success()` is meant as well. */
export const asksStatus = (condition: Template | undefined): boolean =>
  condition !== undefined && expressionsOf(condition).some((e) => e.asksStatus)

/** `if: …` on one line, as reasons name it. */
export const conditionText = (condition: Template): string =>
  `\`if: ${condition.source
    .trim()
    .split(/\s*\n\s*/)
    .join(' ')}\``

/** Why a step does not run, or nothing. Without a condition of its own it wants all that comes before to have gone well. */
export function whyNot(placed: Placed): { status: Status; reason: string } | undefined {
  const { instance, step, phase } = placed
  if (instance.engine.kill.halted) return { status: 'cancelled', reason: 'the run was cancelled' }
  const late = lateFor(instance.limits, phase)
  if (late !== undefined && !instance.cancel.halted) return { status: 'skipped', reason: late }
  if (phase === 'steps' && !asksStatus(step.if) && !statusOf(placed).success()) return blocked(instance, step)
  if (step.if && !holds(placed, step.if))
    return { status: 'skipped', reason: `${conditionText(step.if)} does not hold` }
  return undefined
}

/**
 * Whether a step goes on although its stage was stopped or the run cancelled. As on GitHub its condition is asked again: `always()` and,
 * after a failure, `failure()` still hold; without a status function it is over.
 */
export function goesOn(placed: Placed): boolean {
  const { instance, step, phase } = placed
  if (instance.engine.kill.halted || lateFor(instance.limits, phase) !== undefined) return false
  return phase === 'finally' || (step.if !== undefined && asksStatus(step.if) && holds(placed, step.if))
}

function holds(placed: Placed, condition: Template): boolean {
  const { sight, instance } = placed
  return environmentOf(sight, { ...statusOf(placed), hashFiles: instance.engine.hashFiles }).holds(condition)
}

/** The status functions as a step sees them. In a list a skipped step stops nobody; in a graph what needs it is skipped too. */
function statusOf({ instance, step, phase }: Placed): Omit<Answers, 'hashFiles'> {
  const { stage, results, cancel, stop } = instance
  const cancelled = (): boolean => cancel.halted
  const always = (): boolean => true
  if (phase === 'finally' || stage.ordered) {
    const over = phase === 'finally' ? cancel : stop
    return {
      success: () => !cancel.halted && !over.halted && !instance.failed,
      failure: () => !cancel.halted && instance.failed,
      always,
      cancelled,
    }
  }
  return {
    // A background step that died stops nothing that runs, and yet nothing new begins.
    success: () =>
      !cancel.halted &&
      !stop.halted &&
      !(instance.failed && stage.onFailure === 'fail-fast') &&
      step.needs.every((need) => results.get(need)?.clear),
    failure: () => !cancel.halted && step.needs.some((need) => results.get(need)?.tainted),
    always,
    cancelled,
  }
}

const words: Partial<Record<Status, string>> = {
  failure: 'failed',
  skipped: 'was skipped',
  cancelled: 'was cancelled',
  'not-run-here': 'did not run here',
}

/** What became of something that did not go well, as a part of a sentence. */
export const fateOf = (status: Status | undefined): string => words[status ?? 'skipped'] ?? 'did not succeed'

/** Whether what needs this may begin. */
export const isOk = (status: Status | undefined): boolean => status === 'success' || status === 'judged'

function blocked({ cancel, results, stage, stoppedBy }: InstanceRun, step: Step): { status: Status; reason: string } {
  if (cancel.halted) return { status: 'cancelled', reason: 'the run was cancelled' }
  if (!stage.ordered)
    for (const need of step.needs) {
      const result = results.get(need)
      if (result?.clear) continue
      const own = !isOk(result?.conclusion)
      const reason = own
        ? `it needs \`${need}\`, which ${fateOf(result?.conclusion)}`
        : `it needs \`${need}\`, and not all that \`${need}\` needs succeeded`
      return { status: 'skipped', reason }
    }
  const culprit = stoppedBy ?? [...results].find(([, r]) => r.conclusion === 'failure')?.[0] ?? ''
  return { status: 'skipped', reason: `\`${culprit}\` failed before` }
}
