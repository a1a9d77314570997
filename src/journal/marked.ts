import type { Evidence, Finding } from '../evidence/evidence.js'
import type { Marks } from '../gates/marks.js'

/** Evidence whose findings say what judging found out about them. */
export function withMarks(evidence: Evidence, { known = [] }: Marks): Evidence {
  if (evidence.kind !== 'findings' || known.length === 0) return evidence
  const before = new Set(known)
  const marked = (finding: Finding): Finding =>
    before.has(finding.fingerprint) ? { ...finding, known: true } : finding
  return { ...evidence, findings: evidence.findings.map(marked) }
}
