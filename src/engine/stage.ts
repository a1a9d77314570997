import type { Json } from '../base/json.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import type { Status } from '../journal/outcome.js'
import type { PlannedStage } from '../plan/plan.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import { ancestors } from '../workflow/graph.js'
import type { Stage } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Engine, InstanceRun, StageResult } from './engine.js'
import { applyFixes } from './fix.js'
import { gatesOver, settingsOf } from './gates.js'
import { runInstance, sightOfInstance } from './instance.js'
import { githubWord, stepsValue } from './step.js'

/** Runs a stage from its condition over its instances to its gates. The stages that it needs have ended. */
export async function runStage(engine: Engine, planned: PlannedStage): Promise<void> {
  const stage = engine.workflow.stages.get(planned.id)
  if (!stage) throw new Error(`the plan names a stage that the workflow has not: ${planned.id}`)
  const skipped = whyNot(engine, stage)
  if (skipped) return endStage(engine, stage, { ...skipped, outputs: {}, evidence: [] })
  engine.journal.append({ type: 'stage.started', stage: stage.id })
  if (planned.milestone) return endMilestone(engine, stage)
  const { runs, status, reason } = await runInstances(engine, stage, planned)
  const verdicts = status === 'cancelled' ? [] : await judgeAll(engine, stage, runs, status)
  const failing = verdicts.filter((v) => v.status === 'fail' || v.status === 'no-data')
  const failed = status === 'success' && failing.length > 0
  const result = failed
    ? { status: 'failure' as const, reason: `gate not met: ${failing.map((v) => v.gate).join(', ')}` }
    : { status, ...(reason === undefined ? {} : { reason }) }
  return endStage(engine, stage, { ...result, outputs: outputsOf(stage, runs), evidence: runs.flatMap(evidenceOfRun) })
}

const evidenceOfRun = (run: InstanceRun): Evidence[] => [...run.results.values()].flatMap((result) => result.evidence)

type Ended = Omit<StageResult, 'status'> & { status: Status; reason?: string }

function endStage(engine: Engine, stage: Stage, { status, reason, outputs, evidence }: Ended): void {
  engine.results.set(stage.id, { status, outputs, evidence })
  engine.journal.append({
    type: 'stage.finished',
    stage: stage.id,
    status,
    ...(reason === undefined ? {} : { reason }),
    outputs,
  })
}

/** Instances share a workspace, so they run one after another. */
async function runInstances(
  engine: Engine,
  stage: Stage,
  planned: PlannedStage,
): Promise<{ runs: InstanceRun[]; status: Status; reason?: string }> {
  const runs: InstanceRun[] = []
  const statuses: Status[] = []
  const context = {
    gates: gatesOver(engine, stage),
    needs: () => needsValue(engine, stage),
    inherited: () => inheritedEvidence(engine, stage),
  }
  for (const instance of planned.instances) {
    const stop = new AbortController()
    const forward = (): void => stop.abort()
    engine.cancel.addEventListener('abort', forward, { once: true })
    if (engine.cancel.aborted || (stage.onFailure === 'fail-fast' && statuses.includes('failure'))) {
      const [status, reason] = engine.cancel.aborted
        ? (['cancelled', 'the run was cancelled'] as const)
        : (['skipped', 'another instance failed'] as const)
      engine.journal.append({ type: 'instance.finished', instance: instance.address, status, reason })
      statuses.push(status)
      continue
    }
    try {
      const { run, status } = await runInstance(engine, stage, instance, { ...context, stop })
      runs.push(run)
      statuses.push(status)
    } finally {
      engine.cancel.removeEventListener('abort', forward)
    }
  }
  const absent = planned.instances.filter((_, i) => statuses[i] === 'not-run-here')
  if (statuses.includes('failure')) return { runs, status: 'failure' }
  if (statuses.includes('cancelled')) return { runs, status: 'cancelled', reason: 'the run was cancelled' }
  if (absent.length)
    return { runs, status: 'not-run-here', reason: `not run here: ${absent.map((i) => i.address).join(', ')}` }
  return { runs, status: 'success' }
}

/** Judges, and with `--fix` mends what can be mended and judges again. Where a step failed, what it did not measure is no news. */
async function judgeAll(engine: Engine, stage: Stage, runs: InstanceRun[], status: Status): Promise<Verdict[]> {
  const judged = (): { verdicts: Verdict[]; notJudged: string[] } => {
    const instances = runs.map((run) => ({ address: run.address, evidence: evidenceOfRun(run) }))
    return engine.judge({ address: stage.id, target: engine.plan.target, ...settingsOf(engine, stage), instances })
  }
  let { verdicts, notJudged } = judged()
  if (engine.fix && verdicts.some((v) => v.status === 'fail') && (await applyFixes(engine, runs)))
    ({ verdicts, notJudged } = judged())
  const told = status === 'success' ? verdicts : verdicts.filter((v) => v.status !== 'no-data')
  for (const verdict of told) engine.journal.append({ type: 'gate.judged', stage: stage.id, verdict })
  engine.journal.append({
    type: 'gates.finished',
    stage: stage.id,
    not_judged: notJudged.filter((what) => !gatesOver(engine, stage).has(what)),
  })
  return told
}

/** A milestone's gates see all that it needs. */
function endMilestone(engine: Engine, stage: Stage): void {
  const evidence = inheritedEvidence(engine, stage)
  const written = Object.keys(stage.gates).length > 0
  const { verdicts } = written
    ? engine.judge({
        address: stage.id,
        target: engine.plan.target,
        ...settingsOf(engine, stage),
        instances: [{ address: stage.id, evidence }],
      })
    : { verdicts: [] }
  const own = verdicts.filter((v) => !v.implied)
  for (const verdict of own) engine.journal.append({ type: 'gate.judged', stage: stage.id, verdict })
  const failing = own.filter((v) => v.status === 'fail' || v.status === 'no-data')
  const result: Ended = failing.length
    ? { status: 'failure', reason: `gate not met: ${failing.map((v) => v.gate).join(', ')}`, outputs: {}, evidence: [] }
    : { status: 'success', outputs: {}, evidence: [] }
  endStage(engine, stage, result)
}

/** Evidence of all stages that this one needs, directly or not. */
function inheritedEvidence(engine: Engine, stage: Stage): Evidence[] {
  const graph = new Map([...engine.workflow.stages].map(([id, s]) => [id, s.needs]))
  const before = ancestors(graph, [stage.id])
  return [...engine.results].flatMap(([id, result]) => (before.has(id) ? result.evidence : []))
}

function needsValue(engine: Engine, stage: Stage): { [key: string]: Json } {
  return Object.fromEntries(
    stage.needs.map((need) => {
      const result = engine.results.get(need)
      return [need, { result: githubWord(result?.status ?? 'skipped'), outputs: result?.outputs ?? {} }]
    }),
  )
}

/** Why a stage does not run. As on GitHub, one that needs a stage that failed or was skipped is skipped, unless its `if` asks for the status. */
function whyNot(engine: Engine, stage: Stage): { status: Status; reason: string } | undefined {
  const graph = new Map([...engine.workflow.stages].map(([id, s]) => [id, s.needs]))
  const cancelled = (): boolean => engine.cancel.aborted
  const success = (): boolean =>
    !cancelled() && stage.needs.every((need) => engine.results.get(need)?.status === 'success')
  const failure = (): boolean =>
    !cancelled() && [...ancestors(graph, [stage.id])].some((id) => engine.results.get(id)?.status === 'failure')
  const condition = stage.if
  const asksStatus = condition?.parts.some((part) => typeof part !== 'string' && part.asksStatus) ?? false
  if (!asksStatus && cancelled()) return { status: 'cancelled', reason: 'the run was cancelled' }
  if (!asksStatus && !success()) {
    const bad = stage.needs.find((need) => engine.results.get(need)?.status !== 'success') ?? ''
    const word =
      { failure: 'failed', skipped: 'was skipped', cancelled: 'was cancelled', 'not-run-here': 'did not run here' }[
        engine.results.get(bad)?.status as 'failure'
      ] ?? 'did not succeed'
    return { status: 'skipped', reason: `it needs \`${bad}\`, which ${word}` }
  }
  if (!condition) return undefined
  try {
    const sight = {
      github: engine.github,
      run: { id: engine.run, target: engine.plan.target, dirty: engine.context.dirty },
      inputs: engine.inputs,
      env: engine.variables.declared,
      needs: () => needsValue(engine, stage),
    }
    const holds = environmentOf(sight, {
      success,
      failure,
      cancelled,
      always: () => true,
      hashFiles: engine.hashFiles,
    }).holds(condition)
    return holds ? undefined : { status: 'skipped', reason: `\`if: ${condition.source.trim()}\` does not hold` }
  } catch (cause) {
    if (cause instanceof EvaluationError) return { status: 'failure', reason: cause.message }
    throw cause
  }
}

/** The stage's outputs; of several instances the last that gives a value wins, as on GitHub. */
function outputsOf(stage: Stage, runs: readonly InstanceRun[]): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const run of runs) {
    const expressions = environmentOf(
      { ...sightOfInstance(run, run.variables.declared), steps: () => stepsValue(run.results) },
      run.engine,
    )
    for (const [name, template] of Object.entries(stage.outputs)) {
      const value = expressions.text(template)
      if (value !== '' || outputs[name] === undefined) outputs[name] = value
    }
  }
  return outputs
}
