import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

const mend = 'mend what is listed; what is accepted for a time is waived, with a reason and an end'

/** Dependencies: licences, denied and new packages, lock files; `errors` and `warnings`. */
export const dependenciesGate: Gate = {
  name: 'dependencies',
  subject: 'remarks on dependencies',
  sees: (evidence) => holds(evidence, 'dependencies'),
  measure(evidence, setting, scene) {
    const { counted, told, remarks, faults, lists } = sortFindings(evidence, 'dependencies', setting, scene)
    const counts = countFindings(counted, 'dependencies')
    const all = total(counts, 'error', 'warning')
    return {
      measures: [
        limitedCount(counts, setting, { key: 'errors', severities: ['error'], one: 'error', told: true, mend }),
        limitedCount(counts, setting, { key: 'warnings', severities: ['warning'], one: 'warning', told: true, mend }),
      ],
      told: [...told, ...toldCounts(counts)],
      remarks,
      faults,
      lists,
      passed: all === 0 ? 'nothing is wrong with the dependencies' : `${count(all, 'remark')}, within the limit`,
    }
  },
}
