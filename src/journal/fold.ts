import type { Evidence } from '../evidence/evidence.js'
import { combineAttempts } from '../evidence/attempts.js'
import { briefEvidence } from '../evidence/brief.js'
import { mergeEvidence } from '../evidence/merge.js'
import type { Marks } from '../gates/marks.js'
import type { Verdict } from '../gates/verdict.js'
import type { PlannedInstance, PlannedStage, PlannedStep } from '../plan/plan.js'
import { conclude } from './conclude.js'
import { withMarks } from './marked.js'
import { notePublished } from './published.js'
import { breakerNotes } from './breakers.js'
import type { BreakerEvent, JournalEvent, JournalLine, StepFinished } from './events.js'
import type {
  Compared,
  FixesOutcome,
  InstanceOutcome,
  Outcome,
  Published,
  ReportOutcome,
  StageOutcome,
  StepCacheOutcome,
  Status,
  StepOutcome,
} from './outcome.js'

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

/** What a journal says, indexed by address. */
interface Index {
  start?: Of<'run.started'>
  begun: Map<string, number>
  ended: Map<string, number>
  steps: Map<string, StepFinished>
  /** By background step, how long it took to be ready. */
  ready: Map<string, number>
  /** By stage, the instances of a matrix that was known when it began. */
  planned: Map<string, PlannedInstance[]>
  cached: Map<string, StepCacheOutcome>
  /** By step, the run that did it. */
  reused: Map<string, string>
  resumed?: { run: string; changed: string[] }
  attempts: Map<string, number>
  reports: Map<string, ReportOutcome[]>
  /** By step, by attempt. */
  evidence: Map<string, Evidence[][]>
  /** By stage, what no step reported. */
  collected: Map<string, Evidence[]>
  instances: Map<string, Of<'instance.finished'>>
  stages: Map<string, Of<'stage.finished'>>
  verdicts: Map<string, Verdict>
  notJudged: Map<string, string[]>
  marks: Map<string, Marks>
  fixed: Outcome['fixed']
  fixes?: FixesOutcome
  compared?: Compared
  notes: string[]
  breakers: BreakerEvent[]
  cancelled: boolean
  /** When the last of the work ended; what is posted afterwards is no part of the run's time. */
  finished?: number
  published: Map<string, Published>
}

function index(lines: readonly JournalLine[]): Index {
  const all: Index = {
    begun: new Map(),
    ended: new Map(),
    steps: new Map(),
    ready: new Map(),
    planned: new Map(),
    cached: new Map(),
    reused: new Map(),
    attempts: new Map(),
    reports: new Map(),
    evidence: new Map(),
    collected: new Map(),
    instances: new Map(),
    stages: new Map(),
    verdicts: new Map(),
    notJudged: new Map(),
    marks: new Map(),
    fixed: [],
    notes: [],
    breakers: [],
    cancelled: false,
    published: new Map(),
  }
  for (const { at, event } of lines) note(all, event, at)
  return all
}

function note(all: Index, event: JournalEvent, at: number): void {
  switch (event.type) {
    case 'run.started':
      all.start = event
      break
    case 'stage.started':
      all.begun.set(event.stage, at)
      break
    case 'stage.planned':
      all.planned.set(event.stage, event.instances)
      break
    case 'instance.started':
      all.begun.set(event.instance, at)
      break
    case 'attempt.started':
      if (!all.begun.has(event.step)) all.begun.set(event.step, at)
      all.attempts.set(event.step, event.attempt)
      break
    case 'attempt.finished':
      break
    case 'report.read': {
      const { path, format, kind, problems, evidence } = event.report
      push(all.reports, event.step, { path, attempt: event.attempt, format, kind, problems })
      if (evidence) attemptsOf(all, event.step, event.attempt).push(evidence)
      break
    }
    case 'evidence.collected':
      push(all.collected, event.stage, event.evidence)
      break
    case 'step.ready':
      all.ready.set(event.step, event.duration_ms)
      break
    case 'step.finished':
      all.steps.set(event.step, event)
      all.ended.set(event.step, at)
      break
    case 'resumed':
      all.resumed = event
      break
    case 'step.reused':
      all.reused.set(event.step, event.run)
      break
    case 'cache.hit':
      all.cached.set(event.step, { hit: true, saved_ms: event.saved_ms })
      break
    case 'cache.miss':
      all.cached.set(event.step, { hit: false, why: event.why })
      break
    case 'cache.kept': {
      const asked = all.cached.get(event.step)
      if (asked && !asked.hit && 'reason' in event) all.cached.set(event.step, { ...asked, left: event.reason })
      break
    }
    case 'cache.left':
    case 'shard.assigned':
      break
    case 'instance.finished':
      all.instances.set(event.instance, event)
      all.ended.set(event.instance, at)
      break
    case 'compared': {
      // Asked again after a fix: the last word counts.
      const { type: _, ...compared } = event
      all.compared = compared
      break
    }
    case 'gate.judged':
      // Judged again after a fix: the last word counts.
      all.verdicts.set(`${event.verdict.address} ${event.verdict.gate}`, event.verdict)
      break
    case 'gates.finished':
      all.notJudged.set(event.stage, event.not_judged)
      all.marks.set(event.stage, event)
      break
    case 'stage.finished':
      all.stages.set(event.stage, event)
      all.ended.set(event.stage, at)
      break
    case 'fix.applied':
      all.fixed.push({ step: event.step, files: event.files })
      // What was read before is of files that are no more as they were; a test that passes now is mended, not flaky.
      all.evidence.delete(event.step)
      break
    case 'fix.tried':
      break
    case 'fixes.found': {
      const { type: _, ...fixes } = event
      all.fixes = fixes
      break
    }
    case 'fixes.handed':
      if (all.fixes) all.fixes = { ...all.fixes, handed: event.handed }
      break
    case 'note':
      all.notes.push(event.message)
      break
    case 'breaker.counted':
    case 'breaker.opened':
    case 'breaker.probed':
    case 'breaker.closed':
      all.breakers.push(event)
      break
    case 'run.finished':
      all.cancelled = event.cancelled
      all.finished = at
      break
    case 'effect.intended':
    case 'effect.done':
    case 'effect.failed':
      notePublished(all.published, event)
      break
  }
}

function attemptsOf(all: Index, step: string, attempt: number): Evidence[] {
  const attempts = all.evidence.get(step) ?? []
  all.evidence.set(step, attempts)
  return (attempts[attempt] ??= [])
}

const push = <V>(map: Map<string, V[]>, key: string, value: V): void => {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** The result of a run as its journal tells it; of a run that was cut off, what is known so far, as cancelled. */
export function foldOutcome(lines: readonly JournalLine[]): Outcome {
  const all = index(lines)
  const { start } = all
  const first = lines[0]
  const last = lines.at(-1)
  if (!start || !first || !last) throw new Error('a journal begins with run.started')
  const stages = start.plan.stages.map((stage): StageOutcome => {
    const done = all.stages.get(stage.id)
    return {
      id: stage.id,
      ...(stage.name === undefined ? {} : { name: stage.name }),
      milestone: stage.milestone,
      ...(stage.unaffected ? { unaffected: stage.unaffected } : {}),
      status: done?.status ?? 'cancelled',
      ...(done?.reason === undefined ? {} : { reason: done.reason }),
      duration_ms: duration(all, stage.id),
      instances: instancesOf(all, stage).map((instance) => instanceOutcome(all, instance, absence(done))),
    }
  })
  const cancelled = all.cancelled || all.finished === undefined
  const finished = all.finished ?? last.at
  const verdicts = [...all.verdicts.values()]
  const resumed = all.resumed && { run: all.resumed.run, reused: all.reused.size, changed: all.resumed.changed }
  return {
    version: 1,
    run: {
      id: start.run,
      started: new Date(first.at).toISOString(),
      finished: new Date(finished).toISOString(),
      duration_ms: Math.max(0, finished - first.at),
    },
    workflow: start.plan.workflow,
    target: start.plan.target,
    // What `--fix` changed is in no commit either.
    context: { ...start.context, dirty: start.context.dirty || all.fixed.some(({ files }) => files.length > 0) },
    ...conclude({ stages, verdicts, cancelled, target: start.plan.target, changed: resumed?.changed ?? [] }),
    ...(resumed ? { resumed } : {}),
    stages,
    verdicts,
    evidence: evidenceOf(all, start).map(({ stage, evidence }) => ({
      stage,
      evidence: evidence.map((one) => withMarks(briefEvidence(one), all.marks.get(stage) ?? {})),
    })),
    not_judged: [...all.notJudged].flatMap(([stage, what]) => (what.length ? [{ stage, what }] : [])),
    fixed: all.fixed,
    ...(all.fixes === undefined ? {} : { fixes: all.fixes }),
    notes: [...all.notes, ...breakerNotes(all.breakers)],
    rules: start.rules,
    ...(all.compared === undefined ? {} : { compared: all.compared }),
    published: [...all.published.values()],
  }
}

/** What each stage's reports say, merged over its instances, whole; of stages that left nothing none. */
export function foldEvidence(lines: readonly JournalLine[]): Outcome['evidence'] {
  const all = index(lines)
  return all.start ? evidenceOf(all, all.start) : []
}

const evidenceOf = (all: Index, { plan }: Of<'run.started'>): Outcome['evidence'] =>
  plan.stages.flatMap((stage) => {
    const own = instancesOf(all, stage)
      .flatMap((i) => [...i.steps, ...i.finally])
      .flatMap((s) => combineAttempts([...(all.evidence.get(s.address) ?? [])].map((list) => list ?? [])))
    const whole = [...own, ...(all.collected.get(stage.id) ?? [])]
    return whole.length ? [{ stage: stage.id, evidence: mergeEvidence(whole) }] : []
  })

/** The instances of a stage, as they were planned before the run or when the stage began. */
const instancesOf = ({ planned }: Index, stage: PlannedStage): PlannedInstance[] =>
  planned.get(stage.id) ?? stage.instances

const duration = (all: Index, address: string): number => {
  const begun = all.begun.get(address)
  return begun === undefined ? 0 : Math.max(0, (all.ended.get(address) ?? begun) - begun)
}

/** What is not in the journal did not run: within something that ended it was left out, otherwise the run was cut off. */
const absence = (around: { status: Status } | undefined): Status =>
  around === undefined || around.status === 'cancelled' ? 'cancelled' : 'skipped'

function instanceOutcome(all: Index, planned: PlannedInstance, absent: Status): InstanceOutcome {
  const done = all.instances.get(planned.address)
  const left = done ? absence(done) : absent
  return {
    address: planned.address,
    matrix: planned.matrix,
    status: done?.status ?? absent,
    ...(done?.reason === undefined ? {} : { reason: done.reason }),
    duration_ms: duration(all, planned.address),
    steps: [...planned.steps, ...planned.finally].map((step) => stepOutcome(all, step, left)),
  }
}

/** Why a step needed not run, or had to although it asked. */
function savedOf({ cached, reused }: Index, { address }: PlannedStep): Pick<StepOutcome, 'cache' | 'reused'> {
  const [cache, run] = [cached.get(address), reused.get(address)]
  return { ...(cache ? { cache } : {}), ...(run === undefined ? {} : { reused: run }) }
}

function stepOutcome(all: Index, planned: PlannedStep, absent: Status): StepOutcome {
  const done = all.steps.get(planned.address)
  const status = done?.status ?? absent
  return {
    address: planned.address,
    id: planned.id,
    ...(planned.name === undefined ? {} : { name: planned.name }),
    kind: planned.kind,
    status,
    conclusion: done?.conclusion ?? status,
    ...(done?.reason === undefined ? {} : { reason: done.reason }),
    duration_ms: duration(all, planned.address),
    attempts: done?.attempts ?? all.attempts.get(planned.address) ?? 0,
    reports: all.reports.get(planned.address) ?? [],
    ...(planned.background ? { background: { ready_ms: all.ready.get(planned.address) ?? null } } : {}),
    ...savedOf(all, planned),
    warnings: done?.warnings ?? [],
    tail: done?.tail ?? [],
    ...(done?.first_errors === undefined ? {} : { first_errors: done.first_errors }),
    ...(done?.outside ? { outside: true } : {}),
    ...(done?.summary === undefined ? {} : { summary: done.summary }),
    ...(done?.log === undefined ? {} : { log: done.log }),
  }
}
