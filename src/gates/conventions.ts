import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'

const mend = 'mend what is listed; each remark shows how it could read'

/** Conventions of commits, titles, branches and files: `errors` and `warnings`. */
export const conventionsGate: Gate = {
  name: 'conventions',
  subject: 'remarks on conventions',
  sees: (evidence) => holds(evidence, 'conventions'),
  measure(evidence, setting) {
    const counts = countFindings(evidence, 'conventions')
    const all = total(counts)
    return {
      measures: [
        limitedCount(counts, setting, { key: 'errors', severities: ['error'], one: 'error', told: true, mend }),
        limitedCount(counts, setting, { key: 'warnings', severities: ['warning'], one: 'warning', told: true, mend }),
      ],
      told: toldCounts(counts),
      passed: all === 0 ? 'all conventions are kept' : `${count(all, 'remark')}, within the limit`,
    }
  },
}
