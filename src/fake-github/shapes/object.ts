import type { Json } from '../../base/json.js'
import { filesOf } from '../graph.js'
import type { Commit, Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { treeSha } from './commit.js'

/** A `git-ref` that points to a commit. */
export function refShape(world: World, repository: Repository, ref: string, sha: string): Json {
  const api = apiOf(world, repository)
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${api}/git/${ref}`,
    object: { type: 'commit', sha, url: `${api}/git/commits/${sha}` },
  }
}

/** A `git-commit`. */
export function gitCommitShape(world: World, repository: Repository, commit: Commit): Json {
  const { sha, parents, message, date } = commit
  const api = apiOf(world, repository)
  const site = siteOf(world, repository)
  const person = { name: 'The Octocat', email: 'octocat@example.com', date }
  const tree = treeSha(filesOf(repository.commits, sha))
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: `${api}/git/commits/${sha}`,
    html_url: `${site}/commit/${sha}`,
    author: person,
    committer: person,
    message,
    tree: { sha: tree, url: `${api}/git/trees/${tree}` },
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/git/commits/${parent}`,
      html_url: `${site}/commit/${parent}`,
    })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  }
}
