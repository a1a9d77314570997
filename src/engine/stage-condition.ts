import type { Json } from '../base/json.js'
import type { Status } from '../journal/outcome.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import { ancestors } from '../workflow/graph.js'
import type { Stage } from '../workflow/model.js'
import { graphOf } from '../workflow/path.js'
import { asksStatus, conditionText, fateOf } from './condition.js'
import { environmentOf } from './contexts.js'
import type { Engine, InstanceEvidence } from './engine.js'
import { githubWord, sightOfRun } from './sight.js'
import { lateStage } from './time-limit.js'

/** Everything that a stage needs, directly or not. */
export const neededBy = ({ workflow }: Engine, stage: Stage): Set<string> => ancestors(graphOf(workflow), [stage.id])

/** What the instances of all stages left that this one needs, directly or not. */
export function inherited(engine: Engine, stage: Stage): InstanceEvidence[] {
  const needed = neededBy(engine, stage)
  return [...engine.results].flatMap(([id, { instances }]) => (needed.has(id) ? instances : []))
}

/** The `needs` context of a stage. */
export function needsValue({ results }: Engine, stage: Stage): { [key: string]: Json } {
  return Object.fromEntries(
    stage.needs.map((need) => {
      const { status = 'skipped', outputs = {} } = results.get(need) ?? {}
      return [need, { result: githubWord(status), outputs }]
    }),
  )
}

/**
 * Why a stage does not run, or nothing. As on GitHub, a failure or a skip goes down the whole chain of needs, unless an `if` asks for
 * the status.
 */
export function whyNotStage(engine: Engine, stage: Stage): { status: Status; reason: string } | undefined {
  if (engine.kill.halted) return { status: 'cancelled', reason: 'the run was cancelled' }
  if (engine.broken !== undefined) return { status: 'failure', reason: engine.broken }
  if (!asksStatus(stage.if)) {
    if (engine.cancel.halted) return { status: 'cancelled', reason: 'the run was cancelled' }
    const reason = blockedBy(engine, stage)
    if (reason !== undefined) return { status: 'skipped', reason }
  }
  const late = lateStage(engine.limit ? [engine.limit] : [])
  if (late !== undefined) return { status: 'failure', reason: late }
  // Where the stage ran it held, by what was to be seen there.
  if (!stage.if || (!asksStatus(stage.if) && ranElsewhere(engine, stage))) return undefined
  try {
    return holds(engine, stage) ? undefined : { status: 'skipped', reason: `${conditionText(stage.if)} does not hold` }
  } catch (cause) {
    if (cause instanceof EvaluationError) return { status: 'failure', reason: cause.message }
    throw cause
  }
}

const ranElsewhere = ({ part }: Engine, { id }: Stage): boolean =>
  part !== undefined && part.own?.stage !== id && [...part.handed.values()].some(({ stage }) => stage === id)

/** Whether a stage goes on although the run was cancelled: its condition is asked again, and must ask for the status. */
export function stageGoesOn(engine: Engine, stage: Stage): boolean {
  if (engine.kill.halted || !asksStatus(stage.if)) return false
  try {
    return holds(engine, stage)
  } catch (cause) {
    if (cause instanceof EvaluationError) return false
    throw cause
  }
}

function blockedBy({ results }: Engine, stage: Stage): string | undefined {
  const bad = stage.needs.find((need) => !results.get(need)?.clear)
  if (bad === undefined) return undefined
  const status = results.get(bad)?.status
  return status === 'success'
    ? `it needs \`${bad}\`, and not all that \`${bad}\` needs succeeded`
    : `it needs \`${bad}\`, which ${fateOf(status)}`
}

function holds(engine: Engine, stage: Stage): boolean {
  if (!stage.if) return true
  const { results, cancel, hashFiles } = engine
  const sight = { ...sightOfRun(engine), needs: () => needsValue(engine, stage) }
  return environmentOf(sight, {
    success: () => !cancel.halted && stage.needs.every((need) => results.get(need)?.clear),
    failure: () => !cancel.halted && stage.needs.some((need) => results.get(need)?.tainted),
    cancelled: () => cancel.halted,
    always: () => true,
    hashFiles,
  }).holds(stage.if)
}
