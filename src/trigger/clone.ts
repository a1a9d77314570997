import { resolve as absolute } from 'node:path'
import { stripControls, truncate } from '../base/text.js'
import type { Files, Git } from '../ports.js'

/** A clone, and what matters about it to whoever reads other commits than the one that is checked out. */
export interface Clone {
  git: Git
  folder: string
  /** The history is cut off somewhere. */
  shallow: boolean
  /** The folder's place in the repository: '' for its root, else with a `/` at its end. */
  prefix: string
  /** The commit that is checked out. */
  head: string
  /** The address of the remote; null without one. */
  origin: string | null
  /** The commit of the branch that was fetched last, as git wrote it down; nothing where that is not known without asking. */
  fetched?: () => string | undefined
}

/** What was asked for, or why it could not be had. */
export type Told<T> = { ok: true; value: T } | { ok: false; reason: string }

/** The clone that a folder belongs to; nothing outside of a repository, in one without commits, and without git. */
export async function openClone(git: Git, folder: string, files?: Files): Promise<Clone | undefined> {
  const record = files ? ['--git-path', 'FETCH_HEAD'] : []
  const [place, origin] = await Promise.all([
    git.run(folder, ['rev-parse', '--is-shallow-repository', '--show-prefix', 'HEAD', ...record]),
    git.run(folder, ['remote', 'get-url', 'origin']),
  ])
  const [shallow, prefix = '', head = '', path = ''] = place.stdout.split('\n')
  if (place.code !== 0) return undefined
  const address = origin.code === 0 ? origin.stdout.trim() : ''
  const clone = { git, folder, shallow: shallow === 'true', prefix, head, origin: address === '' ? null : address }
  return files && path !== '' ? { ...clone, fetched: () => fetchedIn(absolute(folder, path), files) } : clone
}

/** The first commit that the last fetch wrote down. */
const fetchedIn = (path: string, files: Files): string | undefined =>
  /^(?:[0-9a-f]{40}|[0-9a-f]{64})(?=\t)/.exec(files.readText(path) ?? '')?.[0]

/** Standing still for half a minute ends a transfer; questions are not asked, nothing but FETCH_HEAD and objects is written. */
const settings = ['http.lowSpeedLimit=1000', 'http.lowSpeedTime=30', 'credential.interactive=false']
const fetching = [
  ...settings.flatMap((setting) => ['-c', setting]),
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-auto-gc',
  '--no-prune',
  '--refmap=',
]

async function fetchFrom({ git, folder }: Clone, ...args: readonly string[]): Promise<Told<string>> {
  const { code, stderr } = await git.run(folder, [...fetching, ...args])
  return code === 0 ? { ok: true, value: '' } : { ok: false, reason: fatalOf(stderr) }
}

/** What git says last, without what an address may tell of a password. */
function fatalOf(stderr: string): string {
  const lines = stripControls(stderr)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const line = lines.find((text) => text.startsWith('fatal:')) ?? lines.at(-1) ?? 'git fetch failed'
  return truncate(line.replace(/^fatal: /, '').replaceAll(/\/\/[^/@\s]*@/g, '//'), 200)
}

const ask = async ({ git, folder }: Clone, ...args: readonly string[]): Promise<string | undefined> => {
  const { code, stdout } = await git.run(folder, args)
  return code === 0 ? stdout.trim() : undefined
}

/** Whether a commit is in the clone. */
export const isHere = async (clone: Clone, sha: string): Promise<boolean> =>
  (await ask(clone, 'cat-file', '-e', `${sha}^{commit}`)) !== undefined

/** The commit that a name stands for in the clone. */
export const resolve = (clone: Clone, name: string): Promise<string | undefined> =>
  ask(clone, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)

/**
 * Gets a commit from the remote: that of a ref as it is now, or one by its name. A full clone stays full. In a shallow one its history
 * stays away, and nothing that is here is cut off.
 */
export async function fetchCommit(clone: Clone, what: string): Promise<Told<string>> {
  const isRef = what.startsWith('refs/')
  if (!isRef && (await isHere(clone, what))) return { ok: true, value: what }
  const named = clone.shallow && isRef && (await hasHistory(clone)) ? await remoteCommit(clone, what) : undefined
  if (named && (!named.ok || (await isHere(clone, named.value)))) return named
  const wanted = named?.value ?? what
  const fetched = await fetchFrom(clone, ...(clone.shallow ? ['--depth=1'] : []), 'origin', wanted)
  if (!fetched.ok) return fetched
  // Of a branch what is written down is the commit; of a tag it may be the tag itself.
  const written = what.startsWith('refs/heads/') ? clone.fetched?.() : undefined
  const sha = written ?? (await resolve(clone, 'FETCH_HEAD'))
  return sha === undefined ? { ok: false, reason: `git fetched no commit of ${what}` } : { ok: true, value: sha }
}

/** Whether any commit here has its parent here: `--depth=1` of a commit that is here would cut that off. */
const hasHistory = async (clone: Clone): Promise<boolean> =>
  (await ask(clone, 'rev-list', '--all', 'HEAD', '--min-parents=1', '--max-count=1')) !== ''

async function remoteCommit({ git, folder }: Clone, ref: string): Promise<Told<string>> {
  const { code, stdout, stderr } = await git.run(folder, ['ls-remote', '--exit-code', 'origin', ref])
  const line = stdout.split('\n').find((text) => text.endsWith(`\t${ref}`))
  const sha = code === 0 ? line?.split('\t')[0] : undefined
  return sha === undefined ? { ok: false, reason: fatalOf(stderr || `there is no ${ref}`) } : { ok: true, value: sha }
}

/** How far a shallow history is deepened before all of it is fetched. */
const depths = ['--deepen=50', '--deepen=250', '--deepen=1000', '--unshallow']

/**
 * Looks for something in the histories of commits, deepening a shallow clone step by step until it is found. `whole`: all of the
 * histories was looked through.
 */
export async function searchDeepened<T>(
  clone: Clone,
  commits: readonly string[],
  look: () => Promise<T | undefined>,
): Promise<{ found: T | undefined; whole: boolean }> {
  let found = await look()
  if (found !== undefined || !clone.shallow) return { found, whole: true }
  for (const depth of depths) {
    if (!(await fetchFrom(clone, depth, 'origin', ...commits)).ok) return { found: undefined, whole: false }
    found = await look()
    const whole = (await ask(clone, 'rev-parse', '--is-shallow-repository')) === 'false'
    if (found !== undefined || whole) return { found, whole }
  }
  return { found, whole: true }
}

/** The newest commit that both histories share, as far as the clone holds them. */
export const sharedCommit = (clone: Clone, a: string, b: string): Promise<string | undefined> =>
  ask(clone, 'merge-base', a, b)

/** The newest commit that both histories share; a shallow clone is deepened until one is found. */
export async function mergeBase(clone: Clone, a: string, b: string): Promise<string | undefined> {
  return (await searchDeepened(clone, [a, b], () => sharedCommit(clone, a, b))).found
}

/** Whether `commit` lies in the history of `tip`, as far as the clone can tell without asking the remote. */
export async function liesOn(clone: Clone, commit: string, tip: string): Promise<boolean | undefined> {
  const { code } = await clone.git.run(clone.folder, ['merge-base', '--is-ancestor', commit, tip])
  return code === 0 ? true : code === 1 && !clone.shallow ? false : undefined
}

/** The same; a shallow clone is deepened until it is known. */
export async function liesOnDeepened(clone: Clone, commit: string, tip: string): Promise<boolean | undefined> {
  const { found, whole } = await searchDeepened(clone, [commit, tip], async () =>
    (await liesOn(clone, commit, tip)) === true ? true : undefined,
  )
  return found ?? (whole ? false : undefined)
}
