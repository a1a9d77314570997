import type { Event } from './event.js'
import { textAt } from './event.js'
import { shortRef } from './target.js'

/** The commit whose rules judge, by the kind of event. */
export type Whose =
  | { of: 'own' }
  /** The branch as it is now. */
  | {
      of: 'branch'
      /** Null where the event does not tell. */
      branch: string | null
      /** A commit of it that the event names, for where its tip cannot be had. */
      known?: string
      /** The commit that GitHub gave the job, where that is the branch's own. */
      given?: string
      /** The tag that was pushed, which has to lie on the branch, or on a protected one. */
      tag?: Tag
    }
  | { of: 'commit'; sha: string | null; branch: string | null }

export interface Tag {
  name: string
  commit: string
}

/**
 * Whose rules judge: of a pull request those of the branch that it goes to, of a merge group those of its base, of a push to a branch
 * its own, of everything else, tags too, those of the default branch.
 */
export function whoseRules(event: Event): Whose {
  const { name, payload } = event
  if (name === 'pull_request') {
    const known = commitAt(textAt(payload, 'pull_request', 'base', 'sha'))
    return {
      of: 'branch',
      branch: branchAt(textAt(payload, 'pull_request', 'base', 'ref')),
      ...(known ? { known } : {}),
    }
  }
  if (name === 'merge_group') {
    const branch = branchAt(textAt(payload, 'merge_group', 'base_ref')?.replace(/^refs\/heads\//, '') ?? null)
    return { of: 'commit', sha: commitAt(textAt(payload, 'merge_group', 'base_sha')), branch }
  }
  if (name !== 'push') return defaultBranch(event)
  const tag = shortRef(event.ref ?? textAt(payload, 'ref'), 'tags')
  // Of an annotated tag `after` is the tag itself, not its commit.
  const commit = commitAt(textAt(payload, 'head_commit', 'id') ?? event.sha ?? textAt(payload, 'after'))
  if (tag === null) return { of: 'own' }
  return { ...defaultBranch(event), ...(commit === null ? {} : { tag: { name: tag, commit } }) }
}

/** These run for the default branch alone, so their ref is its name where the payload does not tell it. */
const ofDefaultBranch = new Set(['schedule', 'issue_comment', 'repository_dispatch', 'workflow_run'])

function defaultBranch({ name, payload, sha, ref }: Event): Extract<Whose, { of: 'branch' }> {
  const own = shortRef(ref ?? null, 'heads')
  const told = textAt(payload, 'repository', 'default_branch') ?? (ofDefaultBranch.has(name) ? own : null)
  const branch = branchAt(told)
  const given = branch !== null && own === branch && sha !== undefined ? { given: sha } : {}
  return { of: 'branch', branch, ...given }
}

/** A name that git lets a branch have; anything else could mean something to `git fetch`. */
const branchAt = (text: string | null): string | null =>
  text !== null && /^[^\s~^:?*[\\\u0000-\u001F\u007F]+$/.test(text) && !/\.\.|@\{/.test(text) ? text : null

/** The full name of a commit; null for anything else, and for the zeros that stand for none. */
export const commitAt = (text: string | null): string | null =>
  text !== null && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text) ? text : null
