import { compareContracts } from './compare-contracts.js'
import { compareConventions } from './compare-conventions.js'
import { compareDependencies } from './compare-dependencies.js'
import type { GateSetting, Quarantined, Waiver } from './model.js'
import type { Difference } from './thresholds.js'

/** What a gate says besides thresholds, of two settings that both judge: each difference with its effect. */
export const compareOptions = (what: string, base: GateSetting, change: GateSetting): Difference[] => [
  ranked(`${what}.new-only`, newOnlyRanks, newOnlyOf(base), newOnlyOf(change)),
  ranked(`${what}.flaky`, flakyRanks, flakyOf(base), flakyOf(change)),
  ranked(`${what}.scan`, scanRanks, base.scan ?? byDefault, change.scan ?? byDefault),
  ...compareQuarantine(`${what}.quarantine`, base.quarantine ?? [], change.quarantine ?? []),
  ...compareConventions(what, base.conventions, change.conventions),
  ...compareDependencies(what, base.dependencies, change.dependencies),
  ...compareContracts(what, base.contracts, change.contracts),
  compareExpressions(what, base, change),
  ...compareRequired(`${what}.required`, base.required ?? [], change.required ?? []),
  ...compareRequired(`${what}.required-markers`, base.requiredMarkers ?? [], change.requiredMarkers ?? []),
]

/** Of two expressions that differ nobody can say which asks for more. */
function compareExpressions(what: string, base: GateSetting, change: GateSetting): Difference {
  const [before, after] = [base, change].map(({ expression }) => expression?.source ?? null)
  return { what, base: before ?? null, change: after ?? null, effect: before === after ? undefined : 'different' }
}

/** Where a scanner reports, the default looks through nothing. */
const byDefault = 'by default'
const scanRanks = ['off', byDefault, 'changes', 'tree']

/** `quarantine` warns as `warn` does; what it lets off stands in the list. */
const flakyRanks = ['warn', 'fail']
const flakyOf = ({ flaky }: GateSetting): string => (flaky === 'fail' ? 'fail' : 'warn')

function compareQuarantine(what: string, base: readonly Quarantined[], change: readonly Quarantined[]): Difference[] {
  const names = [...new Set([...base, ...change].map(({ test }) => test))]
  return names.map((name) => {
    const [before, after] = [base, change].map((list) => lastDay(list.filter(({ test }) => test === name)))
    return { what: `${what}.${name}`, ...letOff(before, after) }
  })
}

/** The day until which a list lets something off. */
const lastDay = (list: readonly { until: string }[]): string | undefined =>
  list
    .map(({ until }) => until)
    .sort()
    .at(-1)

/** What follows when something is let off until another day, or no longer at all. */
function letOff(base: string | undefined, change: string | undefined): Omit<Difference, 'what'> {
  const text = (day: string | undefined): string | null => (day === undefined ? null : `until ${day}`)
  const more = (change ?? '') === (base ?? '') ? undefined : (change ?? '') > (base ?? '') ? 'weaker' : 'stricter'
  return { base: text(base), change: text(change), effect: more }
}

const compareRequired = (what: string, base: readonly string[], change: readonly string[]): Difference[] =>
  [...new Set([...base, ...change])].map((name) => {
    const [before, after] = [base.includes(name), change.includes(name)]
    const effect = before === after ? undefined : before ? 'weaker' : 'stricter'
    return { what: `${what}.${name}`, base: before ? 'required' : null, change: after ? 'required' : null, effect }
  })

/** From what asks for least to what asks for most. */
const newOnlyRanks = ['true', 'on changes', 'false']
const newOnlyOf = ({ newOnly }: GateSetting): string => (newOnly === undefined ? 'on changes' : String(newOnly))

function ranked(what: string, ranks: readonly string[], base: string, change: string): Difference {
  const more = ranks.indexOf(change) - ranks.indexOf(base)
  return { what, base, change, effect: more === 0 ? undefined : more > 0 ? 'stricter' : 'weaker' }
}

/** What the files let off, waiver by waiver; it concerns all stages. */
export function compareWaivers(base: readonly Waiver[], change: readonly Waiver[]): Difference[] {
  const nameOf = ({ rule, path, gate }: Waiver): string =>
    `waivers.${rule}${path === undefined ? '' : ` in ${path}`}${gate === undefined ? '' : ` of ${gate}`}`
  const names = [...new Set([...base, ...change].map(nameOf))]
  return names.map((what) => {
    const [before, after] = [base, change].map((list) => lastDay(list.filter((one) => nameOf(one) === what)))
    return { what, ...letOff(before, after) }
  })
}
