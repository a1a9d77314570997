import type { Compare } from './engine/engine.js'
import { rangesOf } from './evidence/ranges.js'
import { comparisonOf, findEarlier } from './history/compare.js'
import type { Asking, Found } from './history/compare.js'
import { isMissing } from './history/comparison.js'
import type { Change, Comparison } from './history/comparison.js'
import type { Journal } from './journal/journal.js'
import type { Compared, EarlierRun, EarlierStage } from './journal/outcome.js'
import { readingStore } from './history/stores.js'
import type { Start } from './history/start.js'
import type { Entry, StageEntry } from './history/entry.js'
import { shardTimings } from './history/timings.js'
import type { Timings } from './history/timings.js'
import type { Prepared } from './options.js'
import type { Ports } from './ports.js'
import type { Clone } from './trigger/clone.js'
import type { Event } from './trigger/event.js'
import type { HistorySetting } from './workflow/model.js'

/** What decides about what a run is compared with and where it is added to. */
export interface Past {
  history: HistorySetting
  workflow: Entry['workflow']
  /** Of the repository, absolute. */
  folder: string
  event: Event | undefined
  onRunner: boolean
  /** The commit that is checked out; null outside a repository. */
  checkout: string | null
  /** Whether files differ from it. */
  dirty: boolean
  start: Start
  repository: string | null
}

/** Finds out what a run is compared with, and writes it down. `end` gives up what is still asked, and nothing is written any more. */
export interface Comparer {
  compare: Compare
  end(): void
}

export function comparer(
  past: Past,
  ports: Ports,
  { journal, cancel }: { journal: Journal; cancel: AbortSignal },
): Comparer {
  const asking = askingOf(past, ports)
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, cancel])
  let earlier: Promise<Found> | undefined
  let known: Promise<Comparison> | undefined
  const find = async (): Promise<Comparison> => {
    earlier ??= findEarlier(asking, { ...ports, cancel: signal }).then((found) => {
      if (!over.signal.aborted) tellIgnored(found, journal)
      return found
    })
    const comparison = await comparisonOf(await earlier, asking, { ...ports, cancel: signal })
    if (!over.signal.aborted) journal.append({ type: 'compared', ...comparedOf(comparison) })
    return comparison
  }
  return {
    compare: (how) => (known = how?.fresh || !known ? find() : known),
    end: () => over.abort(),
  }
}

function askingOf(past: Past, ports: Ports): Asking {
  const { folder, start, event, dirty, repository, history } = past
  return {
    folder,
    checkout: past.checkout ?? '',
    start,
    isEvent: event !== undefined,
    dirty,
    github: ports.github,
    repository,
    store: async (clone: Clone) => readingStore(history, { ...past, clone }, ports),
  }
}

/**
 * What earlier runs tell of the test files of a plan's stages with shards. It never fails, and asks nobody where there are no shards. Of
 * a run that several machines share one of them asks, and hands the answer to the others.
 */
export async function findTimings(
  { plan, workflow }: Pick<Prepared, 'plan' | 'workflow'>,
  past: Past,
  ports: Ports,
  cancel: AbortSignal,
): Promise<Timings> {
  const sharded = plan.stages.map(({ id }) => id).filter((id) => workflow.stages.get(id)?.shard)
  if (!sharded.length) return {}
  const { known } = await findEarlier(askingOf(past, ports), { ...ports, cancel })
  return shardTimings(known.earlier, sharded)
}

function tellIgnored({ known }: Found, journal: Journal): void {
  if (known.ignored === 0) return
  const lines = known.ignored === 1 ? 'a line that is no entry was' : `${known.ignored} lines that are no entries were`
  journal.append({ type: 'note', message: `in the history of earlier runs ${lines} passed over` })
}

/** A comparison in figures, as the journal and the outcome tell it. */
function comparedOf({ base, baseline, change, earlier }: Comparison): Compared {
  return {
    base,
    baseline: isMissing(baseline) ? baseline : { sha: baseline.sha, distance: baseline.distance },
    change: isMissing(change) ? change : changeOf(change),
    ...(earlier.length > 0 ? { earlier: runsOf(baseline, earlier).slice(0, maxRuns).map(runOf) } : {}),
  }
}

/** The runs before this one; the first is the baseline, which also knows of stages that did not have to run there. */
const runsOf = (baseline: Comparison['baseline'], earlier: readonly Entry[]): readonly Entry[] =>
  isMissing(baseline) ? earlier : [baseline.entry, ...earlier.slice(1)]

/** Bounds of what an outcome tells of a change and of earlier runs. */
const maxRanges = 2000
const maxRuns = 20
const maxStages = 50

function changeOf({ files }: Change): Compared['change'] {
  let room = maxRanges
  const added = files.flatMap(({ path, lines }) => {
    const ranges = room > 0 ? rangesOf(lines).slice(0, room) : []
    room -= ranges.length
    return ranges.length > 0 ? [{ path, ranges }] : []
  })
  return { files: files.length, lines: files.reduce((sum, { lines }) => sum + lines.length, 0), added }
}

const counted = (findings: NonNullable<StageEntry['findings']>): NonNullable<EarlierStage['findings']> =>
  Object.fromEntries(Object.entries(findings).map(([category, list]) => [category, list.length]))

const runOf = ({ commit, stages }: Entry): EarlierRun => ({
  sha: commit,
  stages: Object.entries(stages)
    .slice(0, maxStages)
    .map(([stage, { duration_ms, tests, coverage, findings }]) => ({
      stage,
      duration_ms,
      ...(tests ? { tests: tests.tests } : {}),
      ...(coverage ? { lines: coverage.lines, branches: coverage.branches } : {}),
      ...(findings ? { findings: counted(findings) } : {}),
    })),
})
