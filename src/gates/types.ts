import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import type { Severity } from '../evidence/evidence.js'

/** Severities that a type checker's `errors` counts; one that is not known counts too. */
export const typeErrors: Severity[] = ['error', 'critical', 'high', 'unknown']

/** Errors of type checkers; their warnings are told, not judged. */
export const typesGate: Gate = {
  name: 'types',
  subject: 'a type checker’s report',
  sees: (evidence) => holds(evidence, 'types'),
  measure(evidence, setting) {
    const counts = countFindings(evidence, 'types')
    const errors = total(counts, ...typeErrors)
    const others = total(counts) - errors
    return {
      measures: [
        limitedCount(counts, setting, {
          key: 'errors',
          severities: typeErrors,
          one: 'type error',
          told: true,
          mend: 'mend the type errors listed',
        }),
      ],
      told: [...(others > 0 ? [{ name: 'warnings', value: String(others), met: true }] : []), ...toldCounts(counts)],
      passed: errors === 0 ? 'no type errors' : `${count(errors, 'type error')}, within the limit`,
    }
  },
}
