import type { GateName, StepKindName } from '../language/names.js'
import type { Cell } from '../language/workflow.js'

/** What will run, as plain data in a stable order: stages after those they need, instances and steps in the order of the file. */
export interface Plan {
  version: 1
  workflow: { name: string; path: string }
  target: string
  /** Milliseconds that all stages may take; absent where there is no limit. */
  timeout_ms?: number
  /** What is known of the change; absent where no stage has `paths`. */
  change?: PlannedChange
  stages: PlannedStage[]
}

/** The commit that the change starts from and the number of files that it touches, or why every stage runs. */
export type PlannedChange = { base: string; files: number } | { everything: string }

/** What is said of a stage that the change does not affect. */
export const notAffected = 'not affected by this change'

export interface PlannedStage {
  id: string
  name?: string
  needs: string[]
  /** The condition as written. */
  if?: string
  /** Without steps: a name for what it needs. */
  milestone: boolean
  /** Milliseconds that its instances may take together. */
  timeout_ms?: number
  /** Empty for a milestone, and where the matrix is known only when the stage begins. */
  instances: PlannedInstance[]
  /** The matrix holds expressions: its instances are known when these stages have ended. Each will be like this one. */
  dynamic?: { after: string[]; like: PlannedInstance }
  /** The gates that judge it: those written, and those that judge always when there is something to judge. */
  gates: { gate: GateName; written: boolean }[]
  /** The change does not affect it: it succeeds without instances and gates. */
  unaffected?: true
  /** Of a stage with `paths`: why it runs, or why not. */
  why?: string
}

export interface PlannedInstance {
  address: string
  matrix: Record<string, Cell>
  requires: string[]
  steps: PlannedStep[]
  finally: PlannedStep[]
}

export interface PlannedStep {
  address: string
  id: string
  name?: string
  kind: StepKindName
  needs: string[]
  if?: string
  /** The reports that it declares, as written; `stdout` with its format. */
  reports: string[]
  /** How many attempts at most. */
  attempts: number
  /** Its result may be in the cache. */
  cached?: true
  /** It goes on until its stage ends; those that need it begin when it is ready. */
  background?: true
  /** The names of its pool and its breaker. */
  pool?: string
  breaker?: string
}
