import type { Status } from '../journal/outcome.js'
import type { PlannedInstance } from '../plan/plan.js'
import type { Stage } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Engine, InstanceRun } from './engine.js'
import { applyLayers } from './environment.js'
import { runGraph } from './graph.js'
import { unmet } from './requires.js'
import { runStep } from './step.js'

export interface InstanceContext {
  gates: ReadonlySet<string>
  needs: InstanceRun['needs']
  inherited: InstanceRun['inherited']
  /** Aborted when another instance failed in a stage that fails fast. */
  stop: AbortController
}

/** Runs one instance: what it requires, its steps in order or as a graph, and its last steps. */
export async function runInstance(
  engine: Engine,
  stage: Stage,
  planned: PlannedInstance,
  context: InstanceContext,
): Promise<{ run: InstanceRun; status: Status }> {
  const { address } = planned
  const run: InstanceRun = {
    engine,
    stage,
    planned,
    address,
    variables: engine.variables,
    results: new Map(),
    failed: false,
    exported: [],
    ...context,
  }
  const see = (declared: Readonly<Record<string, string>>) => environmentOf(sightOfInstance(run, declared), engine)
  run.variables = applyLayers(
    {
      machine: { ...engine.variables.machine, WF_STAGE: stage.id, WF_INSTANCE: address },
      declared: engine.variables.declared,
    },
    stage.env,
    see,
  )
  const absent = await unmet(engine, stage, see(run.variables.declared), run.variables)
  if (absent) return end(run, 'not-run-here', absent)
  engine.journal.append({ type: 'instance.started', instance: address })
  await runGraph(stage.steps, async (step) => {
    const result = await runStep(run, step, 'steps')
    if (result.conclusion === 'failure' && stage.onFailure === 'fail-fast' && !run.stop.signal.aborted) {
      run.stoppedBy = step.id
      run.stop.abort()
    }
  })
  for (const step of stage.finally) await runStep(run, step, 'finally')
  if (run.failed) return end(run, 'failure')
  return engine.cancel.aborted ? end(run, 'cancelled', 'the run was cancelled') : end(run, 'success')
}

export const sightOfInstance = (run: InstanceRun, env: Readonly<Record<string, string>>) => ({
  github: run.engine.github,
  run: { id: run.engine.run, target: run.engine.plan.target, dirty: run.engine.context.dirty },
  inputs: run.engine.inputs,
  env,
  matrix: run.planned.matrix,
  needs: run.needs,
})

function end(run: InstanceRun, status: Status, reason?: string): { run: InstanceRun; status: Status } {
  run.engine.journal.append({
    type: 'instance.finished',
    instance: run.address,
    status,
    ...(reason === undefined ? {} : { reason }),
  })
  return { run, status }
}
