import { isMissing } from '../history/comparison.js'
import type { StageEntry } from '../history/entry.js'
import type { Scene } from './gate.js'

/** What the stages of a scene left at the base, or why it is not known. */
export type Before<K extends keyof StageEntry> =
  { at: string; entries: { stage: string; entry: NonNullable<StageEntry[K]> }[] } | { missing: string }

/** What is known of one kind of evidence at the base, stage by stage, with the name of the commit that it is of. */
export function beforeOf<K extends keyof StageEntry>(kind: K, what: string, scene: Scene): Before<K> {
  const { baseline } = scene.against
  if (isMissing(baseline)) return baseline
  const at = baseline.sha.slice(0, 7)
  // A finding is known whatever instance had it; all else would be compared with what it is only a part of.
  if (scene.isPart && kind !== 'findings')
    return { missing: 'one instance cannot be compared with all instances of the base together' }
  const entries = scene.stages.flatMap((stage) => {
    const all = Object.hasOwn(baseline.entry.stages, stage) ? baseline.entry.stages[stage] : undefined
    const entry = all?.[kind]
    return entry === undefined ? [] : [{ stage, entry }]
  })
  return entries.length > 0 ? { at, entries } : { missing: `no ${what} is known at ${at}` }
}
