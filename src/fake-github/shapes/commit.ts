import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/json.js'
import type { Json } from '../../base/json.js'
import { changedFiles } from '../diff.js'
import type { FileChange } from '../diff.js'
import { filesOf } from '../graph.js'
import type { Commit, Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { userShape } from './user.js'

/** The SHA that git gives a file of this content. */
export function blobSha(content: string): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** A SHA for the tree of these files, the same for the same files. */
export const treeSha = (files: { readonly [path: string]: string }): string =>
  createHash('sha1').update(canonicalJson(files)).digest('hex')

/** A `commit`, without the files that it changes. */
export function commitShape(world: World, repository: Repository, commit: Commit): { [key: string]: Json } {
  const { sha, parents, message, date } = commit
  const api = apiOf(world, repository)
  const site = siteOf(world, repository)
  const person = { name: 'The Octocat', email: 'octocat@example.com', date }
  const tree = treeSha(filesOf(repository.commits, sha))
  return {
    url: `${api}/commits/${sha}`,
    sha,
    node_id: nodeId('Commit', sha),
    html_url: `${site}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    commit: {
      url: `${api}/git/commits/${sha}`,
      author: person,
      committer: person,
      message,
      comment_count: 0,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
    },
    author: userShape(world, { login: 'octocat', type: 'User' }),
    committer: userShape(world, { login: 'octocat', type: 'User' }),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${site}/commit/${parent}`,
    })),
  }
}

/** The files that differ between two commits. */
export const changesBetween = (
  { commits }: Repository,
  before: string | undefined,
  after: string | undefined,
): FileChange[] => changedFiles(filesOf(commits, before), filesOf(commits, after))

/** A `diff-entry`; `sha` is the commit in which the file can be read. */
export function changeShape(world: World, repository: Repository, sha: string, change: FileChange): Json {
  const { path, status, additions, deletions, patch } = change
  const name = path.split('/').map(encodeURIComponent).join('/')
  const site = siteOf(world, repository)
  return {
    sha: blobSha(filesOf(repository.commits, sha)[path] ?? ''),
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${site}/blob/${sha}/${name}`,
    raw_url: `${site}/raw/${sha}/${name}`,
    contents_url: `${apiOf(world, repository)}/contents/${name}?ref=${sha}`,
    patch,
  }
}
