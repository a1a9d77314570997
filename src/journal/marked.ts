import type { Evidence, Finding } from '../evidence/evidence.js'
import type { Marks } from '../gates/marks.js'

/** Evidence that says what judging found out about it. */
export function withMarks(evidence: Evidence, { known = [], waived = [], patch }: Marks): Evidence {
  if (evidence.kind === 'coverage') return patch ? { ...evidence, patch } : evidence
  if (evidence.kind !== 'findings' || known.length + waived.length === 0) return evidence
  const before = new Set(known)
  const letOff = new Map(waived.map(({ fingerprint, ...waiver }) => [fingerprint, waiver]))
  const marked = (finding: Finding): Finding => {
    const waiver = letOff.get(finding.fingerprint)
    return {
      ...finding,
      ...(before.has(finding.fingerprint) ? { known: true } : {}),
      ...(waiver ? { waived: waiver } : {}),
    }
  }
  return { ...evidence, findings: evidence.findings.map(marked) }
}
