import type { Json } from '../base/json.js'
import type { EventName } from '../language/names.js'
import type { RunContext } from './context.js'

type Payload = { [key: string]: Json }

/**
 * Which event a payload belongs to, by the members that only this event has; the first that fits. GitHub names the event outside of
 * the payload, so a bare file needs this.
 */
const signs: readonly (readonly [EventName, (p: Payload) => boolean])[] = [
  ['merge_group', (p) => has(p, 'merge_group')],
  ['workflow_run', (p) => has(p, 'workflow_run')],
  ['release', (p) => has(p, 'release')],
  ['repository_dispatch', (p) => has(p, 'client_payload')],
  ['issue_comment', (p) => has(p, 'comment') && has(p, 'issue')],
  ['pull_request', (p) => has(p, 'pull_request')],
  ['schedule', (p) => typeof p['schedule'] === 'string'],
  ['workflow_dispatch', (p) => 'inputs' in p && 'workflow' in p],
  ['push', (p) => typeof p['ref'] === 'string' && 'after' in p],
]

const has = (p: Payload, key: string): boolean => typeof p[key] === 'object' && p[key] !== null

export const detectEvent = (payload: Payload): EventName | undefined => signs.find(([, fits]) => fits(payload))?.[0]

/** A member of the payload by path, when it is a text. */
export function textAt(value: Json, ...path: string[]): string | null {
  let at: Json | undefined = value
  for (const key of path)
    at = typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, key) ? at[key] : undefined
  return typeof at === 'string' ? at : null
}

type Facts = Pick<
  RunContext,
  'sha' | 'merged' | 'ref' | 'base' | 'headRef' | 'baseRef' | 'action' | 'pullRequest' | 'foreign'
>
const zero = /^0+$/

/** What each event says of commits and refs, where GitHub puts it. `null` is answered from git. */
const readers: Record<EventName, (p: Payload) => Partial<Facts>> = {
  pull_request: (p) => ({
    sha: textAt(p, 'pull_request', 'head', 'sha'),
    merged: textAt(p, 'pull_request', 'merge_commit_sha'),
    ref: typeof p['number'] === 'number' ? `refs/pull/${p['number']}/merge` : null,
    base: textAt(p, 'pull_request', 'base', 'sha'),
    headRef: textAt(p, 'pull_request', 'head', 'ref'),
    baseRef: textAt(p, 'pull_request', 'base', 'ref'),
    pullRequest: typeof p['number'] === 'number' ? p['number'] : null,
    foreign: isForeign(p),
  }),
  merge_group: (p) => ({
    sha: textAt(p, 'merge_group', 'head_sha'),
    ref: textAt(p, 'merge_group', 'head_ref'),
    base: textAt(p, 'merge_group', 'base_sha'),
    baseRef: textAt(p, 'merge_group', 'base_ref')?.replace(/^refs\/heads\//, '') ?? null,
  }),
  push: (p) => {
    // Zeros stand for "none": a branch that was made has no commit before, one that was deleted none after.
    const commit = (name: string): string | null => {
      const sha = textAt(p, name)
      return sha && !zero.test(sha) ? sha : null
    }
    return { sha: commit('after'), ref: textAt(p, 'ref'), base: commit('before') }
  },
  schedule: () => ({}),
  workflow_dispatch: (p) => ({ ref: textAt(p, 'ref') }),
  issue_comment: () => ({}),
  repository_dispatch: (p) => ({ ref: refOf(textAt(p, 'branch')), action: textAt(p, 'action') }),
  workflow_run: (p) => ({
    sha: textAt(p, 'workflow_run', 'head_sha'),
    ref: refOf(textAt(p, 'workflow_run', 'head_branch')),
  }),
  release: (p) => {
    const tag = textAt(p, 'release', 'tag_name')
    return { ref: tag === null ? null : `refs/tags/${tag}` }
  },
}

/** A fork's pull request, one whose fork is gone, or Dependabot's: GitHub gives them no secrets and a token that only reads. */
const isForeign = (p: Payload): boolean =>
  textAt(p, 'pull_request', 'head', 'repo', 'full_name') !== textAt(p, 'repository', 'full_name') ||
  textAt(p, 'sender', 'login') === 'dependabot[bot]'

const refOf = (branch: string | null): string | null => (branch === null ? null : `refs/heads/${branch}`)

/** An event; on a runner with the commit and the ref that GitHub gave the job. */
export interface Event {
  name: EventName
  payload: Payload
  sha?: string
  ref?: string
}

/** Whether an event tells by itself what its commit is compared with. */
export const namesBase = ({ name, payload }: Event): boolean => typeof readers[name](payload).base === 'string'

/** Whether an event tells by itself who caused it, and in which repository. */
export const namesActor = ({ payload }: Event): boolean => actorOf(payload) !== null && repositoryIn(payload) !== null

const actorOf = (p: Payload): string | null => textAt(p, 'sender', 'login')
const repositoryIn = (p: Payload): string | null => textAt(p, 'repository', 'full_name')

/** The context that an event gives; what it does not say comes from `git`, the state of the checkout. */
export function contextOfEvent({ name: event, payload, ...given }: Event, git: RunContext): RunContext {
  const facts = readers[event](payload)
  const sha = facts.sha ?? given.sha ?? git.sha
  return {
    ...git,
    event,
    payload,
    sha,
    merged: given.sha ?? facts.merged ?? sha,
    ref: given.ref ?? facts.ref ?? git.ref,
    base: facts.base ?? git.base,
    headRef: facts.headRef ?? null,
    baseRef: facts.baseRef ?? null,
    actor: actorOf(payload) ?? git.actor,
    repository: repositoryIn(payload) ?? git.repository,
    action: facts.action ?? textAt(payload, 'action'),
    pullRequest: facts.pullRequest ?? null,
    foreign: facts.foreign ?? false,
  }
}
