import type { Json } from '../base/json.js'
import type { Evidence, ReadReport } from '../evidence/evidence.js'
import type { Marks } from '../gates/marks.js'
import type { Verdict } from '../gates/verdict.js'
import type { Plan, PlannedInstance } from '../plan/plan.js'
import type { Compared, FixesOutcome, HandedFixes, OutcomeContext, RulesOutcome, Status } from './outcome.js'

/** What happened, in the order in which it happened. Everything that is shown or resumed later is a fold over these. */
export type JournalEvent =
  | { type: 'run.started'; run: string; context: OutcomeContext; plan: Plan; rules: RulesOutcome }
  | { type: 'stage.started'; stage: string }
  | StagePlanned
  | { type: 'instance.started'; instance: string }
  | ShardAssigned
  | { type: 'attempt.started'; step: string; attempt: number }
  | { type: 'attempt.finished'; step: string; attempt: number; ending: Ending; duration_ms: number }
  | ReportRead
  | { type: 'evidence.collected'; stage: string; evidence: Evidence }
  | { type: 'cache.hit'; step: string; key: string; saved_ms: number }
  | { type: 'cache.miss'; step: string; key: string; why: string[] }
  | ({ type: 'cache.kept'; step: string } & ({ bytes: number } | { reason: string }))
  | CacheLeft
  | { type: 'resumed'; run: string; reset: { step: string; why: string }[]; changed: string[] }
  | { type: 'step.reused'; step: string; run: string }
  | BreakerEvent
  | StepReady
  | StepFinished
  | InstanceFinished
  | ({ type: 'compared' } & Compared)
  | { type: 'gate.judged'; stage: string; verdict: Verdict }
  | ({ type: 'gates.finished'; stage: string; not_judged: string[] } & Marks)
  | { type: 'stage.finished'; stage: string; status: Status; reason?: string; outputs: Record<string, string> }
  | { type: 'fix.applied'; step: string; files: string[] }
  /** The same for a file that is put back at the end. */
  | { type: 'fix.tried'; step: string; files: string[] }
  | ({ type: 'fixes.found' } & Omit<FixesOutcome, 'handed'>)
  | { type: 'fixes.handed'; handed: HandedFixes }
  | { type: 'note'; message: string }
  | { type: 'run.finished'; cancelled: boolean }
  | { type: 'effect.intended'; effect: string }
  | { type: 'effect.done'; effect: string; did: 'created' | 'updated'; id: string; url: string | null }
  | { type: 'effect.failed'; effect: string; reason: string; mend?: string }

/** What an attempt of a step did to a circuit breaker. `failures` are those in a row, `since` is in milliseconds since the epoch. */
export type BreakerEvent =
  | { type: 'breaker.counted'; breaker: string; step: string; failures: number }
  | { type: 'breaker.opened'; breaker: string; step: string; failures: number; since: number; open_ms: number }
  | { type: 'breaker.probed'; breaker: string; step: string }
  | { type: 'breaker.closed'; breaker: string; step: string }

/** What a cached step left, as a hash of its content: steps after it are known by that. */
export interface CacheLeft {
  type: 'cache.left'
  step: string
  content: string
}

export interface ReportRead {
  type: 'report.read'
  step: string
  attempt: number
  report: ReadReport
  /** It lies in git on purpose, or it was printed; else it is a file that this attempt wrote. */
  source?: 'stored' | 'printed'
}

/** The instances of a stage whose matrix is known only when it begins. */
export interface StagePlanned {
  type: 'stage.planned'
  stage: string
  instances: PlannedInstance[]
}

export interface InstanceFinished {
  type: 'instance.finished'
  instance: string
  status: Status
  reason?: string
  /** Paths and globs of what it hands to those that need its stage. */
  artifacts?: string[]
  /** The stage's outputs as this instance gives them, where the machine that judges is another one. */
  outputs?: Record<string, string>
}

/** The test files that an instance of a sharded stage has to run. */
export interface ShardAssigned {
  type: 'shard.assigned'
  stage: string
  instance: string
  /** From 1. */
  shard: number
  shards: number
  files: string[]
  /** SHA-256 of the lists of all shards: instances that tell another one did not share the stage's tests. */
  split: string
}

/** A background step is ready: those that need it begin, and it goes on. */
export interface StepReady {
  type: 'step.ready'
  step: string
  attempt: number
  /** How long it took to be ready. */
  duration_ms: number
  /** What it told until then. */
  outputs: Record<string, Json>
  /** Its definition when it ran, as a hash. */
  definition: string
}

export interface StepFinished {
  type: 'step.finished'
  step: string
  status: Status
  conclusion: Status
  reason?: string
  /** A service that the step needed failed; nothing that was tested did. */
  outside?: boolean
  attempts: number
  outputs: Record<string, Json>
  /** Variables and folders of programs that it left for the steps after it. */
  env?: Record<string, string>
  paths?: string[]
  /** Its definition when it ran, as a hash. */
  definition?: string
  warnings: string[]
  tail: string[]
  /** The first lines that look like an error, at most five; the cause often stands far before the last lines. */
  first_errors?: string[]
  /** What it wrote to $GITHUB_STEP_SUMMARY. */
  summary?: string
  log?: string
}

/**
 * How an attempt ended. `timeout` names its limit; `error`: the step kind itself could not do its work; `stopped`: a background step was
 * needed no more.
 */
export type Ending =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'timeout'; limit_ms: number }
  | { kind: 'error'; message: string; outside?: boolean }
  | { kind: 'cancelled' }
  | { kind: 'stopped' }

/** A line of the journal: the event with its place in the chain. `at` is milliseconds since the epoch. */
export interface JournalLine {
  version: 1
  seq: number
  at: number
  /** SHA-256 of the line before, as text; 64 zeros for the first. */
  previous: string
  event: JournalEvent
  /** Secrets were taken out of the event. */
  cleaned?: true
}
