import { count } from '../base/text.js'
import type { Evidence } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { countFindings, total } from '../gates/counts.js'
import { typeErrors } from '../gates/types.js'
import type { GateName } from '../language/names.js'

/** What is counted of a gate's findings, one and many. */
const nouns = {
  lint: ['lint finding', 'lint findings'],
  types: ['type error', 'type errors'],
  secrets: ['secret', 'secrets'],
  vulnerabilities: ['known vulnerability', 'known vulnerabilities'],
} as const

/** What evidence holds that explains a non-zero exit, of the gates in force: `1 of 3 tests failed, 2 lint findings`. */
export function foundText(evidence: readonly Evidence[], gates: ReadonlySet<GateName>): string {
  const merged = mergeEvidence([...evidence])
  const tests = gates.has('tests') ? merged.flatMap(failedText) : []
  const findings = Object.entries(nouns).map(([name, [one, many]]): string => {
    const gate = name as keyof typeof nouns
    const found = gates.has(gate) ? total(countFindings(merged, gate), ...(gate === 'types' ? typeErrors : [])) : 0
    return found > 0 ? count(found, one, many) : ''
  })
  return [...tests, ...findings].filter((part) => part !== '').join(', ')
}

function failedText(evidence: Evidence): string[] {
  if (evidence.kind !== 'tests') return []
  const failed = evidence.failed + evidence.errors
  return failed > 0 ? [`${failed} of ${count(evidence.tests - evidence.skipped, 'test')} failed`] : []
}
