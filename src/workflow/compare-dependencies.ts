import type { DependencyRules } from './dependencies.js'
import type { Difference } from './thresholds.js'

/** What two gates ask for: a shorter list of what is allowed and a longer one of what is denied are stricter. */
export function compareDependencies(
  what: string,
  base: DependencyRules | undefined,
  change: DependencyRules | undefined,
): Difference[] {
  const flags = (['review', 'lockFiles'] as const).map((key): Difference => {
    const [before, after] = [base?.[key] ?? false, change?.[key] ?? false]
    const effect = before === after ? undefined : after ? 'stricter' : 'weaker'
    const name = key === 'review' ? 'new' : 'lock-files'
    const text = (on: boolean): string => (key === 'review' ? (on ? 'review' : 'allow') : String(on))
    return { what: `${what}.${name}`, base: text(before), change: text(after), effect }
  })
  return [
    ...flags,
    compareLists(`${what}.licences.allow`, base?.allow, change?.allow, false),
    compareLists(`${what}.licences.deny`, base?.denyLicences, change?.denyLicences, true),
    compareLists(`${what}.deny`, base?.deny, change?.deny, true),
  ]
}

/** `grows`: a longer list asks for more. No list asks for nothing. */
function compareLists(
  what: string,
  base: readonly string[] | undefined,
  change: readonly string[] | undefined,
  grows: boolean,
): Difference {
  const text = (list: readonly string[] | undefined): string | null => (list ? list.join(', ') : null)
  const said = { what, base: text(base), change: text(change) }
  if (!base || !change) return { ...said, effect: base === change ? undefined : change ? 'stricter' : 'weaker' }
  const [added, gone] = [change.some((one) => !base.includes(one)), base.some((one) => !change.includes(one))]
  if (added && gone) return { ...said, effect: 'different' }
  return { ...said, effect: !added && !gone ? undefined : added === grows ? 'stricter' : 'weaker' }
}
