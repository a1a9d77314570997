import type { Category, Evidence, FindingsEvidence, Severity } from '../evidence/evidence.js'

/** Findings of one category, counted. */
export interface Counts {
  by: Map<Severity, number>
  /** Of all, how many a reader did not list. */
  omitted: number
  /** Findings that the tool itself marks as accepted. */
  suppressed: number
}

/** Whether evidence can hold findings of a category; an empty list of a linter can. */
export const holds = (evidence: Evidence, category: Category): evidence is FindingsEvidence =>
  evidence.kind === 'findings' &&
  (evidence.categories.includes(category) || evidence.findings.some((finding) => finding.category === category))

/**
 * Counts findings of a category by severity. What a reader left out of its list counts too: under its severity where
 * that is known, else under `unknown`, and for every category of its report.
 */
export function countFindings(list: readonly Evidence[], category: Category): Counts {
  const counts: Counts = { by: new Map(), omitted: 0, suppressed: 0 }
  const add = (severity: Severity, n: number): unknown =>
    n > 0 && counts.by.set(severity, (counts.by.get(severity) ?? 0) + n)
  for (const evidence of list) {
    if (!holds(evidence, category)) continue
    for (const finding of evidence.findings) if (finding.category === category) add(finding.severity, 1)
    for (const [severity, n] of unlisted(evidence)) add(severity, n)
    counts.omitted += evidence.findings_omitted
    counts.suppressed += evidence.suppressed
  }
  return counts
}

/** The severities of what is counted but not listed. */
function unlisted(evidence: FindingsEvidence): Map<Severity, number> {
  const rest = new Map<Severity, number>()
  let left = evidence.findings_omitted
  if (left === 0) return rest
  const listed = new Map<Severity, number>()
  for (const { severity } of evidence.findings) listed.set(severity, (listed.get(severity) ?? 0) + 1)
  for (const [key, n] of Object.entries(evidence.by_severity)) {
    const severity = key as Severity
    const more = Math.min(left, Math.max(0, n - (listed.get(severity) ?? 0)))
    if (more > 0) rest.set(severity, more)
    left -= more
  }
  if (left > 0) rest.set('unknown', (rest.get('unknown') ?? 0) + left)
  return rest
}

/** How many findings have one of the severities; all without any named. */
export function total(counts: Counts, ...severities: Severity[]): number {
  const wanted = severities.length > 0 ? severities : [...counts.by.keys()]
  return wanted.reduce((sum, severity) => sum + (counts.by.get(severity) ?? 0), 0)
}
