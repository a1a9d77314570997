import { waivedGates } from '../language/names.js'
import type { WaivedGate } from '../language/names.js'

/**
 * Evidence: what reports say, in one normal form. The field names are those of `wf report --json`
 * (docs/reports.md), so the same objects are printed, stored in the journal and judged by gates.
 */
export type Evidence = TestsEvidence | CoverageEvidence | FindingsEvidence | BenchmarksEvidence
export type Kind = Evidence['kind']

export type CaseStatus = 'passed' | 'failed' | 'error' | 'skipped'

export interface TestCase {
  name: string
  classname?: string
  /** The suite that the user named with `suite:`, else the report's own. */
  suite?: string
  /** A repository path with forward slashes, as far as the report tells. */
  file?: string
  line?: number
  status: CaseStatus
  /** One line or a short text: why it failed or was skipped. */
  message?: string
  /** The stack trace or diff, cut to a bounded length. */
  details?: string
  duration_s?: number
  /** It failed first and passed at last. */
  flaky?: true
  /** Names that the report gives it: tags, categories, marks. */
  markers?: string[]
  /** It is in quarantine, so that it does not count; only in an outcome. */
  quarantined?: Waived
}

export interface TestsEvidence {
  kind: 'tests'
  tests: number
  passed: number
  failed: number
  errors: number
  skipped: number
  /** Of `passed`, how many failed first. */
  flaky: number
  /** The suites' own time where given, else the sum of the cases; seconds. */
  duration_s: number
  suites: number
  /** Every case that did not pass (up to a cap) and passing ones as far as the cap allows. */
  cases: TestCase[]
  /** How many of `tests` are counted but not listed in `cases`. */
  cases_omitted: number
  /** What the report's root states as the whole time; less than `duration_s` where suites ran side by side. */
  wall_s?: number
  /** Every suite that has tests of its own, in the order of `cases`; from it merging knows the same suite again. */
  suite_totals?: SuiteTotals[]
  /** The report has more sets of markers than are counted, so that nothing can be said of them. */
  markers_cut?: true
}

/** The tests that stand directly in one suite; those of suites inside it are counted there. */
export interface SuiteTotals {
  name: string
  /** Equal for the same suite told by several files; absent where suites were too many to be told apart. */
  id?: string
  tests: number
  passed: number
  failed: number
  errors: number
  skipped: number
  flaky: number
  duration_s: number
  /** How many of the suite's tests are listed, one after the other, in `cases`. */
  listed: number
  /** Its tests that have markers, by their whole set of them: each test is counted once. */
  marked?: MarkedTotals[]
}

/** The tests of a suite with exactly these markers. */
export interface MarkedTotals {
  markers: string[]
  tests: number
  passed: number
  failed: number
  errors: number
  skipped: number
}

/** A line of a file, from 1. A name of its own, so that the published schema knows a map by line from a list. */
export type LineNumber = number

export interface FileCoverage {
  path: string
  lines_valid: number
  lines_covered: number
  branches_valid: number
  branches_covered: number
  /** Hits by line number; absent where the format has only totals or rates. */
  lines?: Record<LineNumber, number>
  /** Covered and all branches by line number, for lines that have any. */
  branches?: Record<LineNumber, [covered: number, valid: number]>
  /** Functions that ran and all of them, where the format tells. */
  functions_valid?: number
  functions_covered?: number
  /** Functions that ran and all of them, by the line where they begin; absent where a line is not known. */
  functions?: Record<LineNumber, [covered: number, valid: number]>
  /** Instructions of the JVM, of JaCoCo alone. */
  instructions_valid?: number
  instructions_covered?: number
  /** Of a Go profile, by the place of a block: its statements, which are the totals of lines, and how often it ran. */
  blocks?: Record<string, [statements: number, hits: number]>
  /** In an outcome, instead of `lines`: the first 200 lines without a hit. */
  missed_lines?: number[]
}

export interface CoverageEvidence {
  kind: 'coverage'
  /** The suite that the user named with `suite:`: whose tests reached these lines. */
  suite?: string
  lines_valid: number
  lines_covered: number
  branches_valid: number
  branches_covered: number
  /** Of the files that know their functions. */
  functions_valid?: number
  functions_covered?: number
  instructions_valid?: number
  instructions_covered?: number
  files: FileCoverage[]
  /** The report states shares only: the counts stand for the share and are no numbers of lines. */
  rates_only?: true
  /** Folders that the paths may be relative to, where the report names several. */
  sources?: string[]
  /** Of the lines that the change adds; only in an outcome. */
  patch?: PatchFigures
}

/** Lines of a file, from the first to the last. */
export type LineRange = [from: number, to: number]

/** How much of what a change adds is covered, of the lines that the report knows; the file with the most missed lines first. */
export interface PatchFigures {
  lines_valid: number
  lines_covered: number
  /** Changed files with lines that no test reaches, at most 100. */
  files: PatchFile[]
  /** How many there are besides. */
  more: number
}

export interface PatchFile {
  path: string
  lines_valid: number
  lines_covered: number
  /** Added lines without a hit, at most 50 ranges. */
  missed: LineRange[]
}

/** Linters and type checkers say `error`, `warning`, `note`; scanners say `critical` to `low`, or `unknown`. */
export const severities = ['critical', 'high', 'error', 'medium', 'warning', 'low', 'note', 'unknown'] as const
export type Severity = (typeof severities)[number]

/** Which gate judges a finding. */
export const categories = waivedGates
export type Category = WaivedGate

export interface Finding {
  category: Category
  rule: string
  severity: Severity
  message: string
  file?: string
  line?: number
  column?: number
  end_line?: number
  end_column?: number
  /** SHA-256 prefix over rule, path and the content of the place: the same problem keeps it when code moves. */
  fingerprint: string
  url?: string
  /** The tool that said so. */
  tool?: string
  /** The package that a vulnerability is in. */
  package?: string
  /** The base has it too; only in an outcome. */
  known?: true
  /** A waiver of the workflow lets it off; only in an outcome. */
  waived?: Waived
}

/** Why a finding is let off, and how long. */
export interface Waived {
  reason: string
  /** The last day, in UTC. */
  until: string
  owner?: string
}

export interface FindingsEvidence {
  kind: 'findings'
  /** The kind of remark that this report can hold; an empty list of a linter is evidence for the lint gate. */
  categories: Category[]
  findings: Finding[]
  /** How many the report holds that are not listed (over the cap); they still count. */
  findings_omitted: number
  by_severity: Partial<Record<Severity, number>>
  /** Findings that the tool itself marks as accepted; counted, not judged. */
  suppressed: number
}

export interface Benchmark {
  name: string
  value: number
  unit: string
  /** How far the measurements spread, as the tool says it. */
  range?: string
  /** Which direction is an improvement, where the format or the unit says so. */
  better?: 'smaller' | 'bigger'
}

export interface BenchmarksEvidence {
  kind: 'benchmarks'
  benchmarks: Benchmark[]
  /** How many are not listed; only in an outcome. */
  benchmarks_omitted?: number
}

/** Something that keeps a report from being whole. `error`: it cannot be trusted and never passes; `warning`: it is said. */
export interface Problem {
  level: 'error' | 'warning'
  message: string
  /** Where in the report, from 1. */
  line?: number
}

/** One report file after reading: what it is, what it says, and what is wrong with it. */
export interface ReadReport {
  path: string
  /** The recognised format, or null when none fits. */
  format: string | null
  kind: Kind | null
  evidence: Evidence | null
  problems: Problem[]
}

/** A report to be read: its name for messages, its size in bytes, and its bytes (may be asked for more than once). */
export interface ReportInput {
  path: string
  size: number
  chunks(): AsyncIterable<Uint8Array>
}
