import { compareShares } from '../base/share.js'
import { count } from '../base/text.js'
import type { ByTarget } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import { asShare } from '../workflow/amount.js'
import type { Amount } from '../workflow/amount.js'
import type { Measure } from './gate.js'
import type { Totals } from './suites.js'

/** Tests that have thresholds of their own: a named suite, or all that belong to none. */
export interface Group {
  totals: Totals
  limits: Record<string, ByTarget<Amount>>
  /** `minimum: 0`: that no test runs is allowed. */
  mayBeNone: boolean
  /** The suite's name; absent for the rest. */
  suite?: string
}

/** How many ran: skipped tests did not. */
export const ranOf = (totals: Totals): number => totals.passed + totals.failed + totals.errors

type Common = Pick<Measure, 'key' | 'name' | 'limit' | 'none'>

/** The three thresholds over a group of tests: `pass-rate`, `minimum` and `skipped`. */
export function measuresOf(group: Group): Measure[] {
  const { suite, limits } = group
  const common = (key: string, name: string): Common => ({
    key: suite === undefined ? key : `suites.${suite}.${key}`,
    name: suite === undefined ? name : `${suite} ${name}`,
    limit: limits[key],
    none: `${prefix(suite)}no tests ran`,
  })
  return [
    passRate(group, common('pass-rate', 'pass-rate')),
    minimum(group, common('minimum', 'tests')),
    skippedShare(group, common('skipped', 'skipped share')),
  ]
}

const prefix = (suite: string | undefined): string => (suite === undefined ? '' : `suite ${suite}: `)

function passRate({ totals, suite, mayBeNone }: Group, common: Common): Measure {
  const ran = ranOf(totals)
  return {
    ...common,
    ...(ran === 0 && mayBeNone ? { limit: undefined } : {}),
    bound: 'least',
    value: ran > 0 ? { part: totals.passed, whole: ran } : undefined,
    told: true,
    miss: (limit) => prefix(suite) + failedOf(totals, limit),
    mend: ran > 0 ? 'make the failing tests listed pass' : 'look whether the test command found its tests',
  }
}

function minimum({ totals, suite }: Group, common: Common): Measure {
  const ran = ranOf(totals)
  return {
    ...common,
    bound: 'least',
    value: ran,
    told: true,
    miss: (limit) => `${prefix(suite)}${count(ran, 'test')} ran, at least ${limitText(limit)} wanted`,
    mend: 'look whether the test command found all of its tests',
  }
}

function skippedShare({ totals, suite }: Group, common: Common): Measure {
  // Of no tests at all, none was skipped; that there are none is what `pass-rate` and `minimum` judge.
  const share = { part: totals.skipped, whole: Math.max(1, totals.tests) }
  return {
    ...common,
    bound: 'most',
    value: share,
    told: false,
    miss: (limit) =>
      `${prefix(suite)}${totals.skipped} of ${count(totals.tests, 'test')} skipped: ` +
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
