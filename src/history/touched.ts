import { posix } from 'node:path'
import { collectNames } from '../evidence/collectors/change.js'
import type { Clock, Git, GitHub } from '../ports.js'
import { openClone } from '../trigger/clone.js'
import type { Clone } from '../trigger/clone.js'
import { textAt } from '../trigger/event.js'
import type { Event } from '../trigger/event.js'
import { shortRef } from '../trigger/target.js'
import { commitAt } from '../trigger/whose.js'
import { deeper, findBase } from './base.js'
import { isMissing } from './comparison.js'
import type { Missing } from './comparison.js'
import { within } from './limit.js'
import type { Start } from './start.js'

/** For which run it is asked what the change touches. */
export interface TouchedQuestion {
  folder: string
  event: Event | undefined
  /** From where the change starts that the run is compared with. */
  start: Start
}

interface Ports {
  git: Git
  clock: Clock
  github?: GitHub | undefined
}

/** Git may take so long, in milliseconds; a partial clone gets what it needs over the network. */
const patience = 60_000

/**
 * The files that a change touches, by their paths from the folder: those that differ between where it left its base and the commit, under
 * both names where one was renamed; without an event also what is not committed. Of what is no change it is said why.
 */
export async function touchedFiles(
  { folder, event, start }: TouchedQuestion,
  { git, clock, github }: Ports,
): Promise<{ base: string; files: string[] } | Missing> {
  const from = startOfChange(event, start)
  if (isMissing(from)) return from
  const limit = { clock, cancel: new AbortController().signal }
  return within(
    limit,
    patience,
    async (signal) => {
      const clone = await openClone({ run: (cwd, args, how) => git.run(cwd, args, { ...how, signal }) }, folder)
      if (!clone) return { missing: 'there is no git repository with a commit here' }
      // Without an event what is not committed is part of the change, whatever it is compared with.
      const around = { dirty: true, isEvent: event !== undefined, github, repository: null }
      const tip = await findBase(clone, from, around)
      // What the base is now may be out of reach where the commit is not that the event names.
      const known = isMissing(tip) ? commitAt(textAt(event?.payload ?? {}, 'pull_request', 'base', 'sha')) : null
      const found = known === null ? tip : await findBase(clone, { of: 'commit', sha: known, name: null }, around)
      if (isMissing(found)) return isMissing(tip) ? tip : found
      const base = found.base?.sha
      if (base === undefined) return { missing: 'its commits are in the base already' }
      if (event?.name === 'push' && from.of === 'commit' && base !== from.sha) return rewritten
      return namesIn(clone, base, event !== undefined)
    },
    { missing: `git needed more than ${patience / 1000} seconds to tell what this change touches; ${deeper}` },
  )
}

const rewritten = { missing: 'the push put other commits in the place of those that the branch had' }

/** From where the change of an event starts; what is of no change says so. */
function startOfChange(event: Event | undefined, start: Start): Start | Missing {
  if (!event) return start
  const { name, payload } = event
  if (name === 'pull_request' || name === 'merge_group')
    return start.of === 'commit' ? start : { missing: `the event \`${name}\` names no base` }
  if (name !== 'push') return { missing: `the event \`${name}\` is of no change` }
  const ref = event.ref ?? textAt(payload, 'ref')
  if (shortRef(ref, 'heads') === null) return { missing: 'a tag is no change' }
  if (payload['forced'] === true) return rewritten
  const before = commitAt(textAt(payload, 'before'))
  return before === null
    ? { missing: 'the branch has no commit before this push' }
    : { of: 'commit', sha: before, name: null }
}

async function namesIn(
  clone: Clone,
  base: string,
  isEvent: boolean,
): Promise<{ base: string; files: string[] } | Missing> {
  const { git, folder, prefix, head } = clone
  const names = await collectNames({ base, ...(isEvent ? { head } : {}) }, { git, folder })
  if (!names.ok) return { missing: names.reason }
  return { base, files: names.files.map((name) => posix.relative(prefix, name)) }
}
