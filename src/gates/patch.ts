import { addedCoverage } from '../evidence/added.js'
import type { CoverageEvidence, Evidence, PatchFigures, PatchFile } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { rangesOf } from '../evidence/ranges.js'
import { isMissing } from '../history/comparison.js'
import type { Scene } from './gate.js'

const maxFiles = 100
const maxRanges = 50

/** The coverage of what the change adds, file by file; nothing where the change or its lines are not known. */
export function patchFigures(evidence: readonly Evidence[], { against: { change } }: Scene): PatchFigures | undefined {
  if (isMissing(change)) return undefined
  const all = evidence.filter((one): one is CoverageEvidence => one.kind === 'coverage')
  const coverage = all.length > 1 ? mergeEvidence(all)[0] : all[0]
  if (coverage?.kind !== 'coverage') return undefined
  const known = new Map(coverage.files.map((file) => [file.path, file]))
  const changed = change.files.filter(({ path, lines }) => lines.length > 0 && known.has(path))
  // A share of some of the changed files would be taken for that of all.
  if (changed.some(({ path }) => isBlind(known.get(path)))) return undefined
  const files = changed.map((one): PatchFile => {
    const file = known.get(one.path)
    const { lines_valid, lines_covered, files } = addedCoverage({ ...coverage, files: file ? [file] : [] }, [one])
    return { path: one.path, lines_valid, lines_covered, missed: rangesOf(files[0]?.missed_lines ?? []) }
  })
  const sum = (key: 'lines_valid' | 'lines_covered'): number => files.reduce((all, file) => all + file[key], 0)
  if (sum('lines_valid') === 0) return undefined
  const gaps = files.filter((file) => missing(file) > 0)
  gaps.sort((a, b) => missing(b) - missing(a) || (a.path < b.path ? -1 : 1))
  return {
    lines_valid: sum('lines_valid'),
    lines_covered: sum('lines_covered'),
    files: gaps.slice(0, maxFiles).map((file) => ({ ...file, missed: file.missed.slice(0, maxRanges) })),
    more: Math.max(0, gaps.length - maxFiles),
  }
}

const missing = ({ lines_valid, lines_covered }: PatchFile): number => lines_valid - lines_covered

const isBlind = (file: CoverageEvidence['files'][number] | undefined): boolean =>
  file !== undefined && !file.lines && file.lines_valid > 0
