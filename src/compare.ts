import type { Compare } from './engine/engine.js'
import { isMissing, nothingKnown } from './history/comparison.js'
import type { Comparison } from './history/comparison.js'
import type { Journal } from './journal/journal.js'
import type { Compared } from './journal/outcome.js'

/** Finds out once what a run is compared with, and writes it down. */
export function comparing(journal: Journal): Compare {
  let known: Promise<Comparison> | undefined
  return () => {
    known ??= Promise.resolve(nothingKnown('nothing is known of earlier runs')).then((comparison) => {
      journal.append({ type: 'compared', ...comparedOf(comparison) })
      return comparison
    })
    return known
  }
}

/** A comparison in figures, as the journal and the outcome tell it. */
export function comparedOf({ base, baseline, change }: Comparison): Compared {
  return {
    base,
    baseline: isMissing(baseline) ? baseline : { sha: baseline.sha, distance: baseline.distance },
    change: isMissing(change)
      ? change
      : { files: change.files.length, lines: change.files.reduce((sum, { lines }) => sum + lines.length, 0) },
  }
}
