import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'

const mend = 'mend the issues listed (`wf run --fix` runs the `fix` commands of the steps)'

/**
 * Remarks of linters: `issues` of any severity, `errors`, `warnings`. A scanner's words count as a linter's: critical
 * and high as errors, medium as a warning; a severity that is not known counts as an error.
 */
export const lintGate: Gate = {
  name: 'lint',
  subject: 'a linter’s report',
  sees: (evidence) => holds(evidence, 'lint'),
  measure(evidence, setting) {
    const counts = countFindings(evidence, 'lint')
    const all = total(counts)
    return {
      measures: [
        limitedCount(counts, setting, { key: 'issues', severities: [], one: 'issue', told: true, mend }),
        limitedCount(counts, setting, {
          key: 'errors',
          severities: ['error', 'critical', 'high', 'unknown'],
          one: 'error',
          told: true,
          mend,
        }),
        limitedCount(counts, setting, {
          key: 'warnings',
          severities: ['warning', 'medium'],
          one: 'warning',
          told: true,
          mend,
        }),
      ],
      told: toldCounts(counts),
      passed: all === 0 ? 'no issues' : `${count(all, 'issue')}, within the limit`,
    }
  },
}
