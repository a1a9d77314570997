import type { GitHub } from '../ports.js'
import { fetchCommit, isHere, mergeBase, resolve } from '../trigger/clone.js'
import type { Clone } from '../trigger/clone.js'
import { tipOf } from '../trigger/tip.js'
import type { Missing } from './comparison.js'
import type { Start } from './start.js'

/** Where a change starts, and the first commit that can be its baseline. */
export interface Base {
  /** Null where the run is of the branch that changes go to. */
  base: { sha: string; name: string | null } | null
  /** `skip`: it is the commit that is judged, so only what came before it counts. */
  from: { sha: string; skip: boolean }
}

/** How a commit that is not here can be had. */
export const deeper = 'check out the whole history: `fetch-depth: 0`, or `git fetch --unshallow`'

/** What decides about the base beside git: whether files differ from the commit that is checked out, and who may be asked. */
export interface Around {
  dirty: boolean
  /** The run was started by an event, so what is checked out is a commit that others know. */
  isEvent: boolean
  github: GitHub | undefined
  repository: string | null
}

/** The newest commit that the change shares with what it goes to; a shallow clone is deepened until it is found. */
export async function findBase(clone: Clone, start: Start, around: Around): Promise<Base | Missing> {
  const { head } = clone
  const before = { sha: head, skip: true }
  const itself = { base: null, from: before }
  if (start.of === 'itself')
    return around.dirty && !around.isEvent ? { base: { sha: head, name: null }, from: before } : itself
  const goal = start.of === 'commit' ? await commitOf(clone, start.sha) : await branchOf(clone, start.name, around)
  if ('missing' in goal) return goal
  const { name } = start
  const called = name === null ? goal.sha.slice(0, 7) : `\`${name}\``
  const shared = await mergeBase(clone, head, goal.sha)
  if (shared === undefined) {
    const how = clone.shallow
      ? `as far as this shallow clone reaches; ${deeper}`
      : 'so there is nothing to compare with'
    return { missing: `git finds no commit that this change and ${called} share, ${how}` }
  }
  if (shared === head && around.isEvent) return itself
  // Of a commit that failed a second run must not find all known that the first one found new.
  return { base: { sha: shared, name }, from: { sha: shared, skip: shared === head } }
}

async function commitOf(clone: Clone, sha: string): Promise<{ sha: string } | Missing> {
  if (await isHere(clone, sha)) return { sha }
  const fetched = await fetchCommit(clone, sha)
  return fetched.ok ? { sha } : { missing: `the commit ${sha.slice(0, 7)} is not here (${fetched.reason}); ${deeper}` }
}

async function branchOf(
  clone: Clone,
  name: string,
  { github, repository }: Around,
): Promise<{ sha: string } | Missing> {
  const tip = await tipOf(name, undefined, { clone, github, repository })
  const sha = tip.ok ? tip.value.sha : await resolve(clone, `refs/remotes/origin/${name}`)
  if (sha === undefined)
    return { missing: `the branch \`${name}\` could not be had: ${tip.ok ? '' : tip.reason}; ${deeper}` }
  return commitOf(clone, sha)
}
