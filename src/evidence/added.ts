import type { AddedLines } from './diff.js'
import type { CoverageEvidence } from './evidence.js'

/** How much of what a change adds is covered; `files` are the changed files that the report knows. */
export interface PatchCoverage {
  lines_valid: number
  lines_covered: number
  files: { path: string; missed_lines: number[] }[]
}

/** The coverage of added lines, of those that the report holds as executable; both have repository paths. */
export function addedCoverage(coverage: CoverageEvidence, changes: readonly AddedLines[]): PatchCoverage {
  const hits = new Map(coverage.files.map((file) => [file.path, file.lines] as const))
  const patch: PatchCoverage = { lines_valid: 0, lines_covered: 0, files: [] }
  for (const change of changes) {
    const lines = hits.get(change.path)
    if (lines) addFile(patch, change, lines)
  }
  return patch
}

function addFile(patch: PatchCoverage, { path, lines }: AddedLines, hits: Record<number, number>): void {
  const valid = lines.filter((line) => hits[line] !== undefined)
  const missed = valid.filter((line) => hits[line] === 0)
  patch.lines_valid += valid.length
  patch.lines_covered += valid.length - missed.length
  patch.files.push({ path, missed_lines: missed })
}
