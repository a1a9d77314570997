import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../../src/base/json.js'
import type { Event } from '../../src/trigger/event.js'
import { git } from './command.js'
import type { Scratch } from './scratch.js'

/** Files by path; null removes one. */
export type Edits = Readonly<Record<string, string | null>>
type Payload = { [key: string]: Json }

/** A pull request as GitHub makes it: `merge` is its head merged into `base`, the tip of `main` at that time. */
export interface Pull {
  base: string
  head: string
  merge: string
  event: Event
}

/** What actions/checkout is told: `ref` and `fetch-depth`. */
export interface Checkout {
  commit: string
  depth: number | 'full'
}

export type Origin = Awaited<ReturnType<typeof makeOrigin>>

export const repository = { full_name: 'org/shop', default_branch: 'main' }
const sender = { login: 'octo' }

/** A repository on disk that stands for GitHub's `org/shop`, with these files on `main`. */
export async function makeOrigin(scratch: Scratch, files: Edits) {
  const work = scratch.folderWith(undefined)
  const address = join(scratch.folderWith(undefined), 'org', 'shop.git')
  await git(work, 'init', '--quiet', '--initial-branch=main')
  mkdirSync(dirname(address))
  await git(work, 'init', '--quiet', '--bare', '--initial-branch=main', address)
  await git(work, 'remote', 'add', 'origin', address)

  const commit = async (edits: Edits): Promise<string> => {
    for (const [path, content] of Object.entries(edits)) {
      const at = join(work, path)
      if (content === null) rmSync(at)
      else {
        mkdirSync(dirname(at), { recursive: true })
        writeFileSync(at, content)
      }
    }
    await git(work, 'add', '--all')
    await git(work, 'commit', '--quiet', '--allow-empty', '--message=chore: edit')
    return (await git(work, 'rev-parse', 'HEAD')).trim()
  }
  const push = async (commit: string, ref: string): Promise<unknown> =>
    git(work, 'push', '--quiet', '--force', 'origin', `${commit}:${ref}`)
  const tip = async (branch: string): Promise<string> =>
    (await git(address, 'rev-parse', `refs/heads/${branch}`)).trim()

  await push(await commit(files), 'refs/heads/main')

  return {
    address,
    tip,
    commit,
    push,
    /** Commits to a branch and answers its new tip; `main` unless named, made from `main` when it is new. */
    async edit(edits: Edits, branch = 'main'): Promise<string> {
      const from = await tip(branch).catch(async () => tip('main'))
      await git(work, 'checkout', '--quiet', '--force', '--detach', from)
      const made = await commit(edits)
      await push(made, `refs/heads/${branch}`)
      return made
    },
    /** Puts so many empty commits on `main`, and answers its new tip. */
    async grow(commits: number): Promise<string> {
      let made = await tip('main')
      for (let i = 0; i < commits; i++)
        made = (await git(work, 'commit-tree', `${made}^{tree}`, '-p', made, '-m', `chore: ${i}`)).trim()
      await push(made, 'refs/heads/main')
      return made
    },
    /** Opens pull request 7 with what these commits do, the first made from the tip of `main`. */
    async pull(...commits: readonly Edits[]): Promise<Pull> {
      const base = await tip('main')
      await git(work, 'checkout', '--quiet', '--force', '--detach', base)
      let head = base
      for (const edits of commits) head = await commit(edits)
      await push(head, 'refs/pull/7/head')
      return this.mergeOf(head)
    },
    /** The pull request of a head as GitHub knows it now. */
    async mergeOf(head: string): Promise<Pull> {
      const base = await tip('main')
      await git(work, 'checkout', '--quiet', '--force', '--detach', base)
      await git(work, 'merge', '--quiet', '--no-ff', '--no-edit', head)
      const merge = (await git(work, 'rev-parse', 'HEAD')).trim()
      await push(merge, 'refs/pull/7/merge')
      return { base, head, merge, event: pullEvent({ base, head, merge }) }
    },
    /** A folder as actions/checkout leaves it, the head detached. */
    async checkOut({ commit, depth }: Checkout, address_ = address): Promise<string> {
      const folder = scratch.folderWith(undefined)
      await git(folder, 'init', '--quiet', '--initial-branch=main')
      await git(folder, 'remote', 'add', 'origin', `file://${address_}`)
      const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
      const what = depth === 'full' ? [...all, commit] : ['--no-tags', `--depth=${depth}`, commit]
      const [options, refs] = [what.filter((one) => one.startsWith('--')), what.filter((one) => !one.startsWith('--'))]
      await git(folder, 'fetch', '--quiet', ...options, 'origin', ...refs)
      await git(folder, 'checkout', '--quiet', '--detach', commit)
      return folder
    },
  }
}

function pullEvent({ base, head, merge }: Omit<Pull, 'event'>): Event {
  const payload: Payload = {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      merge_commit_sha: merge,
      head: { sha: head, ref: 'feature', repo: { full_name: 'org/shop' } },
      base: { sha: base, ref: 'main', repo: repository },
    },
    repository,
    sender,
  }
  return { name: 'pull_request', payload, sha: merge, ref: 'refs/pull/7/merge' }
}

/** A push of a commit to a branch or a tag. */
export const pushEvent = (ref: string, commit: string): Event => ({
  name: 'push',
  payload: { ref, before: '0'.repeat(40), after: commit, head_commit: { id: commit }, repository, sender },
  sha: commit,
  ref,
})

/** What a merge queue asks for. */
export const mergeGroupEvent = (base: string, head: string): Event => ({
  name: 'merge_group',
  payload: {
    merge_group: {
      head_sha: head,
      head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
      base_sha: base,
      base_ref: 'refs/heads/main',
    },
    repository,
    sender,
  },
  sha: head,
  ref: 'refs/heads/gh-readonly-queue/main/pr-7',
})

/** The remote of a clone is not there any more, as for a token that was not kept. */
export const cutOff = async (folder: string): Promise<unknown> =>
  git(folder, 'remote', 'set-url', 'origin', 'file:///nowhere/org/shop.git')
