import type { Unaffected } from '../gates/gate.js'
import type { Marks } from '../gates/marks.js'
import type { Verdict } from '../gates/verdict.js'
import { calledAsNow } from '../history/called-now.js'
import { nothingKnown } from '../history/comparison.js'
import type { Comparison } from '../history/comparison.js'
import type { Status } from '../journal/outcome.js'
import { gateDefaults, gateNames } from '../language/names.js'
import type { PlannedInstance } from '../plan/plan.js'
import { ancestors } from '../workflow/graph.js'
import type { GateSettings, Quarantined, Stage } from '../workflow/model.js'
import { graphOf } from '../workflow/path.js'
import type { Engine, InstanceEvidence } from './engine.js'

/** The milestones of this run that come after a stage: their gates judge its evidence too. */
function milestonesAfter(engine: Engine, stage: Stage): Stage[] {
  const graph = new Map([...engine.workflow.stages].map(([id, s]) => [id, s.needs]))
  return engine.plan.stages.flatMap((planned) => {
    const later = engine.workflow.stages.get(planned.id)
    return planned.milestone && later && ancestors(graph, [later.id]).has(stage.id) ? [later] : []
  })
}

/** Which gates judge what a stage finds: its own, those of milestones after it, and those that judge always. */
export function gatesOver(engine: Engine, stage: Stage): ReadonlySet<string> {
  const all = [stage, ...milestonesAfter(engine, stage)]
  const inForce = gateNames.filter((gate) => {
    const written = all.flatMap((s) => s.gates[gate] ?? [])
    return written.length ? written.some((setting) => !setting.off) : gateDefaults[gate].always
  })
  return new Set(inForce)
}

/** A stage's own settings; a gate that judges always is left to the milestone that writes it. */
function settingsOf(engine: Engine, stage: Stage): GateSettings {
  const settings: GateSettings = { ...stage.gates }
  for (const gate of gateNames)
    if (!settings[gate] && gateDefaults[gate].always && milestonesAfter(engine, stage).some((s) => s.gates[gate]))
      settings[gate] = { off: true, perInstance: false, thresholds: {}, suites: {} }
  return settings
}

/** What milestones after a stage let its tests off. */
const quarantinesAfter = (engine: Engine, stage: Stage): (readonly Quarantined[])[] =>
  milestonesAfter(engine, stage).flatMap(({ gates: { tests } }) =>
    tests && !tests.off ? [tests.quarantine ?? []] : [],
  )

interface Judged {
  verdicts: Verdict[]
  notJudged: string[]
  marks: Marks
}

/** What instances left, of which stages they are, and what it is compared with. */
export interface Left {
  instances: InstanceEvidence[]
  stages: readonly string[]
  against: Comparison
  duration_ms: number
  unaffected?: Unaffected
}

/** What instances left, with what it is compared with; where they left nothing, nobody is asked. */
export async function leftBy(
  engine: Engine,
  stages: readonly string[],
  instances: InstanceEvidence[],
  how?: { fresh: boolean },
): Promise<Left> {
  const evidence = instances.flatMap((instance) => instance.evidence)
  // To find out what it is compared with is no part of its time.
  const left = {
    instances,
    stages: stages.filter((id) => mayHaveLeft(engine, id)),
    duration_ms: tookOf(engine, stages),
  }
  if (!evidence.length) return { ...left, against: nothingKnown('there is no evidence') }
  const against = await engine.compare(how)
  return { ...left, against: calledAsNow(against, { stages, evidence }, (name) => engine.files.lines(name)) }
}

/** A stage that has ended and left nothing is not held against what it left at the base. */
const mayHaveLeft = ({ results }: Engine, id: string): boolean => {
  const ended = results.get(id)
  return !ended || ended.instances.some(({ evidence }) => evidence.length > 0)
}

/** How long ago the first of some stages began; of stages that ended on other machines, until the last one did. */
function tookOf(engine: Engine, stages: readonly string[]): number {
  const { begun, ended } = engine
  const now = timeOf(engine)
  const walked = stages.filter((id) => begun.has(id))
  const until =
    walked.length && walked.every((id) => ended.has(id)) ? Math.max(...walked.map((id) => ended.get(id) ?? now)) : now
  return Math.max(0, until - Math.min(until, ...walked.map((id) => begun.get(id) ?? now)))
}

/** The time by which stages begin and end. */
export const timeOf = ({ part, ports: { clock } }: Engine): number => (part ? clock.now() : clock.monotonic())

/** Whether a stage is judged here: all that its gates look at is known. */
export const isJudgedHere = (engine: Engine, stage: string, all: readonly PlannedInstance[]): boolean =>
  engine.part?.own?.stage !== stage || all.length === 1

/** Judges what the instances of a stage left; nothing is written down yet. */
export const judgeStage = (engine: Engine, stage: Stage, left: Left, settings = settingsOf(engine, stage)): Judged =>
  engine.judge({
    address: stage.id,
    target: engine.plan.target,
    settings,
    targets: new Set(engine.workflow.stages.keys()),
    event: engine.context.event,
    now: engine.ports.clock.now(),
    waivers: engine.workflow.waivers,
    quarantines: quarantinesAfter(engine, stage),
    ...left,
  })

/** Whether a verdict keeps its stage from succeeding. */
const isUnmet = ({ status }: Verdict): boolean => status === 'fail' || status === 'no-data'

/**
 * Writes down what was judged, and answers the gates that are not met. Where a step failed, a gate that found nothing to judge is no
 * second failure, but it is named among what was not judged.
 */
export function tellVerdicts(engine: Engine, stage: Stage, judged: Judged, status: Status): string[] {
  const { verdicts, notJudged, marks } = judged
  const silent = status === 'success' ? [] : verdicts.filter((v) => v.status === 'no-data')
  const told = verdicts.filter((v) => !silent.includes(v))
  for (const verdict of told) engine.journal.append({ type: 'gate.judged', stage: stage.id, verdict })
  const over = gatesOver(engine, stage)
  const left = [...silent.map(({ gate }) => gate), ...notJudged.filter((what) => !over.has(what))]
  engine.journal.append({ type: 'gates.finished', stage: stage.id, not_judged: [...new Set(left)], ...marks })
  return told.filter(isUnmet).map(({ gate }) => gate)
}

/** The stages with reports that a milestone needs and the change does not affect; nothing where there are none. */
function idleFor({ plan, workflow }: Engine, milestone: Stage): Unaffected | undefined {
  const needed = ancestors(graphOf(workflow), [milestone.id])
  const stages = plan.stages.flatMap(({ id, unaffected = false }) => {
    const stage = workflow.stages.get(id)
    if (!stage || !needed.has(id)) return []
    const reports = stage.steps.flatMap((step) => step.reports)
    return reports.length ? [{ id, unaffected, suites: reports.flatMap(({ suite }) => suite ?? []) }] : []
  })
  const idle = stages.filter(({ unaffected }) => unaffected)
  if (!idle.length) return undefined
  const here = stages.filter((stage) => !stage.unaffected).flatMap(({ suites }) => suites)
  const suites = idle.flatMap((stage) => stage.suites).filter((name) => !here.includes(name))
  return { stages: idle.map(({ id }) => id), suites: new Set(suites) }
}

/** A milestone's gates see all that it needs; only those that are written there judge. Answers those that are not met. */
export function judgeMilestone(engine: Engine, stage: Stage, left: Left): string[] {
  const all = [{ address: stage.id, evidence: left.instances.flatMap(({ evidence }) => evidence) }]
  const idle = idleFor(engine, stage)
  const whole = { ...left, instances: all, ...(idle ? { unaffected: idle } : {}) }
  const verdicts = gateNames.flatMap((gate) => {
    const setting = stage.gates[gate]
    if (!setting) return []
    const only = { [gate]: setting }
    const own = ({ verdicts }: Judged): Verdict[] => verdicts.filter((v) => v.gate === gate)
    // Of the instances of all stages only those are judged apart that left something for this gate.
    const apart = setting.perInstance
      ? own(judgeStage(engine, stage, left, only)).filter((v) => v.status !== 'no-data')
      : []
    const merged = { [gate]: { ...setting, perInstance: false } }
    return apart.length ? apart : own(judgeStage(engine, stage, whole, merged))
  })
  for (const verdict of verdicts) engine.journal.append({ type: 'gate.judged', stage: stage.id, verdict })
  return verdicts.filter(isUnmet).map(({ gate }) => gate)
}
