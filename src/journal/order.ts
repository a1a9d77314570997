import type { Verdict, VerdictStatus } from '../gates/verdict.js'
import { gateNames } from '../language/names.js'
import type { StageOutcome } from './outcome.js'

/** Worst first. */
export const gateRanks: Record<VerdictStatus, number> = { fail: 0, 'no-data': 1, warn: 2, pass: 3 }

/** Where a gate stands among all gates. */
export const gatePlace = (gate: string): number => (gateNames as readonly string[]).indexOf(gate)

/** Where a stage or instance stands in the plan. */
export function placesOf(stages: readonly StageOutcome[]): (address: string) => number {
  const addresses = stages.flatMap(({ id, instances }) => [id, ...instances.map(({ address }) => address)])
  const places = new Map<string, number>()
  for (const [index, address] of addresses.entries()) if (!places.has(address)) places.set(address, index)
  return (address) => places.get(address) ?? addresses.length
}

/** Verdicts with the worst first, then by gate and in the order of the plan, whichever was judged first. */
export function inOrder(verdicts: readonly Verdict[], stages: readonly StageOutcome[]): Verdict[] {
  const place = placesOf(stages)
  return [...verdicts].sort(
    (a, b) =>
      gateRanks[a.status] - gateRanks[b.status] ||
      gatePlace(a.gate) - gatePlace(b.gate) ||
      place(a.address) - place(b.address),
  )
}
