import { relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import type { Evidence, ReadReport } from '../evidence/evidence.js'
import { refingerprint } from '../evidence/fingerprint.js'
import { placePaths } from '../evidence/place.js'
import { readOptionsOf } from '../engine/reports.js'
import { Workspace } from '../engine/workspace.js'
import type { Ports } from '../ports.js'
import type { Report } from '../workflow/model.js'
import { readReportAt } from './report.js'

/** Reads report files as the steps that declare them would; without any name, those that lie where steps declare them. */
export async function readReports(
  named: readonly string[],
  declared: readonly Report[],
  { folder, cwd, ports }: { folder: string; cwd: string; ports: Ports },
): Promise<ReadReport[]> {
  const workspace = new Workspace(folder, ports.files, ports.git)
  const patterns = declared.flatMap((report) => {
    const pattern = report.source === 'stdout' ? undefined : literalOf(report.source.path.parts)
    return pattern === undefined ? [] : [{ report, pattern: pattern.replace(/^\.\//, '') }]
  })
  const names = named.length > 0 ? named.map((name) => nameOf(name, cwd, folder)) : found(workspace, patterns)
  const tracked = await workspace.tracked()
  const context = { ports, cwd: folder }
  const reports: ReadReport[] = []
  for (const name of names) {
    const owner = patterns.find(({ pattern }) => picomatch.isMatch(name, pattern, { dot: true }))?.report
    const read = await readReportAt(name, owner ? await readOptionsOf(owner) : {}, context)
    reports.push(read.evidence ? { ...read, evidence: placed(read.evidence, tracked, workspace) } : read)
  }
  return reports
}

/** A path without expressions in it. */
const literalOf = (parts: readonly unknown[]): string | undefined => {
  const [only] = parts
  return parts.length === 1 && typeof only === 'string' ? only : undefined
}

const found = (workspace: Workspace, patterns: readonly { pattern: string }[]): string[] => [
  ...new Set(patterns.flatMap(({ pattern }) => workspace.match(pattern))),
]

/** A file as the workflow names it, from the folder of the repository. */
function nameOf(path: string, cwd: string, folder: string): string {
  const name = relative(folder, resolve(cwd, path)).split(sep).join('/')
  return name.startsWith('../') ? resolve(cwd, path) : name
}

function placed(evidence: Evidence, tracked: ReadonlySet<string> | undefined, workspace: Workspace): Evidence {
  const one = placePaths(evidence, tracked && [...tracked], workspace.root)
  const lines = (name: string): string[] | undefined => workspace.lines(name)
  return one.kind === 'findings' ? { ...one, findings: refingerprint(one.findings, lines) } : one
}
