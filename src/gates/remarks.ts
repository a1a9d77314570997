import { count } from '../base/text.js'
import type { Category } from '../evidence/evidence.js'
import type { GateName } from '../language/names.js'
import { countFindings, holds, total } from './counts.js'
import { limitedCount, toldCounts } from './findings.js'
import type { Gate } from './gate.js'
import { sortFindings } from './sort-findings.js'

interface Remarks {
  /** What people read when there is none. */
  passed: string
  mend: string
  /** Notes count among the remarks. */
  notes?: true
  /** Findings of other changes are neither known here nor mended by this one: only what is waived is told of them. */
  own?: true
}

/** A gate over what wf itself has to say of a change: `errors` and `warnings`. */
const remarksGate = (name: GateName & Category, { passed, mend, notes, own }: Remarks): Gate => ({
  name,
  subject: `remarks on ${name}`,
  sees: (evidence) => holds(evidence, name),
  measure(evidence, setting, scene) {
    const { counted, told, remarks, faults, lists } = sortFindings(evidence, name, setting, scene)
    const counts = countFindings(counted, name)
    const all = notes ? total(counts) : total(counts, 'error', 'warning')
    return {
      measures: [
        limitedCount(counts, setting, { key: 'errors', severities: ['error'], one: 'error', told: true, mend }),
        limitedCount(counts, setting, { key: 'warnings', severities: ['warning'], one: 'warning', told: true, mend }),
      ],
      told: [...(own ? told.filter((one) => one.name === 'waived') : told), ...toldCounts(counts)],
      remarks,
      faults,
      lists,
      passed: all === 0 ? passed : `${count(all, 'remark')}, within the limit`,
    }
  },
})

const waive = 'what is accepted for a time is waived, with a reason and an end'

/** Conventions of commits, titles, branches and files. */
export const conventionsGate = remarksGate('conventions', {
  passed: 'all conventions are kept',
  mend: 'mend what is listed; each remark shows how it could read, and what is accepted for a time is waived',
  notes: true,
  own: true,
})

/** Dependencies: licences, denied and new packages, lock files. */
export const dependenciesGate = remarksGate('dependencies', {
  passed: 'nothing is wrong with the dependencies',
  mend: `mend what is listed; ${waive}`,
})

/** Contracts: OpenAPI documents and JSON Schemas of events, by themselves and against the base. */
export const contractsGate = remarksGate('contracts', {
  passed: 'the contracts are whole, and nothing breaks',
  mend: `mend what is listed; ${waive}`,
})
