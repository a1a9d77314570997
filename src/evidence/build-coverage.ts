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

/** One file while its report is read; its totals are kept up to date with its lines. */
export class FileBuilder {
  readonly lines: Record<number, number> = {}
  readonly branches: Record<number, [covered: number, valid: number]> = {}
  valid = 0
  covered = 0
  stated: Totals | undefined
  private hasBranches = false

  constructor(
    readonly path: string,
    private readonly budget: { items: number },
  ) {}

  /** Adds hits to a line; negative hits are 0, lines before the first are none. */
  hit(line: number, hits: number): void {
    if (!(line > 0 && line <= maxLine) || Number.isNaN(hits)) return
    const before = this.lines[line]
    if (before === undefined) {
      this.valid++
      if (--this.budget.items < 0) throw new Truncated('it holds more lines than are read')
    }
    const now = (before ?? 0) + (hits > 0 ? hits : 0)
    if (now > 0 && !(before !== undefined && before > 0)) this.covered++
    this.lines[line] = now
  }

  /** Branches of a line told as numbers: of several records each number's greater one holds. */
  branch(line: number, covered: number, valid: number): void {
    if (!(line > 0 && line <= maxLine) || !(valid > 0)) return
    const before = this.branches[line]
    const all = Math.max(before?.[1] ?? 0, valid)
    this.branches[line] = [Math.min(all, Math.max(before?.[0] ?? 0, covered > 0 ? covered : 0)), all]
    this.hasBranches = true
  }

  finish(): FileCoverage {
    if (this.valid === 0 && this.stated) return { path: this.path, ...this.stated }
    let branchesValid = 0
    let branchesCovered = 0
    if (this.hasBranches)
      for (const [covered, valid] of Object.values(this.branches)) {
        branchesCovered += covered
        branchesValid += valid
      }
    const more = !this.hasBranches && this.stated ? this.stated : undefined
    return {
      path: this.path,
      lines_valid: this.valid,
      lines_covered: this.covered,
      branches_valid: more?.branches_valid ?? branchesValid,
      branches_covered: more?.branches_covered ?? branchesCovered,
      lines: this.lines,
      ...(this.hasBranches ? { branches: this.branches } : {}),
    }
  }
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

/** Coverage with totals recounted from its files. */
export function coverageOf(files: FileCoverage[]): CoverageEvidence {
  const sum = { lines_valid: 0, lines_covered: 0, branches_valid: 0, branches_covered: 0 }
  for (const file of files) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += file[key]
  return { kind: 'coverage', ...sum, files }
}
