import type { Json } from '../../base/json.js'
import type { Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { userShape } from './user.js'

/** The addresses of a repository in the API, as suffixes. */
const addresses: { readonly [key: string]: string } = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

/** A `minimal-repository`, and all that other forms of a repository share with it. */
export function minimalRepository(world: World, repository: Repository): { [key: string]: Json } {
  const { id, full_name, fork_of } = repository
  const [owner = '', name = ''] = full_name.split('/')
  const api = apiOf(world, repository)
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name,
    owner: userShape(world, { login: owner, type: 'User' }),
    private: repository.private,
    html_url: siteOf(world, repository),
    description: null,
    fork: fork_of !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(addresses).map(([key, suffix]) => [key, `${api}${suffix}`])),
  }
}

/** A `repository`, as pull requests hold it. */
export function repositoryShape(world: World, repository: Repository): { [key: string]: Json } {
  const { full_name, default_branch, created_at } = repository
  const site = siteOf(world, repository)
  return {
    ...minimalRepository(world, repository),
    git_url: `${site}.git`,
    ssh_url: `git@${new URL(world.site).hostname}:${full_name}.git`,
    clone_url: `${site}.git`,
    svn_url: site,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch,
    open_issues: 0,
    open_issues_count: 0,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: created_at,
    created_at,
    updated_at: created_at,
  }
}

/** A `full-repository`. */
export const fullRepository = (world: World, repository: Repository): { [key: string]: Json } => ({
  ...repositoryShape(world, repository),
  subscribers_count: 0,
  network_count: 0,
})
