import { coverageOf } from './build-coverage.js'
import type { CoverageEvidence, FileCoverage } from './evidence.js'

/** Joins coverage file by file and recounts the totals. */
export function mergeCoverage(list: readonly CoverageEvidence[]): CoverageEvidence {
  const files = new Map<string, FileCoverage>()
  for (const evidence of list)
    for (const file of evidence.files) {
      const before = files.get(file.path)
      files.set(file.path, before ? mergeFile(before, file) : file)
    }
  const merged = coverageOf([...files.values()])
  for (const evidence of list) if (hasOnlyTotals(evidence) && !evidence.rates_only) addTotals(merged, evidence)
  // Shares cannot be added to numbers of lines, so they hold only where nothing better is there.
  if (merged.lines_valid === 0 && list.some((evidence) => evidence.rates_only)) {
    for (const evidence of list) if (evidence.rates_only) addTotals(merged, evidence)
    merged.rates_only = true
  }
  const sources = [...new Set(list.flatMap((evidence) => evidence.sources ?? []))]
  return sources.length > 0 ? { ...merged, sources } : merged
}

const totals = ['lines_valid', 'lines_covered', 'branches_valid', 'branches_covered'] as const

/** The totals are those that the report's root states; its files, if any, hold no lines. */
const hasOnlyTotals = (evidence: CoverageEvidence): boolean =>
  evidence.lines_valid > 0 && evidence.files.every((file) => file.lines_valid === 0)

function addTotals(into: CoverageEvidence, evidence: CoverageEvidence): void {
  for (const key of totals) into[key] += evidence[key]
}

/** One file told twice: hits of a line are added, of its branches the greater number holds. */
export function mergeFile(a: FileCoverage, b: FileCoverage): FileCoverage {
  if (!a.lines || !b.lines) return greater(a, b)
  const lines = { ...a.lines }
  for (const [line, hits] of Object.entries(b.lines)) lines[Number(line)] = (lines[Number(line)] ?? 0) + hits
  const branches = { ...a.branches }
  for (const [key, [covered, valid]] of Object.entries(b.branches ?? {})) {
    const before = branches[Number(key)] ?? [0, 0]
    branches[Number(key)] = [Math.max(before[0], covered), Math.max(before[1], valid)]
  }
  const counts = Object.values(branches)
  const hits = Object.values(lines)
  const known = counts.length > 0 || (a.branches_valid === 0 && b.branches_valid === 0)
  return {
    path: a.path,
    lines_valid: hits.length,
    lines_covered: hits.filter((n) => n > 0).length,
    branches_valid: known
      ? counts.reduce((sum, [, valid]) => sum + valid, 0)
      : Math.max(a.branches_valid, b.branches_valid),
    branches_covered: known
      ? counts.reduce((sum, [covered]) => sum + covered, 0)
      : Math.max(a.branches_covered, b.branches_covered),
    lines,
    ...(counts.length > 0 ? { branches } : {}),
  }
}

/** Of two files of which one has no lines, the one that knows lines holds; of totals the greater ones. */
function greater(a: FileCoverage, b: FileCoverage): FileCoverage {
  if (a.lines || b.lines) return a.lines ? a : b
  const merged = { ...a }
  for (const key of totals) merged[key] = Math.max(a[key], b[key])
  return merged
}
