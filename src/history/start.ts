import type { Event } from '../trigger/event.js'
import { textAt } from '../trigger/event.js'
import { shortRef } from '../trigger/target.js'
import { commitAt } from '../trigger/whose.js'

/** From where a run's change starts, before git was asked. */
export type Start =
  /** Where its history left that of a commit. */
  | { of: 'commit'; sha: string; name: string | null }
  /** Where its history left that of a branch as it is now. */
  | { of: 'branch'; name: string }
  /** The run is of the branch that changes go to: it is compared with what that was before. */
  | { of: 'itself' }

/** What is known of the run when it starts. */
interface Asked {
  event: Event | undefined
  /** The commit whose rules judge, or on a laptop the one that was asked for or found. */
  base: { sha: string; name: string | null } | null
}

/** What a run is compared with, by its event: a push to the default branch with what that branch was before, all else with its base. */
export function startOf({ event, base }: Asked): Start {
  if (base) return { of: 'commit', ...base }
  const named = event && baseNamed(event)
  if (named) return { of: 'commit', ...named }
  const branch = event && textAt(event.payload, 'repository', 'default_branch')
  if (event?.name !== 'push' || !branch || isDefaultPush(event)) return { of: 'itself' }
  return { of: 'branch', name: branch }
}

/** The base that a pull request or a merge queue names itself. */
function baseNamed({ name, payload }: Event): { sha: string; name: string | null } | undefined {
  const own = payload[name] ?? null
  const sha =
    name === 'merge_group' ? textAt(own, 'base_sha') : name === 'pull_request' ? textAt(own, 'base', 'sha') : null
  const branch = name === 'merge_group' ? shortRef(textAt(own, 'base_ref'), 'heads') : textAt(own, 'base', 'ref')
  const commit = commitAt(sha)
  return commit === null ? undefined : { sha: commit, name: branch }
}

/** Whether an event is a push to the repository's default branch. */
export function isDefaultPush({ name, payload, ref }: Event): boolean {
  const own = shortRef(ref ?? textAt(payload, 'ref'), 'heads')
  return name === 'push' && own !== null && own === textAt(payload, 'repository', 'default_branch')
}
