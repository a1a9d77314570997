import type { CoverageEvidence } from '../evidence/evidence.js'
import { addedCoverage } from '../evidence/added.js'
import { isMissing } from '../history/comparison.js'
import type { GateSetting } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import { beforeOf } from './baseline.js'
import type { Measure, Scene } from './gate.js'
import type { Figure } from './verdict.js'

/** What a threshold against the base comes to: a measure, or what is said where it cannot be judged. */
export interface Compared {
  measures: Measure[]
  told: Figure[]
  remarks: string[]
}

const unknown = (key: string, isAsked: boolean, why: string): Compared => ({
  measures: [],
  told: [],
  remarks: isAsked ? [`${key} not judged: ${why}`] : [],
})

/** Coverage of the lines that the change adds, of those that the report knows. Without a base it is said, not failed. */
export function patchMeasure(coverage: CoverageEvidence, setting: GateSetting, { against }: Scene): Compared {
  const limit = setting.thresholds['patch']
  const { change } = against
  if (isMissing(change)) return unknown('patch', limit !== undefined, change.missing)
  const changed = new Set(change.files.flatMap(({ path, lines }) => (lines.length > 0 ? [path] : [])))
  const blind =
    changed.size > 0 &&
    (coverage.files.length === 0 ||
      coverage.files.some((file) => changed.has(file.path) && !file.lines && file.lines_valid > 0))
  const patch = addedCoverage(coverage, change.files)
  const value = blind || patch.lines_valid === 0 ? undefined : { part: patch.lines_covered, whole: patch.lines_valid }
  if (!blind && !value) return unknown('patch', limit !== undefined, 'nothing to cover in this change')
  const measure: Measure = {
    key: 'patch',
    name: 'patch',
    bound: 'least',
    value,
    limit,
    told: value !== undefined,
    miss: (bar) =>
      `patch ${value ? valueText(value, 'least', bar) : 'no data'} < ${limitText(bar)} (${patch.lines_covered} of ${patch.lines_valid} added lines)`,
    none: 'no lines in this format: the coverage of the change is not known',
    mend: value
      ? 'test the lines of this change that no test reaches'
      : 'let the coverage tool write a format that tells of each line, such as LCOV',
  }
  return { measures: [measure], told: [], remarks: [] }
}

/** How many points of the share of lines were lost since the base; a gain counts as none. */
export function dropMeasure(coverage: CoverageEvidence, setting: GateSetting, scene: Scene): Compared {
  const limit = setting.thresholds['drop']
  const before = beforeOf('coverage', 'coverage', scene)
  if ('missing' in before) return unknown('drop', limit !== undefined, before.missing)
  const [first, second] = before.entries
  if (!first || second)
    return unknown('drop', limit !== undefined, 'several stages measured coverage; judge each where it is measured')
  const [covered, valid] = first.entry.lines
  if (valid === 0 || coverage.lines_valid === 0)
    return unknown('drop', limit !== undefined, `the coverage at ${before.at} holds no lines`)
  const base = { part: covered, whole: valid }
  const lost = covered * coverage.lines_valid - coverage.lines_covered * valid
  const value = { part: Math.max(0, lost), whole: valid * coverage.lines_valid }
  const now = { part: coverage.lines_covered, whole: coverage.lines_valid }
  const measure: Measure = {
    key: 'drop',
    name: 'drop',
    bound: 'most',
    value,
    limit,
    told: false,
    miss: (bar) =>
      `lines ${valueText(base, 'least')} at ${before.at}, ${valueText(now, 'least')} now: ` +
      `${valueText(value, 'most', bar)} lost, ${limitText(bar)} allowed`,
    none: 'the drop is not known',
    mend: 'test what this change adds, or what it no longer reaches',
  }
  const told = { name: `lines at ${before.at}`, value: valueText(base, 'least'), met: true }
  return { measures: [measure], told: [told], remarks: [] }
}
