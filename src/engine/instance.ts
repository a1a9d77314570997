import type { Status } from '../journal/outcome.js'
import type { PlannedInstance } from '../plan/plan.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Stage } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Engine, InstanceRun } from './engine.js'
import { applyLayers } from './environment.js'
import { runGraph } from './graph.js'
import { Halt } from './halt.js'
import { artifactsOf, unmatched } from './artifacts.js'
import { missingHere, takeOver } from './part.js'
import { unmet } from './requires.js'
import { endServices } from './service.js'
import { outputsOf } from './stage-outputs.js'
import { assignShard } from './shard.js'
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
    const elsewhere = ranElsewhere(run)
    if (elsewhere) return elsewhere
    const without = await prepare(run)
    return without ? end(run, without.status, without.reason) : await runSteps(run)
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

/** What became of an instance that is not this machine's to run; nothing for one that is. */
function ranElsewhere(run: InstanceRun): InstanceEnd | undefined {
  const { engine, address } = run
  const { part } = engine
  if (!part || part.own?.instance === address) return undefined
  const handed = part.handed.get(address)
  if (!handed) {
    const { status, reason } = part.absent(address)
    return end(run, status, reason)
  }
  layVariables(run)
  return { run, ...takeOver(run, handed) }
}

/** Lays the stage's variables over those of the workflow, and answers what its expressions see. */
function layVariables(run: InstanceRun): Environment {
  const { engine, stage, address } = run
  const see = (declared: Readonly<Record<string, string>>) => environmentOf(sightOfInstance(run, declared), engine)
  const { machine, declared } = engine.variables
  const variables = { machine: { ...machine, WF_STAGE: stage.id, WF_INSTANCE: address, ...run.shard }, declared }
  run.variables = applyLayers(variables, stage.env, see)
  return see(run.variables.declared)
}

/** Answers how the instance ends where its steps have nothing to do or cannot run here. */
async function prepare(run: InstanceRun): Promise<{ status: Status; reason: string } | undefined> {
  const without = await assignShard(run)
  const expressions = layVariables(run)
  if (without) return without
  const absent = await unmet(run, expressions)
  return absent === undefined ? undefined : { status: 'not-run-here', reason: absent }
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
  if (run.failed) return end(run, 'failure', late ?? missingHere(run))
  const cut = [...run.results.values()].some(({ conclusion }) => conclusion === 'cancelled')
  return cut ? end(run, 'cancelled', 'the run was cancelled') : handOn(run)
}

/** Ends an instance that succeeded; what it hands on must be there. */
function handOn(run: InstanceRun): InstanceEnd {
  const artifacts = artifactsOf(run)
  const [first] = unmatched(run, artifacts)
  if (first === undefined) return end(run, 'success', undefined, artifacts)
  run.failed = true
  return end(run, 'failure', `it did not write \`${first}\`, which stands in its \`artifacts\``)
}

/** What the stage's outputs are here: the machine that judges may see other files. */
function toldOutputs(run: InstanceRun): { outputs?: Record<string, string> } {
  if (run.engine.part?.own?.instance !== run.address || !Object.keys(run.stage.outputs).length) return {}
  try {
    return { outputs: outputsOf(run) }
  } catch (cause) {
    // Who judges tells it.
    if (cause instanceof EvaluationError) return {}
    throw cause
  }
}

function end(run: InstanceRun, status: Status, reason?: string, artifacts: readonly string[] = []): InstanceEnd {
  const why = reason === undefined ? {} : { reason }

  const left = { ...(artifacts.length ? { artifacts: [...artifacts] } : {}), ...toldOutputs(run) }
  run.engine.journal.append({ type: 'instance.finished', instance: run.address, status, ...why, ...left })
  return { run, status, ...why }
}
