import type { GitHub } from '../ports.js'
import { repositoryOf } from './checkout.js'
import { fetchCommit, isHere, resolve } from './clone.js'
import type { Clone, Told } from './clone.js'
import { tipOnGitHub } from './github.js'

/** Where commits of the repository are to be had: the clone, if there is one, and GitHub, if it may be asked. */
export interface Sources {
  clone: Clone | undefined
  github: GitHub | undefined
  /** `owner/name` of the repository whose rules judge. */
  repository: string | null
}

/** A commit, and what is to be said of how it was found. */
export interface Tip {
  sha: string
  note?: string
}

/**
 * A branch as it is now: from the remote, else from GitHub. Where neither answers, the commit that the event names (`known`) or that the
 * checkout fetched stands in for it, which is said.
 */
export async function tipOf(branch: string, known: string | undefined, sources: Sources): Promise<Told<Tip>> {
  const { clone, github } = sources
  const fetched = await fromOrigin(`refs/heads/${branch}`, sources)
  if (fetched.ok) return { ok: true, value: { sha: fetched.value } }
  const asked = github && (await tipOnGitHub(github, branch))
  if (asked?.ok) return { ok: true, value: { sha: asked.value } }
  const reason = [fetched, ...(asked ? [asked] : [])].map((one) => one.reason).join('; ')
  const sha = clone && (await standIn(clone, branch, known, sources))
  if (sha === undefined) return { ok: false, reason }
  const note = `the newest commit of ${branch} could not be had (${reason}); the rules are those of ${sha.slice(0, 7)}`
  return { ok: true, value: { sha, note } }
}

/** A commit of the base that an event names. */
export async function commitOf(sha: string, sources: Sources): Promise<Told<Tip>> {
  const { clone, github } = sources
  if (clone && (await isHere(clone, sha))) return { ok: true, value: { sha } }
  const fetched = await fromOrigin(sha, sources)
  // GitHub hands out a file of any commit by its name.
  return fetched.ok || github ? { ok: true, value: { sha } } : fetched
}

async function standIn(clone: Clone, branch: string, known: string | undefined, { repository }: Sources) {
  if (known !== undefined) return (await isHere(clone, known)) ? known : undefined
  return isCloneOf(repository, clone) ? resolve(clone, `refs/remotes/origin/${branch}`) : undefined
}

async function fromOrigin(what: string, { clone, repository }: Sources): Promise<Told<string>> {
  if (!clone) return { ok: false, reason: 'git: there is no repository here' }
  if (clone.origin === null) return { ok: false, reason: 'git: the repository has no remote `origin`' }
  if (!isCloneOf(repository, clone))
    return { ok: false, reason: `git: the checkout is of ${repositoryOf(clone.origin)}, not of ${repository}` }
  const fetched = await fetchCommit(clone, what)
  return fetched.ok ? fetched : { ok: false, reason: `git: ${fetched.reason}` }
}

/** An address of a host; everything else is a folder of this machine. */
const hosted = /^(?!file:)[a-z+]+:\/\/|^[^/:]+@[^/:]+:/i

/**
 * Whether the clone's remote is the repository whose rules judge: the `main` of a fork that was checked out says what a stranger likes.
 */
export const isCloneOf = (repository: string | null, { origin }: Clone): boolean =>
  repository === null ||
  origin === null ||
  !hosted.test(origin) ||
  repositoryOf(origin)?.toLowerCase() === repository.toLowerCase()
