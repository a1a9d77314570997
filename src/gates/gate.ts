import type { Evidence } from '../evidence/evidence.js'
import type { Comparison } from '../history/comparison.js'
import type { EventName, GateName } from '../language/names.js'
import type { Amount } from '../workflow/amount.js'
import type { ByTarget, GateSetting, Waiver } from '../workflow/model.js'
import type { Figure, Listing } from './verdict.js'

/** The value of a threshold for a target; none means no limit. */
export const limitAt = (limit: ByTarget<Amount> | undefined, target: string): Amount | undefined =>
  limit === undefined ? undefined : Object.hasOwn(limit.targets, target) ? limit.targets[target] : limit.default

/** One value that a threshold of the file can bound. */
export interface Measure {
  /** The threshold's name in the file, below the gate's: `lines`, `suites.e2e.pass-rate`. */
  key: string
  /** What the figure is called where it is shown. */
  name: string
  /** Whether the threshold is the least or the most that is allowed. */
  bound: 'least' | 'most'
  /** Absent when the evidence holds nothing to measure. */
  value: Amount | undefined
  /** Absent: no limit for any target. */
  limit: ByTarget<Amount> | undefined
  /** Shown even where nothing bounds it. */
  told: boolean
  /** Why the limit is not met, as a part of a sentence with both figures. */
  miss(limit: Amount): string
  /** Said instead when there is a limit but no value. */
  none: string
  /** The next thing to do when the limit is not met. */
  mend: string
}

/** What a gate finds in its evidence, before thresholds are laid on. */
export interface Measurement {
  measures: Measure[]
  /** Values that nothing bounds. */
  told: Figure[]
  /** The reason when every limit is met. */
  passed: string
  /** Why it fails, whatever the limits say. */
  faults?: { reason: string; mend: string }[]
  /** Said beside every reason: what could not be judged, and why. */
  remarks?: string[]
  /** What the figures count, by name. */
  lists?: Listing[]
  /** All limits are met, and yet it is not good: said and shown as a warning. */
  warning?: { reason: string; mend: string }
  /** There is nothing to judge: why, and what to do about it. */
  empty?: { reason: string; mend: string }
}

/** What a gate may look at besides its evidence. All of it is handed in, so that judging is pure. */
export interface Scene {
  /** The target that is walked to; it selects the thresholds. */
  target: string
  /** The stages whose evidence it is. */
  stages: readonly string[]
  against: Comparison
  /** The evidence that the gate sees before it is merged: report by report. */
  reports?: readonly Evidence[]
  /** The evidence is that of one instance alone, while the base is known by stage. */
  isPart?: boolean
  /** What the run is for: `local` on a laptop without an event. */
  event: EventName | 'local'
  /** The run's clock, in milliseconds since the epoch. */
  now: number
  /** What the workflow lets off for a time. */
  waivers: readonly Waiver[]
  /** How long it took, in milliseconds. */
  duration_ms: number
  /** Of a milestone, what it needs that did not run: what is missing of that is no fault. */
  unaffected?: Unaffected
}

/** Stages with reports that a change does not affect. */
export interface Unaffected {
  stages: readonly string[]
  /** The suites that their reports name, and no report of a stage that ran. */
  suites: ReadonlySet<string>
}

/** One gate: which evidence it judges, and what it measures there. */
export interface Gate {
  name: GateName
  /** What its evidence is called in a sentence: `test results`. */
  subject: string
  sees: (evidence: Evidence) => boolean
  /** It judges without evidence. */
  isBlind?: true
  /** `evidence` holds only what it sees, merged, at least one unless it is blind; thresholds may depend on the target. */
  measure(evidence: readonly Evidence[], setting: GateSetting, scene: Scene): Measurement
}
