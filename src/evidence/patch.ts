import { type AddedLines, parseDiff } from './diff.js'
import type { CoverageEvidence } from './evidence.js'
import { placePaths } from './place.js'

/** How much of what a change adds is covered; `files` are the changed files that the report knows. */
export interface PatchCoverage {
  lines_valid: number
  lines_covered: number
  files: { path: string; missed_lines: number[] }[]
}

/**
 * The coverage of the lines that a unified diff adds: of them those count that the report holds, as executable. The
 * report's paths are matched with the diff's; paths in the answer are the diff's.
 */
export function patchCoverage(coverage: CoverageEvidence, diff: string): PatchCoverage {
  const changes = parseDiff(diff)
  const placed = placePaths(
    coverage,
    changes.map(({ path }) => path),
    '/',
  )
  const hits = new Map(placed.kind === 'coverage' ? placed.files.map((file) => [file.path, file.lines] as const) : [])
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
