import type { AddedLines } from '../evidence/diff.js'
import type { Entry } from './entry.js'

/** What a run is compared with. Nothing in it is ever made up: what is not known says why, and how to get it. */
export interface Comparison {
  /** The commit that the change starts from; null where there is none, as on the default branch itself. */
  base: { sha: string; name: string | null } | null
  change: Change | Missing
  /** Files and findings in it are called as they are called now, whatever was renamed since. */
  baseline: Baseline | Missing
  /** Files that were renamed since the baseline, by their path now. */
  renamed?: ReadonlyMap<string, string>
  /** Entries before this run, the newest first, for trends and spreads; empty where none are known. */
  earlier: readonly Entry[]
}

/** The lines that the change adds, by file, as they stand now. */
export interface Change {
  files: readonly AddedLines[]
}

/** What was measured at the base, or at the nearest commit before it that has data. */
export interface Baseline {
  sha: string
  /** How many first parents lie between the base and it; 0 is the base itself, without a base the first parent. */
  distance: number
  entry: Entry
}

/** One sentence for people: `no run is known at abc1234 or before it`. */
export interface Missing {
  missing: string
}

export const isMissing = (value: object): value is Missing => Object.hasOwn(value, 'missing')

/** A comparison with nothing, for the reason given. */
export const nothingKnown = (missing: string): Comparison => ({
  base: null,
  change: { missing },
  baseline: { missing },
  earlier: [],
})
