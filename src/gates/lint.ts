import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

const mend = 'mend the issues listed (`wf run --fix` runs the `fix` commands of the steps)'

/**
 * Remarks of linters: `issues` of any severity, `errors`, `warnings`. A scanner's words count as a linter's: critical
 * and high as errors, medium as a warning; a severity that is not known counts as an error.
 */
export const lintGate: Gate = {
  name: 'lint',
  subject: 'a linter’s report',
  sees: (evidence) => holds(evidence, 'lint'),
  measure(evidence, setting, scene) {
    const sorted = sortFindings(evidence, 'lint', setting, scene)
    const counts = countFindings(sorted.counted, 'lint')
    const one = (word: string): string => (sorted.newOnly ? `new ${word}` : word)
    const all = total(counts)
    return {
      measures: [
        limitedCount(counts, setting, { key: 'issues', severities: [], one: one('issue'), told: true, mend }),
        limitedCount(counts, setting, {
          key: 'errors',
          severities: ['error', 'critical', 'high', 'unknown'],
          one: one('error'),
          told: true,
          mend,
        }),
        limitedCount(counts, setting, {
          key: 'warnings',
          severities: ['warning', 'medium'],
          one: one('warning'),
          told: true,
          mend,
        }),
      ],
      told: [...sorted.told, ...toldCounts(counts)],
      passed: all === 0 ? `no ${one('issue')}s` : `${count(all, one('issue'))}, within the limit`,
      remarks: sorted.remarks,
      faults: sorted.faults,
      lists: sorted.lists,
    }
  },
}
