import { createHash } from 'node:crypto'
import { canonicalJson } from '../../base/json.js'
import type { Json } from '../../base/json.js'
import { json, notFound, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import { mapOf, textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { ancestors, filesOf } from '../graph.js'
import { apiOf } from '../shapes/addresses.js'
import { blobSha, treeSha } from '../shapes/commit.js'
import { gitCommitShape, refShape } from '../shapes/object.js'
import type { Commit, Repository, Tree } from '../state.js'
import { present } from '../world.js'

function createBlob({ world, repository, body }: Call): Answer {
  const given = textOf(body['content']) ?? ''
  const content = body['encoding'] === 'base64' ? Buffer.from(given, 'base64').toString() : given
  const sha = blobSha(content)
  repository.blobs[sha] = content
  return json(201, { sha, url: `${apiOf(world, repository)}/git/blobs/${sha}` })
}

/** The tree of a SHA: one that was made here, or that of a commit. */
function treeOf(repository: Repository, sha: string): Tree | undefined {
  if (Object.hasOwn(repository.trees, sha)) return repository.trees[sha]
  const commit = Object.values(repository.commits).find((one) => treeSha(filesOf(repository.commits, one.sha)) === sha)
  return commit && { files: filesOf(repository.commits, commit.sha), executable: [...(commit.executable ?? [])] }
}

function createTree({ world, repository, body }: Call): Answer {
  const from = textOf(body['base_tree'])
  const base = from === undefined ? { files: {}, executable: [] } : treeOf(repository, from)
  if (!base) return unprocessable('base_tree is not a valid tree oid')
  const tree: Tree = { files: { ...base.files }, executable: [...base.executable] }
  const entries = Array.isArray(body['tree']) ? body['tree'].map(mapOf) : []
  if (entries.length === 0) return unprocessable('Invalid tree info')
  for (const entry of entries) if (!lay(repository, tree, entry)) return unprocessable('tree.sha is not a valid blob')
  const sha = treeSha(tree.files)
  repository.trees[sha] = tree
  const shown = Object.entries(tree.files).map(([path, content]) => ({
    path,
    mode: tree.executable.includes(path) ? '100755' : '100644',
    type: 'blob',
    sha: blobSha(content),
    size: Buffer.byteLength(content),
    url: `${apiOf(world, repository)}/git/blobs/${blobSha(content)}`,
  }))
  return json(201, { sha, url: `${apiOf(world, repository)}/git/trees/${sha}`, truncated: false, tree: shown })
}

/** The content of a SHA: of a blob that was made here, or of a file in a commit. */
function contentOf({ blobs, commits }: Repository, sha: string): string | undefined {
  if (Object.hasOwn(blobs, sha)) return blobs[sha]
  for (const commit of Object.values(commits))
    for (const content of Object.values(commit.files ?? {})) if (blobSha(content) === sha) return content
  return undefined
}

/** Puts one entry into a tree, or takes it out (`sha: null`); false when it names a blob that is not there. */
function lay(repository: Repository, tree: Tree, entry: { readonly [key: string]: Json | undefined }): boolean {
  const path = textOf(entry['path']) ?? ''
  tree.executable = tree.executable.filter((one) => one !== path)
  if (entry['sha'] === null) {
    delete tree.files[path]
    return true
  }
  const content = textOf(entry['content']) ?? contentOf(repository, textOf(entry['sha']) ?? '')
  if (content === undefined) return false
  tree.files[path] = content
  if (entry['mode'] === '100755') tree.executable.push(path)
  return true
}

function createCommit({ world, repository, body }: Call): Answer {
  const tree = treeOf(repository, textOf(body['tree']) ?? '')
  if (!tree) return unprocessable('Tree SHA does not exist')
  const parents = (Array.isArray(body['parents']) ? body['parents'] : []).flatMap((one) => textOf(one) ?? [])
  if (parents.some((one) => !repository.commits[one]))
    return unprocessable('Parent SHA does not exist or is not a commit object')
  const message = textOf(body['message']) ?? ''
  const said = canonicalJson({ message, parents, files: tree.files, at: world.nextId() })
  const sha = createHash('sha1').update(said).digest('hex')
  const commit: Commit = { sha, parents, message, date: present(world), ...tree }
  repository.commits[sha] = commit
  return json(201, gitCommitShape(world, repository, commit))
}

function getCommit({ world, repository, params }: Call): Answer {
  const commit = repository.commits[params['commit_sha'] ?? '']
  return commit ? json(200, gitCommitShape(world, repository, commit)) : notFound()
}

/** Moves a branch; without `force` only forward. The pull requests of the branch move with it. */
function updateRef({ world, repository, params, body }: Call): Answer {
  const name = /^heads\/(.+)$/.exec(params['ref'] ?? '')?.[1] ?? ''
  const branch = Object.hasOwn(repository.branches, name) ? repository.branches[name] : undefined
  const sha = textOf(body['sha']) ?? ''
  if (!branch) return unprocessable('Reference does not exist')
  if (!repository.commits[sha]) return unprocessable('Object does not exist')
  if (branch.protected) return unprocessable('Protected branch update failed for refs/heads/' + name)
  if (body['force'] !== true && !ancestors(repository.commits, sha).has(branch.sha))
    return unprocessable('Update is not a fast forward')
  branch.sha = sha
  for (const { pulls } of Object.values(world.state.repositories))
    for (const { head } of Object.values(pulls))
      if (head.ref === name && head.repo === repository.full_name) head.sha = sha
  return json(200, refShape(world, repository, `refs/heads/${name}`, sha))
}

/** What commits are made of, and moving a branch to one. */
export const objects: readonly Endpoint[] = [
  { operation: 'git/create-blob', permission: 'contents=write', handle: createBlob },
  { operation: 'git/create-tree', permission: 'contents=write', handle: createTree },
  { operation: 'git/create-commit', permission: 'contents=write', handle: createCommit },
  { operation: 'git/get-commit', permission: 'contents=read', handle: getCommit },
  { operation: 'git/update-ref', permission: 'contents=write', handle: updateRef },
]
