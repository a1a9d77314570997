import { notAskedFor } from '../journal/conclude.js'
import type { Status } from '../journal/outcome.js'
import { planInstances } from '../plan/build.js'
import type { PlannedInstance, PlannedStage } from '../plan/plan.js'
import { readCombinations } from '../workflow/dynamic.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import { sharded } from '../workflow/matrix.js'
import type { JsonTemplate, Stage } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Engine } from './engine.js'

import { sightOfRun } from './sight.js'
import { needsValue } from './stage-condition.js'
import { fillJson } from './steps/json.js'

/**
 * The instances of a stage that begins: those of the plan, or those that its matrix gives now that all that it needs has ended. Without
 * any it is skipped; a matrix that cannot be used is its failure.
 */
export function instancesNow(
  engine: Engine,
  stage: Stage,
  planned: PlannedStage,
): { instances: PlannedInstance[] } | { status: Status; reason: string } {
  if (stage.dynamic === undefined) return planned
  // What it has is unknown, so nobody can have asked for it.
  if (engine.going?.resumed.leave.has(stage.id)) return { status: 'skipped', reason: notAskedFor }
  try {
    const matrix = readCombinations(fillJson(stage.dynamic, expressionsFor(engine, stage)))
    if (!matrix.ok) return { status: 'failure', reason: `its matrix cannot be used: ${matrix.problems.join('; ')}` }
    if (!matrix.value.length) return { status: 'skipped', reason: `its matrix is empty: ${sourcesOf(stage.dynamic)}` }
    return { instances: planInstances(stage, sharded(matrix.value, stage.shard?.total)) }
  } catch (cause) {
    if (!(cause instanceof EvaluationError)) throw cause
    return { status: 'failure', reason: `its matrix cannot be used: ${cause.message}` }
  }
}

const expressionsFor = (engine: Engine, stage: Stage) =>
  environmentOf({ ...sightOfRun(engine), needs: () => needsValue(engine, stage) }, engine)

/** The expressions that a matrix was made from, as they are written. */
function sourcesOf(matrix: JsonTemplate): string {
  const all: string[] = []
  JSON.stringify(matrix, (key, value: unknown) => {
    if (key === 'source' && typeof value === 'string' && value.includes('${{')) all.push(`\`${value}\``)
    return value
  })
  return all.join(', ')
}
