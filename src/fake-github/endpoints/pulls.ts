import { json, notFound, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import type { Call, Endpoint } from '../call.js'
import { ancestors, resolveRef } from '../graph.js'
import { pageOf } from '../paging.js'
import { changeShape } from '../shapes/commit.js'
import { fullPull, pullChanges, simplePull } from '../shapes/pull.js'
import type { Pull, Repository } from '../state.js'

const find = ({ repository, params }: Call): Pull | undefined => repository.pulls[params['pull_number'] ?? '']

function get(call: Call): Answer {
  const pull = find(call)
  return pull ? json(200, fullPull(call.world, call.repository, pull)) : notFound()
}

/** The newest first, open ones unless `state` says otherwise; `head` is `user:branch`. */
function list(call: Call): Answer {
  const { repository, query, world } = call
  const state = query.get('state') ?? 'open'
  const found = Object.values(repository.pulls).filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (query.get('base') ?? pull.base.ref) === pull.base.ref &&
      (query.get('head') ?? labelOf(pull)) === labelOf(pull),
  )
  const oldestFirst = found.sort((a, b) => a.number - b.number)
  const ordered = query.get('direction') === 'asc' ? oldestFirst : oldestFirst.toReversed()
  const { items, headers } = pageOf(call, ordered)
  return json(
    200,
    items.map((pull) => simplePull(world, repository, pull)),
    headers,
  )
}

const labelOf = ({ head }: Pull): string => `${head.repo.split('/')[0] ?? ''}:${head.ref}`

function listFiles(call: Call): Answer {
  const pull = find(call)
  if (!pull) return notFound()
  const { items, headers } = pageOf(call, pullChanges(call.repository, pull))
  const shapes = items.map((change) => changeShape(call.world, call.repository, pull.head.sha, change))
  return json(200, shapes, headers)
}

/**
 * The pull requests of a commit, asked of the repository that has it in a branch: for the head of a fork GitHub answers an empty list when
 * the base repository is asked, and the pull request (of the base repository) when the fork is.
 */
function ofCommit(call: Call): Answer {
  const { repository, params, world } = call
  const sha = resolveRef(repository, params['commit_sha'] ?? '')
  if (sha === undefined) return unprocessable(`No commit found for SHA: ${params['commit_sha'] ?? ''}`)
  const found = Object.values(world.state.repositories).flatMap((base) =>
    Object.values(base.pulls)
      .filter((pull) => brings(base, pull, sha) && isHere(repository, base, pull, sha))
      .map((pull) => simplePull(world, base, pull)),
  )
  const { items, headers } = pageOf(call, found)
  return json(200, [...items], headers)
}

/** Whether a pull request that is open or merged brings this commit to its base. */
const brings = ({ commits }: Repository, { head, base, merged, state, merge_commit_sha: merge }: Pull, sha: string) =>
  (merged && sha === merge) ||
  ((merged || state === 'open') && ancestors(commits, head.sha).has(sha) && !ancestors(commits, base.sha).has(sha))

const isHere = ({ full_name: here }: Repository, base: Repository, { head, merged }: Pull, sha: string): boolean =>
  head.repo === here || (merged && base.full_name === here && base.commits[sha] !== undefined)

/** Pull requests. */
export const pulls: readonly Endpoint[] = [
  { operation: 'pulls/get', permission: 'pull_requests=read', handle: get },
  { operation: 'pulls/list', permission: 'pull_requests=read', handle: list },
  { operation: 'pulls/list-files', permission: 'pull_requests=read', handle: listFiles },
  {
    operation: 'repos/list-pull-requests-associated-with-commit',
    permission: 'pull_requests=read',
    handle: ofCommit,
  },
]
