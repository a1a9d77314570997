import type { Category, Evidence, LineRange, Problem } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import type { EventName, StepKindName } from '../language/names.js'
import type { Cell } from '../language/workflow.js'
import type { RuleChange } from '../workflow/rule-changes.js'

export type { RuleChange }

/** How a step, instance or stage ended. `judged`: it exited non-zero, its reports say why, and the gate decides. */
export type Status = 'success' | 'judged' | 'failure' | 'skipped' | 'cancelled' | 'not-run-here'

/** `warn`: passed with warnings. `no-data`: nothing failed, but something that was asked for was not judged; not good. */
export type RunVerdict = 'pass' | 'warn' | 'fail' | 'no-data' | 'cancelled'

/** The whole result of a run; everything that is shown is rendered from it. Times are ISO 8601 in UTC, durations milliseconds. */
export interface Outcome {
  version: 1
  run: { id: string; started: string; finished: string; duration_ms: number }
  workflow: { name: string; path: string }
  target: string
  context: OutcomeContext
  verdict: RunVerdict
  /** One sentence: what decided. */
  reason: string
  stages: StageOutcome[]
  verdicts: Verdict[]
  /** What each stage's reports say, merged over its instances; passing cases and line hits are left to the journal. */
  evidence: { stage: string; evidence: Evidence[] }[]
  /** Kinds and categories of evidence that no gate judged: `coverage`, `lint`. By stage. */
  not_judged: { stage: string; what: string[] }[]
  /** Files that `--fix` changed. */
  fixed: { step: string; files: string[] }[]
  /** What fixes would change in the commit that was judged; absent where none would, or nobody asked. */
  fixes?: FixesOutcome
  /** Remarks that belong to no step: what was degraded, what could not be told. */
  notes: string[]
  /** Whose gates and thresholds judged, and how those of the change differ. */
  rules: RulesOutcome
  /** What the evidence was compared with; absent where no stage left any. */
  compared?: Compared
  /** The run that this one went on from, how many of its steps were reused, and the tracked files that changed since. */
  resumed?: ResumedOutcome
  /** What was posted to GitHub, in the order in which it was begun. */
  published: Published[]
  /** Set where somebody else posts what a fork's run left: nothing in this outcome was checked by who posts it. */
  reported_by?: { repository: string; url: string }
}

/** What the `fix` commands of steps change. The run's own files are as they were; its verdict is that of the commit as it is. */
export interface FixesOutcome {
  /** What was asked for. */
  how: 'suggest' | 'commit'
  /** The steps whose fixes these are. */
  steps: string[]
  files: FixedFile[]
  /** Files that a fix changed too and that are not taken, and why. */
  left: { path: string; reason: string }[]
  /** What came of it on GitHub. */
  handed?: HandedFixes
}

/** A file by its path from the root of the repository, and the number of its lines that come and go. */
export interface FixedFile {
  path: string
  change: 'changed' | 'added' | 'removed' | 'mode'
  added: number
  removed: number
  /** What `git apply` takes; absent where there is no room, or the file is no text. */
  patch?: string
}

/**
 * `suggested`: remarks on the diff that this run made, `standing`: those that earlier ones made, `rest`: the files that are not suggested
 * whole. Or the commit that holds the fixes, and of how many files.
 */
export type HandedFixes = { suggested: number; standing: number; rest: string[] } | { commit: string; files: number }

/** `own`: those of the commit itself; `adoption`: the base has no file yet; `asked`: somebody asked for the file as it stands. */
export interface RulesOutcome {
  of: 'own' | 'base' | 'adoption' | 'deleted' | 'asked'
  /** The commit whose file gave them; null for files that are in no commit. */
  sha: string | null
  /** What people call it: `main`. */
  name: string | null
  /** What the change says otherwise; it counts after the merge. */
  changes: RuleChange[]
}

export interface ResumedOutcome {
  run: string
  reused: number
  changed: string[]
}

/** What is not known says why, and how to get it. */
export interface Compared {
  /** The commit that the change starts from, and what people call it; null on the default branch itself. */
  base: { sha: string; name: string | null } | null
  /** The commit whose figures are compared with; `distance` first parents lie between the base and it. */
  baseline: { sha: string; distance: number } | { missing: string }
  /** How many files and lines the change adds, and the first of these lines by file: at most 2,000 ranges. */
  change: { files: number; lines: number; added?: AddedRanges[] } | { missing: string }
  /** What the baseline and runs before it measured, the newest first, at most 20; absent where none is known. */
  earlier?: EarlierRun[]
}

/** Lines that a change adds to a file, from and to, ascending. */
export interface AddedRanges {
  path: string
  ranges: LineRange[]
}

/** What an earlier run measured, in figures, by stage. */
export interface EarlierRun {
  sha: string
  stages: EarlierStage[]
}

export interface EarlierStage {
  stage: string
  duration_ms: number
  tests?: number
  /** Covered and all. */
  lines?: [covered: number, valid: number]
  branches?: [covered: number, valid: number]
  /** How many different findings there were, of each category that was looked for. */
  findings?: Partial<Record<Category, number>>
}

/** Something outside that a run did or could not do. */
export interface Published {
  effect: string
  status: 'created' | 'updated' | 'failed'
  url?: string
  /** Why it failed, and what would mend it. */
  reason?: string
  mend?: string
}

export interface OutcomeContext {
  event: EventName | 'local'
  sha: string | null
  base: string | null
  ref: string | null
  actor: string | null
  repository: string | null
  /** The number of the pull request that is judged. */
  pull_request: number | null
  dirty: boolean
}

export interface StageOutcome {
  id: string
  name?: string
  milestone: boolean
  /** The change does not affect it, so nothing of it ran. */
  unaffected?: true
  status: Status
  reason?: string
  duration_ms: number
  instances: InstanceOutcome[]
}

export interface InstanceOutcome {
  address: string
  matrix: Record<string, Cell>
  status: Status
  reason?: string
  duration_ms: number
  steps: StepOutcome[]
}

export interface StepOutcome {
  address: string
  id: string
  name?: string
  kind: StepKindName
  /** What happened. */
  status: Status
  /** What counts: a failure with `continue-on-error` counts as success. */
  conclusion: Status
  /** Why it failed, was skipped or cancelled. */
  reason?: string
  duration_ms: number
  /** 0 when it never started. */
  attempts: number
  reports: ReportOutcome[]
  /** It did not run: an earlier run did it, by its id. */
  reused?: string
  /** It went on until its stage ended. `ready_ms`: how long it took to be ready; null when it never was. */
  background?: { ready_ms: number | null }
  /** What the cache said, where the step asked for it. */
  cache?: StepCacheOutcome
  /** Warnings of the step itself, such as an assertion of level `warning`. */
  warnings: string[]
  /** A service that the step needed failed; nothing that was tested did. */
  outside?: boolean
  /** What it wrote to $GITHUB_STEP_SUMMARY: a stranger's Markdown. */
  summary?: string
  /** The last lines that a failed step printed, cleaned of controls and secrets. */
  tail: string[]
  /** The first lines that look like an error, at most five; the cause often stands far before the last lines. */
  first_errors?: string[]
  /** The full log, from the folder of the run. */
  log?: string
}

/** `why`: how the step differs from when it was last kept. `left`: why its result was not kept. */
export type StepCacheOutcome = { hit: true; saved_ms: number } | { hit: false; why: string[]; left?: string }

export interface ReportOutcome {
  path: string
  attempt: number
  format: string | null
  kind: Evidence['kind'] | null
  problems: Problem[]
}
