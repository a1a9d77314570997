import { addedCoverage } from './added.js'
import type { PatchCoverage } from './added.js'
import { parseDiff } from './diff.js'
import type { CoverageEvidence } from './evidence.js'
import { placePaths } from './place.js'

export type { PatchCoverage }

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
  return addedCoverage(placed.kind === 'coverage' ? placed : coverage, changes)
}
