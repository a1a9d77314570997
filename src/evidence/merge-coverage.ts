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
  const [first] = list
  const suite = list.every((evidence) => evidence.suite === first?.suite) ? first?.suite : undefined
  return { ...merged, ...(sources.length > 0 ? { sources } : {}), ...(suite === undefined ? {} : { suite }) }
}

const totals = ['lines_valid', 'lines_covered', 'branches_valid', 'branches_covered'] as const
const more = ['functions_valid', 'functions_covered', 'instructions_valid', 'instructions_covered'] as const

/** The totals are those that the report's root states; its files, if any, hold no lines. */
const hasOnlyTotals = (evidence: CoverageEvidence): boolean =>
  evidence.lines_valid > 0 && evidence.files.every((file) => file.lines_valid === 0)

function addTotals(into: CoverageEvidence, evidence: CoverageEvidence): void {
  for (const key of totals) into[key] += evidence[key]
  // Files without lines may still know their functions, and are counted already.
  for (const key of more)
    if (evidence[key] !== undefined && evidence.files.every((file) => file[key] === undefined))
      into[key] = (into[key] ?? 0) + evidence[key]
}

/** One file told twice: hits of a line are added, of its branches the greater number holds. */
export function mergeFile(a: FileCoverage, b: FileCoverage): FileCoverage {
  if (!a.lines || !b.lines) return greater(a, b)
  const lines = { ...a.lines }
  for (const [line, hits] of Object.entries(b.lines)) lines[Number(line)] = (lines[Number(line)] ?? 0) + hits
  const branches = mergeByLine(a.branches, b.branches)
  const counts = Object.values(branches)
  const hits = Object.values(lines)
  const known = counts.length > 0 || (a.branches_valid === 0 && b.branches_valid === 0)
  const sum = known ? sumOf(counts) : undefined
  return {
    path: a.path,
    lines_valid: hits.length,
    lines_covered: hits.filter((n) => n > 0).length,
    branches_valid: sum ? sum[1] : Math.max(a.branches_valid, b.branches_valid),
    branches_covered: sum ? sum[0] : Math.max(a.branches_covered, b.branches_covered),
    lines,
    ...(counts.length > 0 ? { branches } : {}),
    ...mergeFunctions(a, b),
    ...mergeBlocks(a, b),
  }
}

type ByLine = Record<number, [covered: number, valid: number]>

/** Of the numbers of one line the greater hold. */
function mergeByLine(a: ByLine = {}, b: ByLine = {}): ByLine {
  const merged = { ...a }
  for (const [key, [covered, valid]] of Object.entries(b)) {
    const before = merged[Number(key)] ?? [0, 0]
    merged[Number(key)] = [Math.max(before[0], covered), Math.max(before[1], valid)]
  }
  return merged
}

const sumOf = (counts: readonly [covered: number, valid: number][]): [covered: number, valid: number] =>
  counts.reduce(([c, v], [covered, valid]) => [c + covered, v + valid], [0, 0])

/** Functions are one by the line where they begin; where a report tells only their number, the greater holds. */
function mergeFunctions(a: FileCoverage, b: FileCoverage): Partial<FileCoverage> {
  const merged: Partial<FileCoverage> = {}
  for (const key of more) {
    const known = [a[key], b[key]].filter((n) => n !== undefined)
    if (known.length > 0) merged[key] = Math.max(...known)
  }
  if (!a.functions || !b.functions) {
    const functions = a.functions ?? b.functions
    // A list that tells of fewer functions than another's number would not add up to it.
    return functions && sumOf(Object.values(functions))[1] === merged.functions_valid
      ? { ...merged, functions }
      : merged
  }
  const functions = mergeByLine(a.functions, b.functions)
  const [covered, valid] = sumOf(Object.values(functions))
  return { ...merged, functions_valid: valid, functions_covered: covered, functions }
}

/** Two Go profiles of a file: a block told by both is one, its hits added; statements are the totals, as in one profile. */
function mergeBlocks(a: FileCoverage, b: FileCoverage): Partial<FileCoverage> {
  if (!a.blocks || !b.blocks) return {}
  const blocks = { ...a.blocks }
  for (const [place, [statements, hits]] of Object.entries(b.blocks)) {
    const before = blocks[place] ?? [0, 0]
    blocks[place] = [Math.max(before[0], statements), before[1] + hits]
  }
  return { ...statementsOf(blocks), blocks }
}

/** The statements of a Go profile's blocks, as `go tool cover` counts them. */
export function statementsOf(
  blocks: NonNullable<FileCoverage['blocks']>,
): Pick<FileCoverage, 'lines_valid' | 'lines_covered'> {
  const sum = { lines_valid: 0, lines_covered: 0 }
  for (const [statements, hits] of Object.values(blocks)) {
    sum.lines_valid += statements
    if (hits > 0) sum.lines_covered += statements
  }
  return sum
}

/** Of two files of which one has no lines, the one that knows lines holds; of totals the greater ones. */
function greater(a: FileCoverage, b: FileCoverage): FileCoverage {
  if (a.lines || b.lines) return a.lines ? a : b
  const merged = { ...a, ...mergeFunctions(a, b) }
  for (const key of totals) merged[key] = Math.max(a[key], b[key])
  return merged
}
