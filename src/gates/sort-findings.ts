import type { Category, Evidence, Finding, FindingsEvidence } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import { beforeOf } from './baseline.js'
import { holds } from './counts.js'
import type { Scene } from './gate.js'
import type { Figure } from './verdict.js'

/** Findings of one category: those that count, and what is said of the others. */
export interface Sorted {
  counted: FindingsEvidence[]
  /** Only findings that the base has not are counted. */
  newOnly: boolean
  told: Figure[]
  remarks: string[]
}

/** Fingerprints of a category at the base, or why they are not known. */
export function knownAt(category: Category, scene: Scene): ReadonlySet<string> | { missing: string } {
  const before = beforeOf('findings', `remark of the category ${category}`, scene)
  if ('missing' in before) return before
  const lists = before.entries.flatMap(({ entry }) => (entry[category] ? [entry[category]] : []))
  return lists.length > 0
    ? new Set(lists.flat())
    : { missing: `${before.at} was not looked through for findings of the category ${category}` }
}

/** Sets aside the findings that are not to be counted: with `new-only`, those that the base has too. */
export function sortFindings(
  evidence: readonly Evidence[],
  category: Category,
  { newOnly }: GateSetting,
  scene: Scene,
): Sorted {
  const own = evidence.filter((one): one is FindingsEvidence => holds(one, category))
  const before = knownAt(category, scene)
  const findings = own.flatMap((one) => one.findings.filter((finding) => finding.category === category))
  if ('missing' in before) {
    const isAsked = newOnly ?? (scene.event === 'pull_request' || scene.event === 'merge_group')
    const isAny = findings.length > 0 || own.some((one) => one.findings_omitted > 0)
    return { counted: own, newOnly: false, told: [], remarks: isAsked && isAny ? [`all count: ${before.missing}`] : [] }
  }
  const isNewOnly = newOnly ?? ['pull_request', 'merge_group', 'local'].includes(scene.event)
  const isKnown = ({ fingerprint }: Finding): boolean => before.has(fingerprint)
  return {
    counted: isNewOnly ? own.map((one) => without(one, category, isKnown)) : own,
    newOnly: isNewOnly,
    told: [...toldKnown(findings.filter(isKnown).length), ...toldFixed(own, findings, before)],
    remarks: [],
  }
}

const toldKnown = (known: number): Figure[] => (known > 0 ? [{ name: 'known', value: String(known), met: true }] : [])

/** What the base had and is no more; where some are not listed, that cannot be told. */
function toldFixed(
  own: readonly FindingsEvidence[],
  findings: readonly Finding[],
  before: ReadonlySet<string>,
): Figure[] {
  if (own.some((one) => one.findings_omitted > 0)) return []
  const now = new Set(findings.map(({ fingerprint }) => fingerprint))
  const fixed = [...before].filter((fingerprint) => !now.has(fingerprint)).length
  return fixed > 0 ? [{ name: 'fixed', value: String(fixed), met: true }] : []
}

/** Evidence without some findings of a category; it is evidence for that category all the same. */
export function without(
  evidence: FindingsEvidence,
  category: Category,
  isAside: (finding: Finding) => boolean,
): FindingsEvidence {
  const by_severity = { ...evidence.by_severity }
  const findings = evidence.findings.filter((finding) => {
    if (finding.category !== category || !isAside(finding)) return true
    by_severity[finding.severity] = Math.max(0, (by_severity[finding.severity] ?? 0) - 1)
    return false
  })
  return { ...evidence, categories: [...new Set([...evidence.categories, category])], findings, by_severity }
}
