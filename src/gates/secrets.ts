import { count } from '../base/text.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

/** Secrets that a scanner found, of any severity. */
export const secretsGate: Gate = {
  name: 'secrets',
  subject: 'a secret scanner’s report',
  sees: (evidence) => holds(evidence, 'secrets'),
  measure(evidence, setting, scene) {
    const { counted, told, faults, lists } = sortFindings(evidence, 'secrets', setting, scene)
    const counts = countFindings(counted, 'secrets')
    const all = total(counts)
    return {
      measures: [
        limitedCount(counts, setting, {
          key: 'any',
          severities: [],
          one: 'secret',
          told: true,
          mend:
            'revoke each secret listed, then take it out of the files; a false alarm is waived, or accepted in the ' +
            'scanner’s own settings',
        }),
      ],
      told: [...told, ...toldCounts(counts)],
      faults,
      lists,
      passed: all === 0 ? 'no secrets' : `${count(all, 'secret')}, within the limit`,
    }
  },
}
