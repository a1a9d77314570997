import type { Json } from '../base/json.js'
import type { Redactor } from '../base/redact.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Unaffected } from '../gates/gate.js'
import type { Marks } from '../gates/marks.js'
import type { Verdict } from '../gates/verdict.js'
import type { BreakerStates } from '../history/breakers.js'
import type { Comparison } from '../history/comparison.js'
import type { Timings } from '../history/timings.js'
import type { HandedInstance } from '../journal/handed.js'
import type { FixesOutcome, RulesOutcome, Status } from '../journal/outcome.js'
import type { Journal } from '../journal/journal.js'
import type { DoneStep } from '../journal/state.js'
import type { definitionsOf } from '../plan/definition.js'
import type { Plan, PlannedInstance } from '../plan/plan.js'
import type { Ports, Room } from '../ports.js'
import type { RunContext } from '../trigger/context.js'
import type { LazyMap, Value } from '../workflow/expression/data.js'
import type { GateSettings, Quarantined, Stage, Step, Waiver, Workflow } from '../workflow/model.js'
import type { AbsentGate } from '../workflow/rules.js'
import type { StepCache } from './cache/step-cache.js'
import type { CommandFiles, Told } from './command-files.js'
import type { Variables } from './environment.js'
import type { Halt } from './halt.js'
import type { Breakers } from './breakers.js'
import type { TimeLimit } from './time-limit.js'
import type { StepKinds } from './kind.js'
import type { Live } from './output.js'
import type { Slots } from './slots.js'
import type { Workspace } from './workspace.js'

/** Judges a stage's evidence; handed in, so that the engine knows nothing of gates. */
export type Judge = (input: {
  address: string
  target: string
  settings: GateSettings
  instances: InstanceEvidence[]
  /** The targets that the workflow has. */
  targets: ReadonlySet<string>
  /** The stages whose evidence it is: the stage itself, of a milestone all that it needs. */
  stages: readonly string[]
  /** What the evidence is compared with. */
  against: Comparison
  event: RunContext['event']
  /** The clock, in milliseconds since the epoch. */
  now: number
  waivers: readonly Waiver[]
  /** Quarantines of the gates that judge the stage's tests besides its own. */
  quarantines: readonly (readonly Quarantined[])[]
  /** How long it took. */
  duration_ms: number
  /** Of a milestone: stages with reports that it needs and the change does not affect. */
  unaffected?: Unaffected
}) => { verdicts: Verdict[]; notJudged: string[]; marks: Marks }

/** The run that this one goes on from. */
export interface Resumed {
  run: string
  /** Its folder, absolute; its logs lie there. */
  folder: string
  reuse: ReadonlyMap<string, DoneStep>
  /** Steps that nobody asked for. */
  leave: ReadonlySet<string>
  /** Of these, background steps that only reused ones need, with the outputs that they told. */
  idle: ReadonlyMap<string, Record<string, Json>>
  /** By stage with shards, how its files were split; one that is not here is split anew, and nothing of it is reused. */
  splits: ReadonlyMap<string, string[][]>
}

/** What a run goes on from, and what is to be said of it. */
export interface Going {
  resumed: Resumed
  /** Steps that ran before and run again, with the reason. */
  reset: ReadonlyMap<string, string>
  /** Tracked files that changed after the earlier run had ended: what is reused has not seen them. */
  changed: readonly string[]
}

/** What this machine does of a run that several share. */
export interface Part {
  /** What all machines call the run. */
  run: string
  /** By address, what other machines did. */
  handed: ReadonlyMap<string, HandedInstance>
  /** The stage of which this machine runs something, and the instance; without one only its instances are found out. Absent: it judges all. */
  own?: { stage: string; instance?: string }
  /** What became of an instance that neither was handed over nor is to run here. */
  absent: (address: string) => { status: Status; reason: string }
  /** By stage, files and folders that it left where it ran and that git does not track. */
  left: ReadonlyMap<string, readonly string[]>
  /** Where it judges all: whether the job of a stage failed, whatever it handed over. */
  jobFailed: (stage: string) => boolean
  /** The run was cancelled elsewhere. */
  cancelled?: boolean
}

/** What a run is started with. */
export interface RunRequest {
  run: string
  workflow: Workflow
  plan: Plan
  context: RunContext
  /** What is to be said beside the verdict, known before the run. */
  notes: readonly string[]
  rules: RulesOutcome
  absent: readonly AbsentGate[]
  inputs: { [key: string]: Json }
  /** By name; a step sees those that it lists. */
  secrets: Readonly<Record<string, string>>
  /** The repository's folder and the folder of this run's files, absolute. */
  workspace: string
  folder: string
  /** How many attempts run at once. */
  concurrency: number
  going?: Going
  /** Run `fix` commands of steps whose findings fail a gate, and judge again. */
  fix: boolean
  /** Find out at the end what these commands would change, for which use; the files stay as they are. */
  propose?: FixesOutcome['how']
  /** What earlier runs tell of files of tests, where another machine asked already; absent: the history is asked. */
  timings?: Timings
  /** Several machines share the run: what this one does of it. */
  part?: Part
}

/**
 * Finds out what the run is compared with, once, and without failing: what cannot be known is said in the answer. `fresh`: files have
 * changed since, so the lines of the change are asked for again.
 */
export type Compare = (how?: { fresh: boolean }) => Promise<Comparison>

export interface RunTools {
  ports: Ports
  journal: Journal
  kinds: StepKinds
  judge: Judge
  compare: Compare
  redactor: Redactor
  live: Live
  /** What earlier runs knew of the circuit breakers; it never fails. */
  earlierBreakers: () => Promise<BreakerStates>
  /** Results of steps by all that decides about them; absent where none is to be used. */
  cache?: StepCache
  /** Pending while those who watch have much to take yet: steps wait, so that it need not be kept. */
  room?: Room
  /** Aborted when the run shall end with all that must still run; `kill` when everything shall be gone. */
  cancel: AbortSignal
  kill: AbortSignal
}

/** Everything that the parts of the engine share during one run. */
export interface Engine extends RunRequest, Omit<RunTools, 'cancel' | 'kill'> {
  /** The run shall end with all that must still run. */
  cancel: Halt
  /** Everything shall be gone; a bug and a full disk do the same. */
  kill: Halt
  /** A folder of this run for temporary files, absolute. */
  temporary: string
  slots: Slots<CommandFiles>
  /** By name: places in it, which are of no use but that there are so many. */
  pools: ReadonlyMap<string, Slots<object>>
  breakers: Breakers
  /** The limit of the run's time, if there is one. */
  limit?: TimeLimit
  files: Workspace
  github: LazyMap
  /** The machine's variables and those that the workflow declares. */
  variables: Variables
  /** Why the workflow's own variables cannot be had: no stage can run then. */
  broken?: string
  /** When each stage began and, where other machines ran it, ended: by the monotonic clock, in a shared run since the epoch. */
  begun: Map<string, number>
  ended: Map<string, number>
  results: Map<string, StageResult>
  /** By address, what cached steps left. */
  left: Map<string, Left>
  /** By stage with shards, how its files are split. */
  splits: Map<string, Promise<Split>>
  /** Steps that a gate objected to and that a command could mend, in the order in which they were judged. */
  mendable: Mendable[]
  hashFiles: (patterns: string[]) => string
  /** The definition of a step of an instance, as a hash. */
  definition: ReturnType<typeof definitionsOf>
}

export interface StageResult {
  status: Status
  /** It and all that it needs, directly or not, succeeded. */
  clear: boolean
  /** It or something that it needs, directly or not, failed. */
  tainted: boolean
  outputs: Record<string, string>
  instances: InstanceEvidence[]
}

/** What a cached step left, by the hash of its content: whoever comes after it is known by that. */
export interface Left {
  stage: string
  instance: string
  step: string
  content: string
}

/** How the test files of a stage are split, for all of its instances alike; or why they cannot be. */
export type Split = { lists: readonly (readonly string[])[]; hash: string } | { problem: string }

/** What the reports of an instance say. */
export interface InstanceEvidence {
  address: string
  evidence: Evidence[]
}

/** One instance while it runs. */
export interface InstanceRun {
  engine: Engine
  stage: Stage
  planned: PlannedInstance
  address: string
  variables: Variables
  /** Variables that tell its steps which test files are theirs. */
  shard?: Readonly<Record<string, string>>
  results: Map<string, StepResult>
  /** The versions of the programs that the stage requires. */
  versions: Map<string, string>
  /** Whether a step failed whose failure counts. */
  failed: boolean
  /** Variables and folders of programs that steps left for those after them, in the order in which they ended. */
  exported: Map<string, Pick<Told, 'env' | 'paths'>>
  /** The gates that judge what its steps find. */
  gates: ReadonlySet<string>
  /** The run was cancelled, and the stage's condition does not ask to go on. */
  cancel: Halt
  /** The limits of the time of its stage and of the run. */
  limits: readonly TimeLimit[]
  /** Background steps that are ready; each is ended with its instance. */
  services: RunningService[]
  /** No further step begins, by fail-fast or with `cancel`. */
  stop: Halt
  /** The step whose failure stopped it. */
  stoppedBy?: string
  /** The stage's outputs as they were where it ran. */
  outputs?: Record<string, string>
  needs: () => Value
  /** Evidence of the stages that this one needs. */
  inherited: () => readonly Evidence[]
}

/** A background step that is ready. */
export interface RunningService {
  /** Ends it, since it is needed no more. */
  end: () => void
  /** Resolves when nothing of it is left and its result is recorded. */
  over: Promise<unknown>
}

/** A step that a gate objects to, and the command that mends it. */
export interface Mendable {
  run: InstanceRun
  result: StepResult
  fix: NonNullable<Step['fix']>
}

export interface StepResult {
  step: Step
  status: Status
  conclusion: Status
  /** It and all that it needs, directly or not, went well. */
  clear: boolean
  /** It or something that it needs, directly or not, failed. */
  tainted: boolean
  outputs: Record<string, Json>
  evidence: Evidence[]
  attempts: number
}
