import { compareShares } from '../base/share.js'
import { count } from '../base/text.js'
import type { ByTarget } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import { asShare } from '../workflow/amount.js'
import type { Amount } from '../workflow/amount.js'
import type { Measure } from './gate.js'
import type { Totals } from './suites.js'

/** Tests that have thresholds of their own: a suite or a marker that is named, or all that belong to none. */
export interface Group {
  totals: Totals
  limits: Record<string, ByTarget<Amount>>
  /** `minimum: 0`: that no test runs is allowed. */
  mayBeNone: boolean
  /** Which they are, and what is said when none of them ran; absent for the rest. */
  named?: { name: string; of: 'suite' | 'marker'; none: string }
}

/** How many ran: skipped tests did not. */
export const ranOf = (totals: Totals): number => totals.passed + totals.failed + totals.errors

type Common = Pick<Measure, 'key' | 'name' | 'limit' | 'none'>

/** The three thresholds over a group of tests: `pass-rate`, `minimum` and `skipped`. */
export function measuresOf(group: Group): Measure[] {
  const { named, limits } = group
  const common = (key: string, name: string): Common => ({
    key: named ? `${named.of}s.${named.name}.${key}` : key,
    name: named ? `${named.name} ${name}` : name,
    limit: limits[key],
    none: named?.none ?? 'no tests ran',
  })
  return [
    passRate(group, common('pass-rate', 'pass-rate')),
    minimum(group, common('minimum', 'tests')),
    skippedShare(group, common('skipped', 'skipped share')),
  ]
}

const prefix = (named: Group['named']): string => (named ? `${named.of} ${named.name}: ` : '')

function passRate({ totals, named, mayBeNone }: Group, common: Common): Measure {
  const ran = ranOf(totals)
  return {
    ...common,
    ...(ran === 0 && mayBeNone ? { limit: undefined } : {}),
    bound: 'least',
    value: ran > 0 ? { part: totals.passed, whole: ran } : undefined,
    told: true,
    miss: (limit) => prefix(named) + failedOf(totals, limit),
    mend: ran > 0 ? 'make the failing tests listed pass' : 'look whether the test command found its tests',
  }
}

function minimum({ totals, named }: Group, common: Common): Measure {
  const ran = ranOf(totals)
  return {
    ...common,
    bound: 'least',
    value: ran,
    told: true,
    miss: (limit) => `${prefix(named)}${count(ran, 'test')} ran, at least ${limitText(limit)} wanted`,
    mend: 'look whether the test command found all of its tests',
  }
}

function skippedShare({ totals, named }: Group, common: Common): Measure {
  // Of no tests at all, none was skipped; that there are none is what `pass-rate` and `minimum` judge.
  const share = { part: totals.skipped, whole: Math.max(1, totals.tests) }
  return {
    ...common,
    bound: 'most',
    value: share,
    told: false,
    miss: (limit) =>
      `${prefix(named)}${totals.skipped} of ${count(totals.tests, 'test')} skipped: ` +
      `${valueText(share, 'most', limit)} > ${limitText(limit)}`,
    mend: 'let the skipped tests run again, or remove those that are not needed',
  }
}

function failedOf(totals: Totals, limit: Amount): string {
  const ran = ranOf(totals)
  const errors = totals.errors > 0 ? ` (${totals.errors} with an error)` : ''
  const said = `${totals.failed + totals.errors} of ${count(ran, 'test')} failed${errors}`
  if (compareShares(asShare(limit), { part: 1, whole: 1 }) === 0) return said
  const rate = valueText({ part: totals.passed, whole: ran }, 'least', limit)
  return `${said}: pass rate ${rate} < ${limitText(limit)}`
}
