import type { CoverageEvidence, FindingsEvidence, TestsEvidence } from './evidence.js'

/** What expressions see of evidence: numbers by name, null where there are none. */
export type Figures = { [name: string]: number | null }

/** Tests in numbers; `failed` holds those with an error too. */
export function testFigures({ failed, errors, ...numbers }: TestsEvidence): Figures {
  const { tests, passed, skipped, flaky, suites, duration_s } = numbers
  return { tests, passed, failed: failed + errors, errors, skipped, flaky, suites, duration_s }
}

/** Coverage in numbers, its shares as percentages. */
export function coverageFigures(coverage: CoverageEvidence): Figures {
  const { lines_valid, lines_covered, branches_valid, branches_covered } = coverage
  return {
    lines: percent(lines_covered, lines_valid),
    branches: percent(branches_covered, branches_valid),
    lines_valid,
    lines_covered,
    branches_valid,
    branches_covered,
  }
}

/** A share as a percentage; of nothing there is none. */
export const percent = (part: number, whole: number): number | null => (whole ? (100 * part) / whole : null)

const severities = ['critical', 'high', 'medium', 'low', 'error', 'warning', 'note'] as const

/** Findings in numbers, by severity and by category. */
export function findingFigures(evidence: FindingsEvidence): Figures {
  const by = (category: string): number => evidence.findings.filter((f) => f.category === category).length
  return {
    total: evidence.findings.length + evidence.findings_omitted,
    ...Object.fromEntries(severities.map((name) => [name, evidence.by_severity[name] ?? 0])),
    lint: by('lint'),
    types: by('types'),
    secrets: by('secrets'),
    vulnerabilities: by('vulnerabilities'),
  }
}
