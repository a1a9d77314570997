import type { Status } from '../journal/outcome.js'
import type { PlannedInstance } from '../plan/plan.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Stage } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Engine, InstanceRun } from './engine.js'
import { applyLayers } from './environment.js'
import { runGraph } from './graph.js'
import { Halt } from './halt.js'
import { unmet } from './requires.js'
import { endServices } from './service.js'
import { sightOfInstance } from './sight.js'
import { runStep } from './step.js'
import { lateStage } from './time-limit.js'

/** Runs one instance: what it requires, its steps in order or as a graph, and its last steps. */
export async function runInstance(
  engine: Engine,
  stage: Stage,
  planned: PlannedInstance,
  context: Pick<InstanceRun, 'gates' | 'cancel' | 'limits' | 'needs' | 'inherited'>,
): Promise<InstanceEnd> {
  const run: InstanceRun = {
    engine,
    stage,
    planned,
    address: planned.address,
    variables: engine.variables,
    results: new Map(),
    versions: new Map(),
    failed: false,
    exported: new Map(),
    services: [],
    stop: new Halt(),
    ...context,
  }
  const forgetLimits = run.limits.map(({ over }) =>
    over.on(() => {
      run.failed ||= !run.cancel.halted
      run.stop.halt()
    }),
  )
  const forgetCancel = run.cancel.on(() => run.stop.halt())
  try {
    const absent = await prepare(run)
    return absent ? end(run, 'not-run-here', absent) : await runSteps(run)
  } catch (cause) {
    if (cause instanceof EvaluationError) return end(run, 'failure', cause.message)
    throw cause
  } finally {
    forgetCancel()
    forgetLimits.forEach((forget) => forget())
  }
}

export interface InstanceEnd {
  run: InstanceRun
  status: Status
  reason?: string
}

/** Lays the stage's variables over those of the workflow; answers why the instance cannot run here, if so. */
async function prepare(run: InstanceRun): Promise<string | undefined> {
  const { engine, stage, address } = run
  const see = (declared: Readonly<Record<string, string>>) => environmentOf(sightOfInstance(run, declared), engine)
  const { machine, declared } = engine.variables
  const variables = { machine: { ...machine, WF_STAGE: stage.id, WF_INSTANCE: address }, declared }
  run.variables = applyLayers(variables, stage.env, see)
  return unmet(run, see(run.variables.declared))
}

async function runSteps(run: InstanceRun): Promise<InstanceEnd> {
  const { engine, stage, address } = run
  engine.journal.append({ type: 'instance.started', instance: address })
  try {
    await runGraph(stage.steps, async (step) => {
      const { conclusion } = await runStep(run, step, 'steps')
      if (conclusion === 'failure' && stage.onFailure === 'fail-fast' && !run.stop.halted) {
        run.stoppedBy = step.id
        run.stop.halt()
      }
    })
    for (const step of stage.finally) await runStep(run, step, 'finally')
  } finally {
    await endServices(run)
  }
  const late = run.cancel.halted ? undefined : lateStage(run.limits)
  if (run.failed) return end(run, 'failure', late)
  const cut = [...run.results.values()].some(({ conclusion }) => conclusion === 'cancelled')
  return cut ? end(run, 'cancelled', 'the run was cancelled') : end(run, 'success')
}

function end(run: InstanceRun, status: Status, reason?: string): InstanceEnd {
  const why = reason === undefined ? {} : { reason }
  run.engine.journal.append({ type: 'instance.finished', instance: run.address, status, ...why })
  return { run, status, ...why }
}
