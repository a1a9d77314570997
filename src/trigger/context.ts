import type { Json } from '../base/json.js'
import type { EventName } from '../language/names.js'

/** Who asks for what: the same for an event on GitHub and for a call on a laptop. Everything in it may come from a stranger. */
export interface RunContext {
  /** `local` on a laptop without an event. */
  event: EventName | 'local'
  /** The event's payload as GitHub sent it; `{}` on a laptop. */
  payload: { [key: string]: Json }
  /** The commit that is judged, of a pull request its head; null outside a repository. */
  sha: string | null
  /** What `github.sha` names: of a pull request the merge commit that GitHub made for it. */
  merged: string | null
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`; null when detached on a laptop. */
  ref: string | null
  /** The commit that it is compared with, where one is known. */
  base: string | null
  /** A pull request's own branch and the one it goes to. */
  headRef: string | null
  baseRef: string | null
  actor: string | null
  /** `owner/name`. */
  repository: string | null
  /** The activity type, such as `opened`. */
  action: string | null
  /** Files differ from the commit; such a run is never deployed. */
  dirty: boolean
  pullRequest: number | null
  /** What runs comes from people who may not write here: a fork's pull request, or Dependabot's. */
  foreign: boolean
}
