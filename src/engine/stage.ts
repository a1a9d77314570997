import type { Status } from '../journal/outcome.js'
import { splitApart } from '../journal/shards.js'
import { notAffected } from '../plan/plan.js'
import type { PlannedInstance, PlannedStage } from '../plan/plan.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Stage } from '../workflow/model.js'
import type { Engine, InstanceEvidence, InstanceRun, StageResult } from './engine.js'
import { applyFixes, mendableIn } from './fix.js'
import { collected } from './collect.js'
import { gatesOver, isJudgedHere, judgeMilestone, judgeStage, leftBy, tellVerdicts, timeOf } from './gates.js'
import { Halt } from './halt.js'
import { runInstance } from './instance.js'
import { instancesHere, spanOf } from './part.js'
import { instancesNow } from './plan-now.js'
import { outputsOf } from './stage-outputs.js'
import { lateFor, lateStage, startLimit } from './time-limit.js'
import { inherited, needsValue, neededBy, stageGoesOn, whyNotStage } from './stage-condition.js'

/** Runs a stage from its condition over its instances to its gates. The stages that it needs have ended. */
export async function runStage(engine: Engine, planned: PlannedStage): Promise<void> {
  const stage = engine.workflow.stages.get(planned.id)
  if (!stage) throw new Error(`the plan names a stage that the workflow has not: ${planned.id}`)
  if (planned.unaffected)
    return endStage(engine, stage, { status: 'success', reason: notAffected, outputs: {}, instances: [] })
  const skipped = whyNotStage(engine, stage)
  if (skipped) return endStage(engine, stage, { ...skipped, outputs: {}, instances: [] })
  const known = instancesNow(engine, stage, planned)
  if ('status' in known) return endStage(engine, stage, { ...known, outputs: {}, instances: [] })
  const span = spanOf(engine.part, known.instances)
  engine.journal.append({ type: 'stage.started', stage: stage.id }, span?.from)
  engine.begun.set(stage.id, span?.from ?? timeOf(engine))
  if (span) engine.ended.set(stage.id, span.until)
  const instances = instancesHere(engine, stage.id, known.instances)
  if (stage.dynamic !== undefined) {
    const told = engine.part?.own?.instance === undefined ? known.instances : instances
    engine.journal.append({ type: 'stage.planned', stage: stage.id, instances: told })
  }
  if (!planned.milestone && !instances.length) return undefined
  if (planned.milestone) {
    const [before, needed] = [inherited(engine, stage), [...neededBy(engine, stage)]]
    const own = await collected(engine, stage, needed, before)
    const left = await leftBy(engine, needed, [...before, ...own])
    const failing = judgeMilestone(engine, stage, left)
    return endStage(engine, stage, { ...gated({ status: 'success' }, failing), outputs: {}, instances: [] })
  }
  const cancel = new Halt()
  const forget = engine.cancel.on(() => {
    if (!stageGoesOn(engine, stage)) cancel.halt()
  })
  const forgetKill = engine.kill.on(() => cancel.halt())
  try {
    const runs = await runInstances(engine, stage, instances, cancel)
    const failing = isJudgedHere(engine, stage.id, known.instances) ? await judge(engine, stage, runs) : []
    const end = withOutputs(runs, gated(shared(engine, stage, summary(runs)), failing))
    return endStage(engine, stage, { ...end, instances: evidenceOf(runs) }, span?.until)
  } finally {
    forget()
    forgetKill()
  }
}

const evidenceOf = (ends: readonly InstanceEnd[]): InstanceEvidence[] =>
  ends.flatMap(({ run, address, status }) =>
    // A shard without files has nothing to show, which is no lack of it.
    run && (run.results.size || status !== 'success')
      ? [{ address, evidence: [...run.results.values()].flatMap((result) => result.evidence) }]
      : [],
  )

interface Verdict {
  status: Status
  reason?: string
}

type Ended = Verdict & Pick<StageResult, 'outputs' | 'instances'>

function endStage(engine: Engine, stage: Stage, ended: Ended, at?: number): void {
  const { status, reason, outputs, instances } = agreed(engine, stage, ended)
  const needs = stage.needs.flatMap((need) => engine.results.get(need) ?? [])
  const clear = status === 'success' && needs.every((need) => need.clear)
  const tainted = status === 'failure' || needs.some((need) => need.tainted)
  engine.results.set(stage.id, { status, clear, tainted, outputs, instances })
  const why = reason === undefined ? {} : { reason }
  engine.journal.append({ type: 'stage.finished', stage: stage.id, status, ...why, outputs }, at)
}

/** A job that failed is no success, whatever it handed over before, and whatever else is seen here of what it decided by. */
function agreed({ part }: Engine, { id }: Stage, ended: Ended): Ended {
  const isGood = ended.status === 'success' || ended.status === 'skipped'
  return isGood && part?.jobFailed(id)
    ? { ...ended, status: 'failure', reason: 'its job failed on GitHub: see its log' }
    : ended
}

/** What became of one instance; without a run it never began. */
interface InstanceEnd extends Verdict {
  address: string
  run?: InstanceRun
  /** Why it had no time, or not enough. */
  late?: string
}

/** Runs the instances within the limit of the stage's time, where there is one. */
async function runInstances(
  engine: Engine,
  stage: Stage,
  planned: readonly PlannedInstance[],
  cancel: Halt,
): Promise<InstanceEnd[]> {
  const own = stage.timeout === undefined ? undefined : startLimit(engine.ports.clock, 'stage', stage.timeout)
  const limits = [own?.limit, engine.limit].filter((limit) => limit !== undefined)
  return runInTurn(engine, stage, planned, { cancel, limits }).finally(() => own?.stop())
}

/** Instances share a workspace, so they run one after another. */
async function runInTurn(
  engine: Engine,
  stage: Stage,
  planned: readonly PlannedInstance[],
  { cancel, limits }: Pick<InstanceRun, 'cancel' | 'limits'>,
): Promise<InstanceEnd[]> {
  const ends: InstanceEnd[] = []
  const late = (): { late?: string } => {
    const why = cancel.halted ? undefined : lateStage(limits)
    return why === undefined ? {} : { late: why }
  }
  const context = {
    cancel,
    limits,
    gates: gatesOver(engine, stage),
    needs: () => needsValue(engine, stage),
    inherited: () => inherited(engine, stage).flatMap(({ evidence }) => evidence),
  }
  for (const instance of planned) {
    const { address } = instance
    const failed = stage.onFailure === 'fail-fast' && ends.some(({ status }) => status === 'failure')
    const noTime = lateFor(limits, 'steps')
    if (cancel.halted || failed || noTime !== undefined) {
      const end: Verdict = cancel.halted
        ? { status: 'cancelled', reason: 'the run was cancelled' }
        : { status: 'skipped', reason: noTime ?? 'another instance failed' }
      engine.journal.append({ type: 'instance.finished', instance: address, ...end })
      ends.push({ address, ...end, ...late() })
    } else ends.push({ address, ...(await runInstance(engine, stage, instance, context)), ...late() })
  }
  return ends
}

/** What became of all instances together. */
function summary(ends: readonly InstanceEnd[]): Verdict {
  const late = ends.find((end) => end.late !== undefined)?.late
  if (late !== undefined) return { status: 'failure', reason: late }
  const failed = ends.find((end) => end.status === 'failure' || end.run?.failed)
  if (failed) return { status: 'failure', ...(failed.reason === undefined ? {} : { reason: failed.reason }) }
  if (ends.some(({ status }) => status === 'cancelled')) return { status: 'cancelled', reason: 'the run was cancelled' }
  const absent = ends.filter(({ status }) => status === 'not-run-here').map(({ address }) => address)
  if (absent.length) return { status: 'not-run-here', reason: `not run here: ${absent.join(', ')}` }
  return { status: 'success' }
}

/** Instances that split the files differently did not run all of them, whatever each of them says. */
function shared({ journal }: Engine, { id, shard }: Stage, end: Verdict): Verdict {
  const apart = shard && end.status !== 'cancelled' ? splitApart(journal.lines, id) : undefined
  return apart === undefined ? end : { status: 'failure', reason: apart }
}

/** Judges, and with `--fix` mends what can be mended and judges again; answers the gates that are not met. */
async function judge(engine: Engine, stage: Stage, ends: readonly InstanceEnd[]): Promise<string[]> {
  const runs = ends.flatMap(({ run }) => run ?? [])
  if (summary(ends).status === 'cancelled') return []
  const own = await collected(engine, stage, [stage.id], evidenceOf(ends))
  const judged = async (how?: { fresh: boolean }) =>
    judgeStage(engine, stage, await leftBy(engine, [stage.id], [...evidenceOf(ends), ...own], how))
  let result = await judged()
  if (engine.fix && (await applyFixes(runs, result.verdicts))) result = await judged({ fresh: true })
  if (engine.propose) engine.mendable.push(...mendableIn(runs, result.verdicts))
  return tellVerdicts(engine, stage, result, summary(ends).status)
}

const gated = (end: Verdict, failing: readonly string[]): Verdict =>
  end.status === 'success' && failing.length
    ? { status: 'failure', reason: `gate not met: ${failing.join(', ')}` }
    : end

/** The stage's outputs; of several instances the last that gives a value wins, as on GitHub. */
function withOutputs(ends: readonly InstanceEnd[], end: Verdict): Verdict & Pick<StageResult, 'outputs'> {
  const outputs: Record<string, string> = {}
  try {
    for (const { run } of ends) {
      if (!run) continue
      for (const [name, value] of Object.entries(outputsOf(run)))
        if (value !== '' || !Object.hasOwn(outputs, name)) outputs[name] = value
    }
    return { ...end, outputs }
  } catch (cause) {
    if (!(cause instanceof EvaluationError)) throw cause
    // Where steps failed, what they did not tell is no news.
    return end.status === 'success' ? { status: 'failure', reason: cause.message, outputs } : { ...end, outputs }
  }
}
