import { createHash } from 'node:crypto'
import { buildGit, ensureBranch, ensureCommit } from './build-repository.js'
import type { Ground } from './build-repository.js'
import { mergedFiles } from './graph.js'
import type { PullSeed } from './seed.js'
import type { Pull, Repository, State } from './state.js'
import { present } from './world.js'

/** Adds a pull request, with the branch, the fork and the merge commit that it needs. */
export function addPull(all: State['repositories'], repository: Repository, seed: PullSeed, ground: Ground): void {
  const number = seed.number ?? Math.max(0, ...Object.keys(repository.issues).map(Number)) + 1
  const ref = seed.head?.ref ?? `branch-${number}`
  const base = seed.base?.ref ?? repository.default_branch
  const baseSha = ensureBranch(repository, base, undefined, ground)
  const home = forkFor(all, repository, seed.head?.repo, ground)
  const headSha = headOf(home, ref, seed.head?.sha, ground)
  const merged = seed.merged ?? false
  const pull: Pull = {
    id: ground.nextId(),
    number,
    title: seed.title ?? `Change ${number}`,
    body: seed.body ?? null,
    state: merged ? 'closed' : (seed.state ?? 'open'),
    merged,
    draft: seed.draft ?? false,
    user: seed.user ?? (home === repository ? 'octocat' : (home.full_name.split('/')[0] ?? '')),
    head: { ref, sha: headSha, repo: home.full_name },
    base: { ref: base, sha: baseSha },
    merge_commit_sha: seed.merge_commit_sha ?? createHash('sha1').update(`${baseSha} ${headSha}`).digest('hex'),
    created_at: present(ground),
  }
  repository.pulls[number] = pull
  repository.issues[number] = { title: pull.title, labels: [...(seed.labels ?? [])] }
  const known = repository.commits[pull.merge_commit_sha] !== undefined
  ensureCommit(repository, pull.merge_commit_sha, [baseSha, headSha], ground)
  const merge = repository.commits[pull.merge_commit_sha]
  if (merge && !known) merge.files = mergedFiles(repository.commits, baseSha, headSha)
}

/** The repository that the head branch is in: the same one, or a fork, made if it is not there. A fork shares the commits of its origin. */
function forkFor(
  all: State['repositories'],
  repository: Repository,
  name: string | undefined,
  ground: Ground,
): Repository {
  if (name === undefined || name === repository.full_name) return repository
  const { private: hidden, default_branch, branches, commits } = repository
  const fork = all[name] ?? buildGit(name, { private: hidden, default_branch, branches }, ground)
  if (fork.fork_of === undefined) {
    for (const [sha, commit] of Object.entries(fork.commits)) commits[sha] ??= commit
    fork.fork_of = repository.full_name
    fork.commits = commits
  }
  all[name] = fork
  return fork
}

function headOf(home: Repository, ref: string, sha: string | undefined, ground: Ground): string {
  if (sha === undefined) return ensureBranch(home, ref, undefined, ground)
  const tip = ensureBranch(home, ref, sha, ground)
  if (tip !== sha) {
    ensureCommit(home, sha, [tip], ground)
    home.branches[ref] = { sha, protected: false }
  }
  return sha
}
