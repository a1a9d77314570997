import { join } from 'node:path'
import { mergeEvidence } from '../evidence/merge.js'
import type { Evidence } from '../evidence/evidence.js'
import { categories } from '../evidence/evidence.js'
import type { Outcome } from '../journal/outcome.js'
import { titleOf } from '../publish/title.js'
import type { Outputs } from './contract.js'

/** What a run answers to the job; only what it knows. */
export function outputsOf(outcome: Outcome, folder: string): Outputs {
  const evidence = mergeEvidence(outcome.evidence.flatMap((one) => one.evidence))
  return {
    verdict: outcome.verdict,
    reason: titleOf(outcome),
    target: outcome.target,
    folder,
    outcome: join(folder, 'outcome.json'),
    'comment-file': join(folder, 'comment.md'),
    sarif: join(folder, 'report.sarif'),
    ...urls(outcome),
    ...Object.assign({}, ...evidence.map(figures)),
    ...fresh(outcome, evidence),
  }
}

/** Findings that the base does not have, where it is known what it has. */
function fresh({ compared }: Outcome, evidence: readonly Evidence[]): Outputs {
  if (!compared || 'missing' in compared.baseline) return {}
  const all = evidence.flatMap((one) => (one.kind === 'findings' ? [one] : []))
  if (!all.length) return {}
  const count = all.reduce(
    (sum, one) => sum + one.findings.filter(({ known }) => !known).length + one.findings_omitted,
    0,
  )
  return { 'findings-new': String(count) }
}

/** Where the check and the comment are, if they are anywhere. */
export function urls({ published }: Pick<Outcome, 'published'>): Outputs {
  const of = (effect: string): string | undefined => published.find((one) => one.effect === effect)?.url
  const [check, comment] = [of('check'), of('comment')]
  return { ...(check ? { 'check-url': check } : {}), ...(comment ? { 'comment-url': comment } : {}) }
}

function figures(evidence: Evidence): Outputs {
  if (evidence.kind === 'tests')
    return {
      tests: String(evidence.tests),
      'tests-passed': String(evidence.passed),
      'tests-failed': String(evidence.failed + evidence.errors),
      'tests-flaky': String(evidence.flaky),
    }
  if (evidence.kind === 'coverage') {
    const { lines_covered, lines_valid, branches_covered, branches_valid, patch } = evidence
    return {
      ...(lines_valid > 0 ? { 'coverage-lines': percent(lines_covered, lines_valid) } : {}),
      ...(patch && patch.lines_valid > 0 ? { 'coverage-patch': percent(patch.lines_covered, patch.lines_valid) } : {}),
      ...(branches_valid > 0 ? { 'coverage-branches': percent(branches_covered, branches_valid) } : {}),
    }
  }
  if (evidence.kind !== 'findings') return {}
  const of = (category: string): number => evidence.findings.filter((one) => one.category === category).length
  const seen = categories.filter((category) => evidence.categories.includes(category) || of(category) > 0)
  return {
    findings: String(evidence.findings.length + evidence.findings_omitted),
    ...Object.fromEntries(seen.map((category) => [`findings-${category}`, String(of(category))])),
  }
}

/** Cut and not rounded, so that 99.999 never reads as all. */
const percent = (part: number, whole: number): string => String(Math.floor((10_000 * part) / whole) / 100)
