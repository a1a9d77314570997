import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'
import type { Severity } from '../evidence/evidence.js'

/** Severities that a type checker's `errors` counts; one that is not known counts too. */
export const typeErrors: Severity[] = ['error', 'critical', 'high', 'unknown']

/** Errors of type checkers; their warnings are told, not judged. */
export const typesGate: Gate = {
  name: 'types',
  subject: 'a type checker’s report',
  sees: (evidence) => holds(evidence, 'types'),
  measure(evidence, setting, scene) {
    const sorted = sortFindings(evidence, 'types', setting, scene)
    const counts = countFindings(sorted.counted, 'types')
    const one = sorted.newOnly ? 'new type error' : 'type error'
    const errors = total(counts, ...typeErrors)
    const others = total(counts) - errors
    return {
      measures: [
        limitedCount(counts, setting, {
          key: 'errors',
          severities: typeErrors,
          one,
          told: true,
          mend: 'mend the type errors listed',
        }),
      ],
      told: [
        ...(others > 0 ? [{ name: 'warnings', value: String(others), met: true }] : []),
        ...sorted.told,
        ...toldCounts(counts),
      ],
      passed: errors === 0 ? `no ${one}s` : `${count(errors, one)}, within the limit`,
      remarks: sorted.remarks,
      faults: sorted.faults,
      lists: sorted.lists,
    }
  },
}
