import { createHash } from 'node:crypto'
import { resolveRef } from './graph.js'
import type { RepositorySeed } from './seed.js'
import type { Repository } from './state.js'
import { present } from './world.js'
import type { World } from './world.js'

/** What building needs of a world. */
export interface Ground extends Pick<World, 'now' | 'nextId'> {
  /** Reads a file that a seed names; `undefined` when there is none. */
  readonly readFile?: (path: string) => Uint8Array | undefined
}

/** A SHA for what the seed gives none: always the same for the same text. */
const shaOf = (text: string): string => createHash('sha1').update(text).digest('hex')

/** A repository with the commits, branches, tags and files of its seed. */
export function buildGit(name: string, seed: RepositorySeed, ground: Ground): Repository {
  const repository: Repository = {
    id: ground.nextId(),
    full_name: name,
    private: seed.private ?? false,
    default_branch: seed.default_branch ?? 'main',
    commits: {},
    branches: {},
    tags: { ...seed.tags },
    issues: {},
    pulls: {},
    comments: {},
    reviews: {},
    trees: {},
    blobs: {},
    checkRuns: {},
    statuses: {},
    uploads: [],
    runs: {},
    artifacts: {},
    created_at: present(ground),
  }
  addCommits(repository, seed, ground)
  addBranches(repository, seed, ground)
  for (const sha of Object.values(repository.tags)) ensureCommit(repository, sha, [], ground)
  for (const [ref, files] of Object.entries(seed.files ?? {})) addFiles(repository, ref, files, ground)
  return repository
}

function addCommits(repository: Repository, seed: RepositorySeed, ground: Ground): void {
  for (const [sha, commit] of Object.entries(seed.commits ?? {}))
    repository.commits[sha] = {
      sha,
      parents: [...(commit.parents ?? [])],
      message: commit.message ?? `Commit ${sha.slice(0, 7)}`,
      date: commit.date ?? present(ground),
      ...(commit.files ? { files: { ...commit.files } } : {}),
    }
}

/** Adds a commit unless it is there, and answers its SHA. */
export function ensureCommit(repository: Repository, sha: string, parents: readonly string[], ground: Ground): string {
  repository.commits[sha] ??= {
    sha,
    parents: [...parents],
    message: `Commit ${sha.slice(0, 7)}`,
    date: present(ground),
  }
  return sha
}

/** Adds a branch unless it is there, and answers its commit: the one given, else one that follows the default branch. */
export function ensureBranch(repository: Repository, name: string, sha: string | undefined, ground: Ground): string {
  const known = repository.branches[name]
  if (known) return known.sha
  const main = repository.branches[repository.default_branch]?.sha
  const tip = sha ?? shaOf(`${repository.full_name} ${name}`)
  ensureCommit(repository, tip, main === undefined ? [] : [main], ground)
  repository.branches[name] = { sha: tip, protected: false }
  return tip
}

/** The branches of the seed, the default one first, because others follow it. */
function addBranches(repository: Repository, seed: RepositorySeed, ground: Ground): void {
  const main = repository.default_branch
  const given = seed.branches ?? {}
  for (const name of [main, ...Object.keys(given).filter((each) => each !== main)]) {
    const each = given[name] ?? {}
    const { sha, protected: guarded = false } = typeof each === 'string' ? { sha: each } : each
    repository.branches[name] = { sha: ensureBranch(repository, name, sha, ground), protected: guarded }
  }
}

/** Files of a branch, a tag or a commit; a branch that is not there is made. */
function addFiles(repository: Repository, ref: string, files: { [path: string]: string }, ground: Ground): void {
  const known = resolveRef(repository, ref)
  const main = repository.branches[repository.default_branch]?.sha ?? ''
  const isSha = /^[0-9a-f]{40}$/.test(ref)
  const made = (): string =>
    isSha ? ensureCommit(repository, ref, [main], ground) : ensureBranch(repository, ref, undefined, ground)
  const commit = repository.commits[known ?? made()]
  if (commit) commit.files = { ...files }
}
