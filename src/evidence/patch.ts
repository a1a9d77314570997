import { addedCoverage, type PatchCoverage } from './added.js'
import { type AddedLines, parseDiff } from './diff.js'
import type { CoverageEvidence, FileCoverage } from './evidence.js'
import { mergeFile } from './merge-coverage.js'
import { pathPlacer } from './place.js'

export type { PatchCoverage }

/** Whether coverage tells of lines, or only of their numbers: then nothing can be said of a change. */
export const holdsLines = (coverage: CoverageEvidence): boolean =>
  coverage.lines_valid === 0 || coverage.files.some(({ lines_valid, lines }) => lines !== undefined && lines_valid > 0)

/**
 * The coverage of the lines that a unified diff adds: of them those count that the report holds, as executable. The
 * report's paths are matched with the diff's, except tracked ones, which are what they are; paths in the answer are the
 * diff's. Undefined where the report holds no lines.
 */
export function patchCoverage(
  coverage: CoverageEvidence,
  diff: string,
  tracked: readonly string[] = [],
): PatchCoverage | undefined {
  if (!holdsLines(coverage)) return undefined
  const changes = parseDiff(diff)
  return addedCoverage({ ...coverage, files: match(coverage, changes, new Set(tracked)) }, changes)
}

/**
 * The reported file of each change. Several may look like it, as `cmd/main.go` does like a changed `main.go`: the file of
 * exactly that path holds, else those that share the longest end with it, if that is one path alone.
 */
function match(
  coverage: CoverageEvidence,
  changes: readonly AddedLines[],
  tracked: ReadonlySet<string>,
): FileCoverage[] {
  const place = pathPlacer(
    changes.map(({ path }) => path),
    '/',
  )
  const found = new Map<string, { shared: number; files: FileCoverage[] }>()
  for (const file of coverage.files) {
    const path = tracked.has(file.path) ? file.path : place(file.path)
    const shared = file.path === path ? Infinity : sharedEnd(file.path, path)
    const before = found.get(path)
    if (!before || before.shared < shared) found.set(path, { shared, files: [file] })
    else if (before.shared === shared) before.files.push(file)
  }
  const one = ({ files }: { files: FileCoverage[] }): FileCoverage[] => {
    const same = new Set(files.map((file) => file.path)).size === 1
    return same ? [files.reduce(mergeFile)] : []
  }
  return [...found].flatMap(([path, candidates]) => one(candidates).map((file) => ({ ...file, path })))
}

/** How many last segments two paths share. */
function sharedEnd(a: string, b: string): number {
  const [left, right] = [a.split('/').toReversed(), b.split('/').toReversed()]
  const differ = left.findIndex((segment, i) => segment !== right[i])
  return differ < 0 ? left.length : differ
}
