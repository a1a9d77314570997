import { count } from '../base/text.js'
import { keyOf } from '../evidence/attempts.js'
import type { TestsEvidence } from '../evidence/evidence.js'
import { beforeOf } from './baseline.js'
import type { Scene } from './gate.js'
import { listing } from './listing.js'
import { testName } from './quarantine.js'
import type { Figure, Listing } from './verdict.js'

/** Which tests came and went since the base. */
export interface TestsChange {
  told: Figure[]
  lists: Listing[]
  /** What is not good, as parts of a sentence. */
  warnings: string[]
}

/** Added, removed and newly skipped tests; nothing where either side is not known whole. */
export function testsChange(list: readonly TestsEvidence[], scene: Scene): TestsChange {
  const nothing = { told: [], lists: [], warnings: [] }
  const before = beforeOf('tests', 'tests', scene)
  if ('missing' in before || list.some(({ cases_omitted }) => cases_omitted > 0)) return nothing
  const keys = before.entries.map(({ entry }) => entry.keys)
  if (keys.includes(undefined)) return nothing
  const old = new Set(keys.flatMap((some) => some ?? []))
  const skippedBefore = new Set(before.entries.flatMap(({ entry }) => entry.skipped_keys))
  const cases = list.flatMap((one) => one.cases)
  const now = new Map(cases.map((test) => [keyOf(test), test]))
  const named = (wanted: readonly string[]): string[] => wanted.map(nameOfKey)
  const added = [...now.keys()].filter((key) => !old.has(key))
  const removed = [...old].filter((key) => !now.has(key))
  const skipped = [...now].flatMap(([key, { status }]) =>
    status === 'skipped' && old.has(key) && !skippedBefore.has(key) ? [key] : [],
  )
  const figure = (name: string, { length }: readonly string[], met = true): Figure[] =>
    length > 0 ? [{ name, value: String(length), met }] : []
  return {
    told: [...figure('added', added), ...figure('removed', removed, false), ...figure('newly skipped', skipped, false)],
    lists: [...listing('removed tests', named(removed)), ...listing('newly skipped tests', named(skipped))],
    warnings: [
      ...(removed.length > 0 ? [`${count(removed.length, 'test')} of ${before.at} no longer there`] : []),
      ...(skipped.length > 0 ? [`${count(skipped.length, 'test')} newly skipped`] : []),
    ],
  }
}

/** The name of a test by its key, which holds suite, class and name; the key itself where history holds something else. */
function nameOfKey(key: string): string {
  try {
    const [suite, classname, name] = JSON.parse(key) as (string | null)[]
    const text = (part: string | null | undefined, as: 'suite' | 'classname') =>
      typeof part === 'string' ? { [as]: part } : {}
    return typeof name === 'string' ? testName({ name, ...text(suite, 'suite'), ...text(classname, 'classname') }) : key
  } catch {
    return key
  }
}
