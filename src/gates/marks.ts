import { categories } from '../evidence/evidence.js'
import type { Evidence, PatchFigures, Waived } from '../evidence/evidence.js'
import type { Scene } from './gate.js'
import { patchFigures } from './patch.js'
import { knownAt } from './sort-findings.js'
import { byTime, waiversOf } from './waivers.js'

/** What is to be said of single findings and of coverage where they are shown, whether or not a gate judges them. */
export interface Marks {
  /** Fingerprints of findings that the base has too. */
  known?: string[]
  /** What a waiver lets off, by the finding's fingerprint. */
  waived?: (Waived & { fingerprint: string })[]
  /** The coverage of what the change adds. */
  patch?: PatchFigures
}

/** The marks of what some stages left. */
export function marksOf(evidence: readonly Evidence[], scene: Scene): Marks {
  const findings = evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : []))
  const known = categories.flatMap((category) => {
    const before = knownAt(category, scene)
    if ('missing' in before) return []
    return findings.filter((one) => one.category === category && before.has(one.fingerprint))
  })
  const waiverOf = waiversOf(byTime(scene.waivers, scene.now).valid)
  const waived = findings.flatMap((finding) => {
    const waiver = waiverOf(finding)
    if (!waiver) return []
    const { reason, until, owner } = waiver
    return [{ fingerprint: finding.fingerprint, reason, until, ...(owner === undefined ? {} : { owner }) }]
  })
  const patch = patchFigures(evidence, scene)
  return {
    ...(known.length > 0 ? { known: [...new Set(known.map(({ fingerprint }) => fingerprint))] } : {}),
    ...(waived.length > 0 ? { waived } : {}),
    ...(patch ? { patch } : {}),
  }
}
