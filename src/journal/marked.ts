import { keyOf } from '../evidence/attempts.js'
import type { Evidence, Finding, TestsEvidence } from '../evidence/evidence.js'
import type { Marks } from '../gates/marks.js'

/** Evidence that says what judging found out about it. */
export function withMarks(evidence: Evidence, { known = [], waived = [], quarantined = [], patch }: Marks): Evidence {
  if (evidence.kind === 'coverage') return patch ? { ...evidence, patch } : evidence
  if (evidence.kind === 'tests') return quarantined.length > 0 ? withQuarantine(evidence, quarantined) : evidence
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

function withQuarantine(evidence: TestsEvidence, quarantined: NonNullable<Marks['quarantined']>): TestsEvidence {
  const entries = new Map(quarantined.map(({ test, ...entry }) => [test, entry]))
  const cases = evidence.cases.map((test) => {
    const entry = test.flaky === true || test.status !== 'passed' ? entries.get(keyOf(test)) : undefined
    return entry ? { ...test, quarantined: entry } : test
  })
  return { ...evidence, cases }
}
