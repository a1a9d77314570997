import { categories } from '../evidence/evidence.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Scene } from './gate.js'
import { knownAt } from './sort-findings.js'

/** What is to be said of single findings where they are shown, whether or not a gate judges them. */
export interface Marks {
  /** Fingerprints of findings that the base has too. */
  known?: string[]
}

/** The marks of the findings of some stages. */
export function marksOf(evidence: readonly Evidence[], scene: Scene): Marks {
  const findings = evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : []))
  const known = categories.flatMap((category) => {
    const before = knownAt(category, scene)
    if ('missing' in before) return []
    return findings.filter((one) => one.category === category && before.has(one.fingerprint))
  })
  return known.length > 0 ? { known: [...new Set(known.map(({ fingerprint }) => fingerprint))] } : {}
}
