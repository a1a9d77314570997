import { count } from '../base/text.js'
import type { Severity } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import { limitText } from './amount.js'
import type { Counts } from './counts.js'
import { total } from './counts.js'
import type { Measure } from './gate.js'
import type { Figure } from './verdict.js'

/** What a threshold over findings counts, and in which words. */
export interface Limited {
  key: string
  /** None: all. */
  severities: Severity[]
  one: string
  many?: string
  told: boolean
  mend: string
}

/** A threshold over the number of findings with certain severities. */
export function limitedCount(counts: Counts, setting: GateSetting, what: Limited): Measure {
  const value = total(counts, ...what.severities)
  return {
    key: what.key,
    name: what.key === 'any' ? 'secrets' : what.key,
    bound: 'most',
    value,
    limit: setting.thresholds[what.key],
    told: what.told && value > 0,
    miss: (limit) => `${count(value, what.one, what.many)}, ${limitText(limit)} allowed`,
    none: `no ${what.key}`,
    mend: what.mend,
  }
}

/** What is counted besides: findings that are not listed, and those that the tool marks as accepted. */
export function toldCounts(counts: Counts): Figure[] {
  const told: Figure[] = []
  if (counts.omitted > 0) told.push({ name: 'not listed', value: String(counts.omitted), met: true })
  if (counts.suppressed > 0) told.push({ name: 'accepted by the tool', value: String(counts.suppressed), met: true })
  return told
}
