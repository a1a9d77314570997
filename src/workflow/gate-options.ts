import type { GateSetting } from './model.js'
import type { Difference } from './thresholds.js'

/** What a gate says besides thresholds, of two settings that both judge: each difference with its effect. */
export const compareOptions = (what: string, base: GateSetting, change: GateSetting): Difference[] => [
  ranked(`${what}.new-only`, newOnlyRanks, newOnlyOf(base), newOnlyOf(change)),
]

/** From what asks for least to what asks for most. */
const newOnlyRanks = ['true', 'on changes', 'false']
const newOnlyOf = ({ newOnly }: GateSetting): string => (newOnly === undefined ? 'on changes' : String(newOnly))

function ranked(what: string, ranks: readonly string[], base: string, change: string): Difference {
  const more = ranks.indexOf(change) - ranks.indexOf(base)
  return { what, base, change, effect: more === 0 ? undefined : more > 0 ? 'stricter' : 'weaker' }
}
