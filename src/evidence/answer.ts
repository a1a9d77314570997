import type { Evidence, Kind, Problem, ReadReport } from './evidence.js'
import type { PatchCoverage } from './patch.js'

/** What `wf report --json` prints. */
export interface ReportAnswer {
  version: 1
  /** One entry a file, in the order of the arguments. */
  files: readonly ReadReport[]
  /** With `--merge`: one entry a kind, of all files together. */
  merged?: readonly MergedReport[]
  /** With `--diff`: how much of what the change adds is covered. */
  patch?: PatchCoverage
}

/** The reports of one kind as one. */
export interface MergedReport {
  kind: Kind
  evidence: Evidence
  problems: readonly Problem[]
}
