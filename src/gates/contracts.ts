import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

const mend = 'mend what is listed; what is accepted for a time is waived, with a reason and an end'

/** Contracts: OpenAPI documents and JSON Schemas of events, by themselves and against the base; `errors` and `warnings`. */
export const contractsGate: Gate = {
  name: 'contracts',
  subject: 'remarks on contracts',
  sees: (evidence) => holds(evidence, 'contracts'),
  measure(evidence, setting, scene) {
    const { counted, told, remarks, faults, lists } = sortFindings(evidence, 'contracts', setting, scene)
    const counts = countFindings(counted, 'contracts')
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
      passed: all === 0 ? 'the contracts are whole, and nothing breaks' : `${count(all, 'remark')}, within the limit`,
    }
  },
}
