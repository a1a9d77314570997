import type { CoverageEvidence, FileCoverage } from './evidence.js'
import { type ReadContext, Truncated } from './reader.js'

/** Totals that a report states for a file or for all, used only where it holds no lines. */
export interface Totals {
  lines_valid: number
  lines_covered: number
  branches_valid: number
  branches_covered: number
}

const maxLine = 2 ** 31
/** Beyond it a count is as good as without end, and adding to it would leave the numbers. */
const maxHits = 1e300
type ByLine = Record<number, [covered: number, valid: number]>

/** Things of a file that have a name, told perhaps several times: each is one, and covered when it ever was. */
class Named {
  private readonly byKey = new Map<string, { line: number | undefined; covered: boolean }>()

  constructor(private readonly budget: { items: number }) {}

  add(key: string, line: number | undefined, covered: boolean): void {
    const known = this.byKey.get(key)
    if (known) {
      known.covered ||= covered
      known.line ??= line
      return
    }
    if (--this.budget.items < 0) throw new Truncated('it holds more branches and functions than are read')
    this.byKey.set(key, { line, covered })
  }

  get size(): number {
    return this.byKey.size
  }

  get covered(): number {
    let count = 0
    for (const { covered } of this.byKey.values()) if (covered) count++
    return count
  }

  /** Covered and all by line, or undefined where a line of one is not known. */
  byLine(): ByLine | undefined {
    const lines: ByLine = {}
    for (const { line, covered } of this.byKey.values()) {
      if (line === undefined || !isLine(line)) return undefined
      const counts = (lines[line] ??= [0, 0])
      if (covered) counts[0]++
      counts[1]++
    }
    return lines
  }
}

/** Whether a number can be a line. */
const isLine = (line: number): boolean => Number.isInteger(line) && line > 0 && line <= maxLine

/** One file while its report is read; its totals are kept up to date with its lines. */
export class FileBuilder {
  readonly lines: Record<number, number> = {}
  readonly branches: ByLine = {}
  valid = 0
  covered = 0
  stated: Totals | undefined
  /** Functions and instructions that a report states as numbers. */
  statedFunctions: [covered: number, valid: number] | undefined
  instructions: [covered: number, valid: number] | undefined
  private hasBranches = false
  private namedBranches: Named | undefined
  private functions: Named | undefined

  constructor(
    readonly path: string,
    private readonly budget: { items: number },
  ) {}

  private first(line: number, hits: number): void {
    if (!isLine(line) || Number.isNaN(hits)) return
    this.valid++
    if (--this.budget.items < 0) throw new Truncated('it holds more lines than are read')
    if (hits > 0) this.covered++
    this.lines[line] = hits > 0 ? Math.min(maxHits, hits) : 0
  }

  /** Adds hits to a line; negative hits are 0, lines before the first are none. */
  hit(line: number, hits: number): void {
    const before = this.lines[line]
    if (before === undefined) return this.first(line, hits)
    if (!(hits > 0)) return
    if (before === 0) this.covered++
    this.lines[line] = Math.min(maxHits, before + hits)
  }

  /** Branches of a line told as numbers: of several records each number's greater one holds. */
  branch(line: number, covered: number, valid: number): void {
    if (!isLine(line) || !(valid >= 1)) return
    const before = this.branches[line]
    const all = Math.max(before?.[1] ?? 0, Math.trunc(Math.min(valid, maxLine)))
    this.branches[line] = [Math.min(all, Math.max(before?.[0] ?? 0, covered > 0 ? Math.trunc(covered) : 0)), all]
    this.hasBranches = true
  }

  /** One branch of a line by its name: told several times it is one, taken when it ever was. */
  branchNamed(line: number, key: string, taken: boolean): void {
    if (!isLine(line)) return
    this.namedBranches ??= new Named(this.budget)
    this.namedBranches.add(`${line} ${key}`, line, taken)
  }

  /** One function by its name: told several times it is one, covered when it ever ran. */
  function(key: string, line: number | undefined, ran: boolean): void {
    this.functions ??= new Named(this.budget)
    this.functions.add(key, line, ran)
  }

  finish(): FileCoverage {
    this.namedToLines()
    const more = { ...this.functionCounts(), ...countsOf('instructions', this.instructions) }
    if (this.valid === 0 && this.stated) return { path: this.path, ...this.stated, ...more }
    let branchesValid = 0
    let branchesCovered = 0
    if (this.hasBranches)
      for (const [covered, valid] of Object.values(this.branches)) {
        branchesCovered += covered
        branchesValid += valid
      }
    const stated = !this.hasBranches && this.stated ? this.stated : undefined
    return {
      path: this.path,
      lines_valid: this.valid,
      lines_covered: this.covered,
      branches_valid: stated?.branches_valid ?? branchesValid,
      branches_covered: stated?.branches_covered ?? branchesCovered,
      lines: this.lines,
      ...(this.hasBranches ? { branches: this.branches } : {}),
      ...more,
    }
  }

  private namedToLines(): void {
    const byLine = this.namedBranches?.byLine() ?? {}
    for (const [line, [covered, valid]] of Object.entries(byLine)) this.branch(Number(line), covered, valid)
  }

  private functionCounts(): Partial<FileCoverage> {
    const { functions } = this
    if (!functions) return countsOf('functions', this.statedFunctions)
    const byLine = functions.byLine()
    return { ...countsOf('functions', [functions.covered, functions.size]), ...(byLine ? { functions: byLine } : {}) }
  }
}

function countsOf(
  what: 'functions' | 'instructions',
  counts: [covered: number, valid: number] | undefined,
): Partial<FileCoverage> {
  if (!counts) return {}
  const valid = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(counts[1]))) || 0
  const covered = Math.min(valid, Math.max(0, Math.trunc(counts[0])) || 0)
  return { [`${what}_valid`]: valid, [`${what}_covered`]: covered }
}

/** Collects files by path: the same file in several records is one, its hits added. */
export class CoverageBuilder {
  private readonly files = new Map<string, FileBuilder>()
  private readonly budget: { items: number }

  constructor(context: ReadContext) {
    this.budget = { items: context.caps.items }
  }

  file(path: string): FileBuilder {
    let file = this.files.get(path)
    if (!file) {
      if (--this.budget.items < 0) throw new Truncated('it holds more files than are read')
      file = new FileBuilder(path, this.budget)
      this.files.set(path, file)
    }
    return file
  }

  finish(): CoverageEvidence {
    return coverageOf([...this.files.values()].map((file) => file.finish()))
  }
}

/** Whole numbers from 0, covered never above valid; what is no number is 0. */
export function totalsOf(lines: Counts, branches: Counts = {}): Totals {
  const whole = (value: number | undefined): number =>
    value !== undefined && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.trunc(value) : 0
  const [linesValid, branchesValid] = [whole(lines.valid), whole(branches.valid)]
  return {
    lines_valid: linesValid,
    lines_covered: Math.min(linesValid, whole(lines.covered)),
    branches_valid: branchesValid,
    branches_covered: Math.min(branchesValid, whole(branches.covered)),
  }
}
interface Counts {
  covered?: number | undefined
  valid?: number | undefined
}

const required = ['lines_valid', 'lines_covered', 'branches_valid', 'branches_covered'] as const
const optional = ['functions_valid', 'functions_covered', 'instructions_valid', 'instructions_covered'] as const

/** Coverage with totals recounted from its files. */
export function coverageOf(files: FileCoverage[]): CoverageEvidence {
  const sum: Omit<CoverageEvidence, 'kind' | 'files'> = {
    lines_valid: 0,
    lines_covered: 0,
    branches_valid: 0,
    branches_covered: 0,
  }
  for (const file of files) {
    for (const key of required) sum[key] += file[key]
    for (const key of optional) if (file[key] !== undefined) sum[key] = (sum[key] ?? 0) + file[key]
  }
  return { kind: 'coverage', ...sum, files }
}
