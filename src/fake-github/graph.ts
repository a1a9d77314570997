import type { Commit, Repository } from './state.js'

/** The commits of a repository and how they descend from each other. */

/** The SHA that a branch, a tag, a full or short reference or a SHA (seven characters at least) names. */
export function resolveRef(repository: Repository, ref: string): string | undefined {
  const { branches, tags, commits } = repository
  const own = <T>(map: { [key: string]: T }, key: string): T | undefined =>
    Object.hasOwn(map, key) ? map[key] : undefined
  const name = ref.replace(/^refs\//, '')
  const pull = /^pull\/(\d+)\/(head|merge)$/.exec(name)
  if (pull) return pullRef(repository, pull[1] ?? '', pull[2] === 'head')
  const short = (): string | undefined =>
    /^[0-9a-f]{7,40}$/.test(ref) ? Object.keys(commits).find((sha) => sha.startsWith(ref)) : undefined
  return (
    own(branches, name.replace(/^heads\//, ''))?.sha ??
    own(tags, name.replace(/^tags\//, '')) ??
    own(commits, ref)?.sha ??
    short()
  )
}

function pullRef({ pulls }: Repository, number: string, head: boolean): string | undefined {
  const pull = pulls[number]
  return head ? pull?.head.sha : pull?.merge_commit_sha
}

/** A commit and all its ancestors, nearest first. */
export function ancestors(commits: Repository['commits'], sha: string): Map<string, Commit> {
  const found = new Map<string, Commit>()
  const queue = [sha]
  for (const next of queue) {
    const commit = found.has(next) ? undefined : commits[next]
    if (!commit) continue
    found.set(next, commit)
    queue.push(...commit.parents)
  }
  return found
}

/** The nearest common ancestor. */
export function mergeBase(commits: Repository['commits'], a: string, b: string): string | undefined {
  const ofA = ancestors(commits, a)
  return [...ancestors(commits, b).keys()].find((sha) => ofA.has(sha))
}

/** The commits that `head` has and `base` has not, oldest first. */
export function commitsBetween(commits: Repository['commits'], base: string, head: string): Commit[] {
  const known = ancestors(commits, base)
  return [...ancestors(commits, head).values()].filter(({ sha }) => !known.has(sha)).reverse()
}

/** The files of a commit by path. */
export function filesOf(commits: Repository['commits'], sha: string | undefined): { readonly [path: string]: string } {
  for (let commit = commits[sha ?? '']; commit; commit = commits[commit.parents[0] ?? ''])
    if (commit.files) return commit.files
  return {}
}

/** The files of a merge: those of `base`, with what `head` changed since the two parted. */
export function mergedFiles(commits: Repository['commits'], base: string, head: string): { [path: string]: string } {
  const from = filesOf(commits, mergeBase(commits, base, head))
  const theirs = filesOf(commits, head)
  const files = { ...filesOf(commits, base) }
  for (const path of new Set([...Object.keys(from), ...Object.keys(theirs)])) {
    const content = theirs[path]
    if (content === from[path]) continue
    if (content === undefined) delete files[path]
    else files[path] = content
  }
  return files
}
