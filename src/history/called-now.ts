import type { Evidence, Finding } from '../evidence/evidence.js'
import { Fingerprinter } from '../evidence/fingerprint.js'
import type { SourceLines } from '../evidence/fingerprint.js'
import { isMissing } from './comparison.js'
import type { Comparison } from './comparison.js'
import type { StageEntry } from './entry.js'

/**
 * The comparison with a baseline whose files and findings are called as they are called now: the name of a file is a part of what its
 * findings are known by, so that without this all of a renamed file would be new. `source` are the lines of files as they are now.
 */
export function calledAsNow(
  comparison: Comparison,
  { stages, evidence }: { stages: readonly string[]; evidence: readonly Evidence[] },
  source: SourceLines,
): Comparison {
  const { baseline, renamed } = comparison
  if (isMissing(baseline) || !renamed?.size) return comparison
  const now = formerOf(evidence, renamed, source)
  const before = new Map([...renamed].map(([name, former]) => [former, name]))
  const named = stages.flatMap((id) => {
    const stage = Object.hasOwn(baseline.entry.stages, id) ? baseline.entry.stages[id] : undefined
    return stage ? [[id, stageCalledNow(stage, before, now)] as const] : []
  })
  const entry = { ...baseline.entry, stages: { ...baseline.entry.stages, ...Object.fromEntries(named) } }
  return { ...comparison, baseline: { ...baseline, entry } }
}

/** The fingerprints of findings in renamed files, by those that they had under the former name. */
function formerOf(
  list: readonly Evidence[],
  renamed: ReadonlyMap<string, string>,
  source: SourceLines,
): Map<string, string> {
  const former = new Map<string, string>()
  for (const evidence of list) {
    if (evidence.kind !== 'findings') continue
    const fingerprints = new Fingerprinter()
    for (const finding of evidence.findings) {
      const file = finding.file === undefined ? undefined : renamed.get(finding.file)
      if (file === undefined) continue
      former.set(fingerprints.next({ ...finding, file }, linesAt(finding, source)), finding.fingerprint)
    }
  }
  return former
}

function linesAt({ file, line }: Finding, source: SourceLines): readonly string[] | undefined {
  const lines = file === undefined || line === undefined ? undefined : source(file)
  return lines && (line ?? 0) <= lines.length ? lines : undefined
}

function stageCalledNow(
  stage: StageEntry,
  files: ReadonlyMap<string, string>,
  findings: ReadonlyMap<string, string>,
): StageEntry {
  const named: StageEntry = { ...stage }
  if (stage.coverage)
    named.coverage = {
      ...stage.coverage,
      files: Object.fromEntries(
        Object.entries(stage.coverage.files).map(([path, lines]) => [files.get(path) ?? path, lines]),
      ),
    }
  if (stage.findings)
    named.findings = Object.fromEntries(
      Object.entries(stage.findings).map(([category, list]) => [category, list.map((one) => findings.get(one) ?? one)]),
    )
  return named
}
