import { join, posix } from 'node:path'
import type { ReadReport } from '../evidence/evidence.js'
import { customReader } from '../evidence/custom.js'
import type { ReadOptions } from '../evidence/read.js'
import type { FileStat, Files } from '../ports.js'
import { leadsOut } from '../workflow/caching.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Report } from '../workflow/model.js'
import type { Workspace } from './workspace.js'

/** What lay at a step's report paths before an attempt and was left there, with its state. */
export interface Before {
  patterns: { report: Report; pattern: string }[]
  kept: Map<string, FileStat>
}

/** A report that was read, and whether it lies in git on purpose. */
export interface Collected {
  report: ReadReport
  stored: boolean
  /** The step printed it: there is no file of it. */
  printed?: true
}

/**
 * Removes the untracked reports of a step, so that what is found afterwards was written by this attempt. What git tracks is left, and is
 * known by its state; so is everything where git tracks nothing, since nobody could bring it back.
 */
export async function clearReports(
  workspace: Workspace,
  files: Files,
  reports: readonly Report[],
  expressions: Environment,
): Promise<Before> {
  const before: Before = { patterns: [], kept: new Map() }
  for (const report of reports) {
    if (report.source === 'stdout') continue
    const pattern = expressions.text(report.source.path)
    before.patterns.push({ report, pattern })
    if (report.stored || leadsOut(pattern)) continue
    const tracked = await workspace.tracked()
    for (const name of workspace.match(pattern)) {
      const stat = workspace.stat(name)
      if (!stat || stat.kind === 'directory' || workspace.inside(posix.dirname(name)) === undefined) continue
      if (!tracked || tracked.has(name)) before.kept.set(name, stat)
      else files.remove(join(workspace.root, name))
    }
  }
  return before
}

/** Reads what an attempt wrote. What is missing, stale, no file, or outside of the workspace is a problem of its report. */
export async function collectReports(
  workspace: Workspace,
  files: Files,
  before: Before,
  captured: { reports: readonly Report[]; path: string; exitedWell: boolean },
): Promise<Collected[]> {
  if (!before.patterns.length && !captured.reports.length) return []
  // A hundred formats are loaded when the first report is read.
  const { readReport, unreadReport } = await import('../evidence/read.js')
  const read: Collected[] = []
  const claimed = new Set<string>()
  for (const { report, pattern } of before.patterns) {
    const { stored } = report
    const names = leadsOut(pattern) ? [] : workspace.match(pattern)
    const add = (one: ReadReport): void => void read.push({ report: one, stored })
    if (leadsOut(pattern)) add(unreadReport(pattern, 'a report lies inside the repository; this path leads out of it'))
    else if (!names.length && report.required)
      add(unreadReport(pattern, stored ? 'there is no such file' : 'the step did not write it'))
    for (const name of names) {
      // A file that two entries match is one report, by the first.
      if (claimed.has(name)) continue
      claimed.add(name)
      add(await readOne(workspace, files, { name, report, before }))
    }
  }
  for (const report of captured.reports) {
    const size = files.stat(captured.path)?.size ?? 0
    const input = { path: 'stdout', size, chunks: () => (size ? files.stream(captured.path) : nothing()) }
    const options = { ...(await readOptionsOf(report)), silentMeansNone: captured.exitedWell }
    read.push({ report: await readReport(input, options), stored: false, printed: true })
  }
  return read
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function readOne(
  workspace: Workspace,
  files: Files,
  { name, report, before }: { name: string; report: Report; before: Before },
): Promise<ReadReport> {
  const { readReport, unreadReport } = await import('../evidence/read.js')
  const path = workspace.inside(name)
  if (path === undefined) return unreadReport(name, 'it is a link that leads out of the repository')
  const real = files.real(path)
  const stat = real === undefined ? undefined : files.stat(real)
  if (!stat || stat.kind !== 'file')
    return unreadReport(name, stat?.kind === 'directory' ? 'it is a folder' : 'it is no file')
  const old = before.kept.get(name)
  const now = files.stat(path)
  if (old && now && old.changed === now.changed && old.inode === now.inode && old.size === now.size)
    return unreadReport(name, stale)
  return readReport({ path: name, size: stat.size, chunks: () => files.stream(path) }, await readOptionsOf(report))
}

const stale =
  'it is stale: the step did not write it, it was there before; if it is committed on purpose, say `stored: true`'

/** How the report that a step declares is read. */
export const readOptionsOf = async (report: Report): Promise<ReadOptions> => ({
  ...(report.custom ? { reader: await customReader(report.custom) } : {}),
  ...(report.format === undefined ? {} : { format: report.format }),
  ...(report.category === undefined ? {} : { category: report.category }),
  ...(report.suite === undefined ? {} : { suite: report.suite }),
})
