import type { Json } from '../../base/json.js'
import { commitsBetween, mergeBase } from '../graph.js'
import type { Pull, Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { changesBetween } from './commit.js'
import { labelShape } from './label.js'
import { repositoryShape } from './repository.js'
import { userShape } from './user.js'

/** A `pull-request-simple`, as lists hold it. */
export function simplePull(world: World, repository: Repository, pull: Pull): { [key: string]: Json } {
  const { id, number, title, body, state, merged, draft, created_at } = pull
  const closed = state === 'closed' ? created_at : null
  const links = addressesOf(world, repository, pull)
  return {
    id,
    node_id: nodeId('PullRequest', id),
    ...links,
    diff_url: `${links.html_url}.diff`,
    patch_url: `${links.html_url}.patch`,
    number,
    state,
    locked: false,
    title,
    user: userShape(world, { login: pull.user, type: pull.user.endsWith('[bot]') ? 'Bot' : 'User' }),
    body,
    labels: (repository.issues[number]?.labels ?? []).map((name) => labelShape(world, repository, name)),
    milestone: null,
    created_at,
    updated_at: created_at,
    closed_at: closed,
    merged_at: merged ? closed : null,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: sideShape(world, world.state.repositories[pull.head.repo] ?? repository, pull.head),
    base: sideShape(world, repository, pull.base),
    _links: linksOf(links),
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    draft,
  }
}

type Addresses = { readonly [key in `${(typeof linked)[number]}_url`]: string } & { readonly url: string }
const linked = [
  'html',
  'issue',
  'comments',
  'review_comments',
  'review_comment',
  'commits',
  'statuses',
] as const satisfies readonly string[]

function addressesOf(world: World, repository: Repository, { number, head }: Pull): Addresses {
  const api = apiOf(world, repository)
  const url = `${api}/pulls/${number}`
  return {
    url,
    html_url: `${siteOf(world, repository)}/pull/${number}`,
    issue_url: `${api}/issues/${number}`,
    comments_url: `${api}/issues/${number}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${api}/statuses/${head.sha}`,
  }
}

const linksOf = (addresses: Addresses): { [key: string]: Json } => ({
  self: { href: addresses.url },
  ...Object.fromEntries(linked.map((name) => [name, { href: addresses[`${name}_url`] }])),
})

function sideShape(world: World, repository: Repository, side: { ref: string; sha: string }): Json {
  const owner = repository.full_name.split('/')[0] ?? ''
  return {
    label: `${owner}:${side.ref}`,
    ref: side.ref,
    sha: side.sha,
    user: userShape(world, { login: owner, type: 'User' }),
    repo: repositoryShape(world, repository),
  }
}

/** The files that a pull request changes. */
export const pullChanges = (repository: Repository, { head, base }: Pull): ReturnType<typeof changesBetween> =>
  changesBetween(repository, mergeBase(repository.commits, base.sha, head.sha), head.sha)

/** A `pull-request`. */
export function fullPull(world: World, repository: Repository, pull: Pull): { [key: string]: Json } {
  const { state, merged, number, base, head } = pull
  const changes = pullChanges(repository, pull)
  const sum = (key: 'additions' | 'deletions'): number => changes.reduce((total, change) => total + change[key], 0)
  return {
    ...simplePull(world, repository, pull),
    merged,
    mergeable: state === 'open' ? true : null,
    rebaseable: state === 'open' ? true : null,
    mergeable_state: state === 'open' ? 'clean' : 'unknown',
    merged_by: merged ? userShape(world, { login: 'octocat', type: 'User' }) : null,
    comments: (repository.comments[number] ?? []).length,
    review_comments: (repository.reviews[number] ?? []).flatMap(({ comments }) => comments).length,
    maintainer_can_modify: head.repo !== repository.full_name,
    commits: commitsBetween(repository.commits, base.sha, head.sha).length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: changes.length,
  }
}

/** The `pull-request-minimal`s of open pull requests whose head is this commit; GitHub names none that come from a fork. */
export function minimalPulls(world: World, repository: Repository, sha: string): Json[] {
  const repo = { id: repository.id, url: apiOf(world, repository), name: repository.full_name.split('/')[1] ?? '' }
  return Object.values(repository.pulls)
    .filter(({ head, state }) => head.sha === sha && head.repo === repository.full_name && state === 'open')
    .map(({ id, number, head, base }) => ({
      id,
      number,
      url: `${apiOf(world, repository)}/pulls/${number}`,
      head: { ref: head.ref, sha: head.sha, repo },
      base: { ref: base.ref, sha: base.sha, repo },
    }))
}
