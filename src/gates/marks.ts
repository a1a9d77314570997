import { categories } from '../evidence/evidence.js'
import { isOver } from '../base/date.js'
import { keyOf } from '../evidence/attempts.js'
import type { Evidence, PatchFigures, TestsEvidence, Waived } from '../evidence/evidence.js'
import type { Quarantined } from '../workflow/model.js'
import type { Scene } from './gate.js'
import { patchFigures } from './patch.js'
import { entryOf, setAside } from './quarantine.js'
import { knownAt } from './sort-findings.js'
import { byTime, waiversOf } from './waivers.js'

/** What is to be said of single findings and of coverage where they are shown, whether or not a gate judges them. */
export interface Marks {
  /** Fingerprints of findings that the base has too. */
  known?: string[]
  /** What a waiver lets off, by the finding's fingerprint. */
  waived?: (Waived & { fingerprint: string })[]
  /** Tests in quarantine that failed or are flaky, by key. */
  quarantined?: (Waived & { test: string })[]
  /** The coverage of what the change adds. */
  patch?: PatchFigures
}

/**
 * The marks of what some stages left. `quarantines` are those of the gates that judge its tests: only a test that each of them sets aside
 * is let off.
 */
export function marksOf(
  evidence: readonly Evidence[],
  scene: Scene,
  quarantines: readonly (readonly Quarantined[])[] = [],
): Marks {
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
  const quarantined = quarantinedIn(evidence, quarantines, scene.now)
  return {
    ...(known.length > 0 ? { known: [...new Set(known.map(({ fingerprint }) => fingerprint))] } : {}),
    ...(waived.length > 0 ? { waived } : {}),
    ...(quarantined.length > 0 ? { quarantined } : {}),
    ...(patch ? { patch } : {}),
  }
}

function quarantinedIn(
  evidence: readonly Evidence[],
  quarantines: readonly (readonly Quarantined[])[],
  now: number,
): NonNullable<Marks['quarantined']> {
  const [valid = [], ...others] = quarantines.map((entries) => entries.filter(({ until }) => !isOver(until, now)))
  const tests = valid.length > 0 ? evidence.filter((one): one is TestsEvidence => one.kind === 'tests') : []
  return setAside(tests, valid, now).aside.flatMap((test) => {
    const entry = entryOf(test, valid)
    if (!entry || others.some((entries) => !entryOf(test, entries))) return []
    const { reason, until, owner } = entry
    return [{ test: keyOf(test), reason, until, ...(owner === undefined ? {} : { owner }) }]
  })
}
