import { environmentOf } from './contexts.js'
import type { InstanceRun } from './engine.js'
import { sightOfInstance, stepsValue } from './sight.js'

/** The outputs of the stage as an instance gives them; throws an EvaluationError where one cannot be had. */
export function outputsOf(run: InstanceRun): Record<string, string> {
  if (run.outputs) return run.outputs
  const sight = { ...sightOfInstance(run, run.variables.declared), steps: () => stepsValue(run.results) }
  const expressions = environmentOf(sight, run.engine)
  return Object.fromEntries(
    Object.entries(run.stage.outputs).map(([name, template]) => [name, expressions.text(template)]),
  )
}
