import { join } from 'node:path'
import type { ReadReport } from '../evidence/evidence.js'
import { readReport } from '../evidence/read.js'
import type { FileStat, Files } from '../ports.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Report } from '../workflow/model.js'
import type { Workspace } from './workspace.js'

/** What lay at a step's report paths before an attempt: only files that git tracks are left there. */
export interface Before {
  patterns: { report: Report; pattern: string }[]
  kept: Map<string, FileStat>
}

/** Removes the untracked reports of a step, so that what is found afterwards was written by this attempt. */
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
      if (!stat || stat.kind === 'directory') continue
      if (tracked.has(name)) before.kept.set(name, stat)
      else files.remove(join(workspace.root, name))
    }
  }
  return before
}

const leadsOut = (pattern: string): boolean =>
  /^([/\\]|[A-Za-z]:)/.test(pattern) || pattern.split(/[/\\]/).includes('..')

/** Reads what an attempt wrote. What is missing, stale, no file, or outside of the workspace is a problem of its report. */
export async function collectReports(
  workspace: Workspace,
  files: Files,
  before: Before,
  captured: { report: Report; path: string; exitedWell: boolean } | undefined,
): Promise<ReadReport[]> {
  const read: ReadReport[] = []
  for (const { report, pattern } of before.patterns) {
    const names = leadsOut(pattern) ? [] : workspace.match(pattern)
    if (leadsOut(pattern)) read.push(broken(pattern, 'a report lies inside the repository; this path leads out of it'))
    else if (!names.length && report.required)
      read.push(broken(pattern, report.stored ? 'there is no such file' : 'the step did not write it'))
    for (const name of names) read.push(await readOne(workspace, files, { name, report, before }))
  }
  if (captured) {
    const size = files.stat(captured.path)?.size ?? 0
    const input = { path: 'stdout', size, chunks: () => (size ? files.stream(captured.path) : nothing()) }
    read.push(await readReport(input, { ...optionsOf(captured.report), silentMeansNone: captured.exitedWell }))
  }
  return read
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function readOne(
  workspace: Workspace,
  files: Files,
  { name, report, before }: { name: string; report: Report; before: Before },
): Promise<ReadReport> {
  const path = workspace.inside(name)
  if (path === undefined) return broken(name, 'it is a link that leads out of the repository')
  const real = files.real(path)
  const stat = real === undefined ? undefined : files.stat(real)
  if (!stat || stat.kind !== 'file')
    return broken(name, stat?.kind === 'directory' ? 'it is a folder' : 'it is no file')
  const old = before.kept.get(name)
  const now = files.stat(path)
  if (old && now && old.changed === now.changed && old.inode === now.inode && old.size === now.size)
    return broken(
      name,
      'it is stale: the step did not write it, and it lies in git; if it is committed on purpose, say `stored: true`',
    )
  return readReport({ path: name, size: stat.size, chunks: () => files.stream(path) }, optionsOf(report))
}

const broken = (path: string, message: string): ReadReport => ({
  path,
  format: null,
  kind: null,
  evidence: null,
  problems: [{ level: 'error', message }],
})

const optionsOf = (report: Report): Pick<Report, 'format' | 'category' | 'suite'> => ({
  ...(report.format === undefined ? {} : { format: report.format }),
  ...(report.category === undefined ? {} : { category: report.category }),
  ...(report.suite === undefined ? {} : { suite: report.suite }),
})
