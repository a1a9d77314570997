import { count } from '../base/text.js'
import type { Severity } from '../evidence/evidence.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

const mend = 'upgrade the packages listed to versions without the vulnerability'

/** What counts under each threshold: a linter's words stand beside a scanner's, and what is not known counts as high. */
const levels: { key: string; severities: Severity[]; told: boolean }[] = [
  { key: 'critical', severities: ['critical'], told: true },
  { key: 'high', severities: ['high', 'error', 'unknown'], told: true },
  { key: 'medium', severities: ['medium', 'warning'], told: true },
  { key: 'low', severities: ['low', 'note'], told: true },
]

/** Known vulnerabilities by severity, each severity against its own threshold. */
export const vulnerabilitiesGate: Gate = {
  name: 'vulnerabilities',
  subject: 'a vulnerability scanner’s report',
  sees: (evidence) => holds(evidence, 'vulnerabilities'),
  measure(evidence, setting, scene) {
    const sorted = sortFindings(evidence, 'vulnerabilities', setting, scene)
    const counts = countFindings(sorted.counted, 'vulnerabilities')
    const all = total(counts)
    const unknown = total(counts, 'unknown')
    return {
      measures: levels.map(({ key, severities, told }) => {
        const noted = key === 'high' && unknown > 0 ? ` (${unknown} of unknown severity, counted as high)` : ''
        const measure = limitedCount(counts, setting, {
          key,
          severities,
          one: `${key} vulnerability${noted}`,
          many: `${key} vulnerabilities${noted}`,
          told,
          mend,
        })
        return measure
      }),
      told: [
        ...(unknown > 0 ? [{ name: 'of unknown severity, counted as high', value: String(unknown), met: true }] : []),
        ...sorted.told,
        ...toldCounts(counts),
      ],
      faults: sorted.faults,
      lists: sorted.lists,
      passed:
        all === 0
          ? 'no known vulnerabilities'
          : `${count(all, 'known vulnerability', 'known vulnerabilities')}, within the limits`,
    }
  },
}
