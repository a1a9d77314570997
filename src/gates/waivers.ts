import picomatch from 'picomatch'
import { isOver } from '../base/date.js'
import type { Category, Evidence, Finding } from '../evidence/evidence.js'
import type { Waiver } from '../workflow/model.js'
import type { Measurement } from './gate.js'

/** Answers the waiver that speaks of a finding, if there is one; its time is not looked at. */
export type Waivers = (finding: Finding) => Waiver | undefined

/** Makes some waivers ready to be asked; of several that fit the first answers. */
export function waiversOf(list: readonly Waiver[]): Waivers {
  const ready = list.map((waiver) => ({
    waiver,
    fits: waiver.path === undefined ? undefined : picomatch(waiver.path, { dot: true }),
  }))
  return (finding) =>
    ready.find(
      ({ waiver, fits }) =>
        waiver.rule === finding.rule &&
        (waiver.gate === undefined || waiver.gate === finding.category) &&
        (!fits || (finding.file !== undefined && fits(finding.file))),
    )?.waiver
}

function speaksOf(waiver: Waiver, findings: readonly Finding[]): boolean {
  const ask = waiversOf([waiver])
  return findings.some((finding) => ask(finding) !== undefined)
}

/** The waivers that are in force, and those whose time is over. */
export function byTime(list: readonly Waiver[], now: number): { valid: Waiver[]; expired: Waiver[] } {
  const expired = list.filter(({ until }) => isOver(until, now))
  return { valid: list.filter((one) => !expired.includes(one)), expired }
}

/** The waivers whose time is over and that speak of a category: by name, or by a finding that is still there. */
export function expiredFaults(
  category: Category,
  expired: readonly Waiver[],
  findings: readonly Finding[],
): NonNullable<Measurement['faults']> {
  const concerned = expired.filter((waiver) => !waiver.left && (waiver.gate === category || speaksOf(waiver, findings)))
  return concerned.map(({ rule, until, owner }) => ({
    reason: `the waiver of ${rule} expired on ${until}`,
    mend:
      `mend what it let off${owner === undefined ? '' : ` (${owner})`} and take it out of \`waivers\`; ` +
      'one that is renewed counts after the merge',
  }))
}

/** What is to be said of waivers that nothing in all evidence of a run matches. */
export function unusedWaivers(list: readonly Waiver[], evidence: readonly Evidence[]): string[] {
  const findings = evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : []))
  return list
    .filter((waiver) => !waiver.left && !speaksOf(waiver, findings))
    .map(({ rule, path }) => {
      const where = path === undefined ? '' : ` in ${path}`
      return `the waiver of ${rule}${where} matches nothing: take it out of \`waivers\``
    })
}
