import type { Category, Evidence, Finding, FindingsEvidence } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import { beforeOf } from './baseline.js'
import { holds } from './counts.js'
import type { Measurement, Scene } from './gate.js'
import { listing } from './listing.js'
import type { Figure } from './verdict.js'
import { byTime, expiredFaults, waiversOf } from './waivers.js'

/** Findings of one category: those that count, and what is said of the others. */
export interface Sorted extends Required<Pick<Measurement, 'told' | 'remarks' | 'faults' | 'lists'>> {
  counted: FindingsEvidence[]
  /** Only findings that the base has not are counted. */
  newOnly: boolean
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

/**
 * Sets aside the findings that are not to be counted: those that a waiver lets off, and with `new-only` those that the base has too.
 */
export function sortFindings(
  evidence: readonly Evidence[],
  category: Category,
  setting: GateSetting,
  scene: Scene,
): Sorted {
  const own = evidence.filter((one): one is FindingsEvidence => holds(one, category))
  const all = own.flatMap((one) => one.findings.filter((finding) => finding.category === category))
  const { valid, expired } = byTime(scene.waivers, scene.now)
  const waiverOf = waiversOf(valid)
  const waived = new Set(all.filter((finding) => waiverOf(finding) !== undefined))
  const before = beforeFor(category, setting, scene)
  const isKnown = ({ fingerprint }: Finding): boolean => before.known?.has(fingerprint) ?? false
  const isAside = (finding: Finding): boolean => waived.has(finding) || (before.newOnly && isKnown(finding))
  const isAny = all.length > 0 || own.some((one) => one.findings_omitted > 0)
  const known = all.filter((finding) => isKnown(finding) && !waived.has(finding))
  const words = [...waived].map((finding) => waivedText(finding, waiverOf(finding)))
  return {
    counted: own.map((one) => without(one, category, isAside)),
    newOnly: before.newOnly,
    told: [
      ...figure('known', known.length),
      ...(scene.isPart ? [] : fixed(own, all, before.known)),
      ...figure('waived', waived.size),
    ],
    remarks: isAny ? before.remarks : [],
    faults: expiredFaults(category, expired, all),
    lists: listing('waived findings', words),
  }
}

const figure = (name: string, n: number): Figure[] => (n > 0 ? [{ name, value: String(n), met: true }] : [])

/** What is known of the base, and whether only what is new counts. Secrets and vulnerabilities count, old or new. */
function beforeFor(
  category: Category,
  setting: GateSetting,
  scene: Scene,
): { known?: ReadonlySet<string>; newOnly: boolean; remarks: string[] } {
  const isAbsolute = category === 'secrets' || category === 'vulnerabilities'
  const known = knownAt(category, scene)
  const isChange = scene.event === 'pull_request' || scene.event === 'merge_group'
  if ('missing' in known) {
    const isAsked = !isAbsolute && (setting.newOnly ?? isChange)
    return { newOnly: false, remarks: isAsked ? [`all count: ${known.missing}`] : [] }
  }
  return { known, newOnly: !isAbsolute && (setting.newOnly ?? (isChange || scene.event === 'local')), remarks: [] }
}

/** What the base had and is no more; where some are not listed, that cannot be told. */
function fixed(
  own: readonly FindingsEvidence[],
  findings: readonly Finding[],
  before: ReadonlySet<string> | undefined,
): Figure[] {
  if (!before || own.some((one) => one.findings_omitted > 0)) return []
  const now = new Set(findings.map(({ fingerprint }) => fingerprint))
  return figure('fixed', [...before].filter((fingerprint) => !now.has(fingerprint)).length)
}

function waivedText({ rule, file, line }: Finding, waiver: { until: string; reason: string } | undefined): string {
  const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`
  return `${rule}${place}, until ${waiver?.until ?? ''}: ${waiver?.reason ?? ''}`
}

/** Evidence without some findings of a category; it is evidence for that category all the same. */
function without(
  evidence: FindingsEvidence,
  category: Category,
  isAside: (finding: Finding) => boolean,
): FindingsEvidence {
  const rest = withoutFindings(evidence, (finding) => finding.category === category && isAside(finding))
  return { ...rest, categories: [...new Set([...evidence.categories, category])] }
}

/** Evidence without some findings, its numbers by severity with it. */
export function withoutFindings(evidence: FindingsEvidence, isAside: (finding: Finding) => boolean): FindingsEvidence {
  const by_severity = { ...evidence.by_severity }
  const findings = evidence.findings.filter((finding) => {
    if (!isAside(finding)) return true
    by_severity[finding.severity] = Math.max(0, (by_severity[finding.severity] ?? 0) - 1)
    return false
  })
  return { ...evidence, findings, by_severity }
}
