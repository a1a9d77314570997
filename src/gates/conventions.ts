import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

const mend = 'mend what is listed; each remark shows how it could read, and what is accepted for a time is waived'

/** Conventions of commits, titles, branches and files: `errors` and `warnings`. */
export const conventionsGate: Gate = {
  name: 'conventions',
  subject: 'remarks on conventions',
  sees: (evidence) => holds(evidence, 'conventions'),
  measure(evidence, setting, scene) {
    const { counted, told, remarks, faults, lists } = sortFindings(evidence, 'conventions', setting, scene)
    const counts = countFindings(counted, 'conventions')
    const all = total(counts)
    return {
      measures: [
        limitedCount(counts, setting, { key: 'errors', severities: ['error'], one: 'error', told: true, mend }),
        limitedCount(counts, setting, { key: 'warnings', severities: ['warning'], one: 'warning', told: true, mend }),
      ],
      // Another change's commits are neither known here nor mended by this one.
      told: [...told.filter(({ name }) => name === 'waived'), ...toldCounts(counts)],
      remarks,
      faults,
      lists,
      passed: all === 0 ? 'all conventions are kept' : `${count(all, 'remark')}, within the limit`,
    }
  },
}
