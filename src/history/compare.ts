import { collectChange, collectRenames } from '../evidence/collectors/change.js'
import type { Clock, Files, Git } from '../ports.js'
import { openClone } from '../trigger/clone.js'
import type { Clone } from '../trigger/clone.js'
import { deeper, findBase } from './base.js'
import type { Around, Base } from './base.js'
import { findBaseline } from './baseline.js'
import type { Known } from './baseline.js'
import { isMissing } from './comparison.js'
import type { Change, Comparison, Missing } from './comparison.js'
import { within } from './limit.js'
import type { Start } from './start.js'
import type { Store } from './store.js'

/** What a comparison is made from. */
export interface Asking extends Around {
  folder: string
  /** The commit that was checked out when the run began. */
  checkout: string
  start: Start
  /** Where earlier runs are told of; a text says why nowhere. */
  store: (clone: Clone) => Promise<Store | string>
}

interface Ports {
  git: Git
  files: Files
  clock: Clock
  cancel: AbortSignal
}

/** Git may take so long to find the base, and so long to find what is known of it; milliseconds. */
const patience = 30_000
const tooLong = `it took longer than ${patience / 1000} seconds`

/** What does not change during a run, however files do. */
export interface Found {
  base: Base | Missing
  known: Known
}

/** Finds the base of a run and what is known of it. It never fails and takes a minute at most; what is missing is said. */
export async function findEarlier(asking: Asking, ports: Ports): Promise<Found> {
  const { git, folder, checkout, start, store } = { ...asking, ...ports }
  const open = async (signal: AbortSignal): Promise<Clone | undefined> => {
    const clone = await openClone(ending(git, signal), folder)
    return clone && { ...clone, head: checkout }
  }
  const noBase = { missing: `the base could not be found: ${tooLong}; ${deeper}` }
  const base = await within(
    ports,
    patience,
    async (signal) => {
      const clone = await open(signal)
      return clone ? findBase(clone, start, asking) : { missing: noRepository }
    },
    noBase,
  )
  const nothing = (missing: string): Known => ({ baseline: { missing }, earlier: [], ignored: 0 })
  if (isMissing(base)) return { base, known: nothing(base.missing) }
  const known = await within(
    ports,
    patience,
    async (signal) => {
      // Anew, since a shallow clone may have been deepened.
      const clone = await open(signal)
      if (!clone) return nothing(noRepository)
      const place = await store(clone)
      return typeof place === 'string' ? nothing(place) : findBaseline(clone, base, place, signal)
    },
    nothing(`the history of earlier runs could not be read: ${tooLong}`),
  )
  return { base, known }
}

/** The same git, which ends with the signal. */
const ending = (git: Git, signal: AbortSignal): Git => ({
  run: (cwd, args, how) => git.run(cwd, args, { ...how, signal }),
})

const noRepository = 'there is no git repository with a commit here'

/** The comparison with what was found, for the files as they are now. */
export async function comparisonOf(
  found: Found,
  { folder, isEvent }: Pick<Asking, 'folder' | 'isEvent'>,
  ports: Ports,
): Promise<Comparison> {
  const { base, known } = found
  const { baseline, earlier } = known
  // A partial clone gets what it needs for this over the network.
  const late = [{ missing: `the lines of the change could not be told: ${tooLong}` }, undefined] as const
  const [change, renamed] = await within<readonly [Change | Missing, ReadonlyMap<string, string> | undefined]>(
    ports,
    patience,
    async (signal) => {
      const where = { git: ending(ports.git, signal), files: ports.files, folder, untracked: !isEvent }
      return Promise.all([changeOf(base, where), isMissing(baseline) ? undefined : collectRenames(baseline.sha, where)])
    },
    late,
  )
  return { base: isMissing(base) ? null : base.base, change, baseline, earlier, ...(renamed?.size ? { renamed } : {}) }
}

async function changeOf(base: Base | Missing, where: Parameters<typeof collectChange>[1]): Promise<Change | Missing> {
  if (isMissing(base)) return base
  if (!base.base) return { missing: 'this run is of the branch that changes go to, and of no change' }
  const change = await collectChange(base.base.sha, where)
  return change.ok ? { files: change.files } : { missing: change.reason }
}
