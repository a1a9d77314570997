import type { TestsEvidence } from '../evidence/evidence.js'
import { asShare } from '../workflow/amount.js'
import type { GateSetting } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import { limitAt } from './gate.js'
import type { Measure } from './gate.js'
import { listing } from './listing.js'
import { testName } from './quarantine.js'
import type { Figure, Listing } from './verdict.js'

const msOf = (seconds: number): number => Math.round(seconds * 1000)

/** The time of all tests together. */
export function durationMeasure(list: readonly TestsEvidence[], { thresholds }: GateSetting): Measure {
  const value = { ms: msOf(list.reduce((sum, one) => sum + one.duration_s, 0)) }
  return {
    key: 'duration',
    name: 'duration',
    bound: 'most',
    value,
    limit: thresholds['duration'],
    told: false,
    miss: (limit) => `the tests took ${valueText(value, 'most')}, ${limitText(limit)} allowed`,
    none: 'the time of the tests is not known',
    mend: 'make the slowest tests faster, or take some out',
  }
}

/** The tests that took longer than `slow` says, the slowest first. */
export function slowTests(
  list: readonly TestsEvidence[],
  { thresholds }: GateSetting,
  target: string,
): { told: Figure[]; lists: Listing[] } {
  const bar = limitAt(thresholds['slow'], target)
  if (bar === undefined) return { told: [], lists: [] }
  const limit = asShare(bar).part
  const slow = list
    .flatMap(({ cases }) => cases)
    .filter(({ duration_s = 0 }) => msOf(duration_s) > limit)
    .sort((a, b) => (b.duration_s ?? 0) - (a.duration_s ?? 0))
  const name = `slower than ${limitText(bar)}`
  const all = list.every(({ cases_omitted }) => cases_omitted === 0)
  const value = `${slow.length}${all ? '' : ' of those listed'}`
  const items = slow.map((test) => `${testName(test)} ${valueText({ ms: msOf(test.duration_s ?? 0) }, 'most')}`)
  return { told: [{ name, value, met: true }], lists: listing(`tests ${name}`, items) }
}
