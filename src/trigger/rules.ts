import { posix } from 'node:path'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import type { Files, Git, GitHub } from '../ports.js'
import { fileAt, nameBeforeRename } from './base-file.js'
import type { BaseFile } from './base-file.js'
import type { LocalBase } from './checkout.js'
import { mergeBase, openClone, sharedCommit } from './clone.js'
import type { Clone, Told } from './clone.js'
import { textAt } from './event.js'
import type { Event } from './event.js'
import { compareOnGitHub } from './github.js'
import { checkTag } from './tag.js'
import { commitOf, tipOf } from './tip.js'
import type { Sources, Tip } from './tip.js'
import { commitAt, whoseRules } from './whose.js'
import type { Whose } from './whose.js'

/** For which run the rules are asked. */
export interface RulesQuestion {
  folder: string
  /** The workflow file from the folder, with slashes: as it is called, and as it is called where links lead. */
  paths: readonly string[]
  /** Where workflow files usually are, when the change has none there: it may be the one that it renamed. */
  gone?: string
  event?: Event
  /** Somebody asks for the file as it stands. */
  own?: boolean
  /** Without an event: the commit to compare with, if there is one. */
  base: Promise<LocalBase | null>
}

/** Whose rules judge: the change's own, or those of a commit before it. */
export type FoundRules = { of: 'own' | 'asked'; notes: string[] } | BaseRules

export interface BaseRules {
  of: 'base'
  sha: string
  /** The branch, or what the base was asked for by. */
  name: string | null
  /** Null: the base has no workflow file yet. */
  file: BaseFile | null
  /** Where the change left the base, as far as that costs nothing. */
  mergeBase: string | null
  /** Whether the rules may be those of the commit that is checked out: nothing is asked to be merged. */
  mayBeOwn: boolean
  notes: string[]
  /** The workflow file as it was where the change left the base, when that is another commit than the base. */
  fork(): Promise<string | undefined>
}

const own: FoundRules = { of: 'own', notes: [] }

/** Finds out whose rules judge, and their file. A base that an event demands and that cannot be had is a mistake, not a way out. */
export async function findRules(
  ask: RulesQuestion,
  { git, files, github }: { git: Git; files: Files; github?: GitHub | undefined },
): Promise<Result<FoundRules, Diagnostic>> {
  const { event, folder } = ask
  if (!event) return ask.own ? ok({ of: 'asked', notes: [] }) : localRules(ask, git)
  if (ask.own)
    return fail(
      error('own-rules', `\`--own-rules\` is for runs without an event: \`${event.name}\` says whose rules judge`),
    )
  const whose = whoseRules(event)
  if (whose.of === 'own') return ok(own)
  const clone = await openClone(git, folder, files)
  const paths = clone ? inside(ask.paths, clone) : ask.paths
  if (!paths.length) return ok(own)
  const sources = { clone, github, repository: textAt(event.payload, 'repository', 'full_name') }
  return rulesOf(whose, { ...ask, paths, event }, sources)
}

async function rulesOf(
  whose: Exclude<Whose, { of: 'own' }>,
  ask: RulesQuestion & { event: Event },
  sources: Sources,
): Promise<Result<BaseRules, Diagnostic>> {
  const { clone } = sources
  const name = whose.branch
  const tip = await baseOf(whose, ask.event, sources)
  if (!tip.ok) return fail(noBase(name, tip.reason))
  const { sha, note } = tip.value
  const head = commitAt(textAt(ask.event.payload, 'pull_request', 'head', 'sha'))
  const [file, shared, wrong] = await Promise.all([
    findFile(sha, ask, { place: clone, github: githubOf(sources), whole: async () => clone }),
    clone && !clone.shallow && head !== null ? (head === sha ? sha : sharedCommit(clone, head, sha)) : undefined,
    whose.of === 'branch' && whose.tag ? checkTag(whose.tag, { name: name ?? '', tip: sha }, sources) : undefined,
  ])
  if (wrong) return fail(wrong)
  if (!file.ok) return fail(noBase(name, file.reason))
  const found = file.value
  return ok({
    of: 'base',
    sha,
    name,
    file: found,
    mergeBase: shared ?? null,
    mayBeOwn: whose.of === 'branch' && ask.event.name !== 'pull_request' && !whose.tag,
    notes: [...(note === undefined ? [] : [note]), ...renamed(found, ask.paths, name)],
    fork: async () => (found && whose.of === 'branch' ? forkText(found.path, sha, sources) : undefined),
  })
}

async function baseOf(whose: Exclude<Whose, { of: 'own' }>, event: Event, sources: Sources): Promise<Told<Tip>> {
  if (whose.of === 'commit')
    return whose.sha === null
      ? { ok: false, reason: `the event \`${event.name}\` names no commit to compare with` }
      : commitOf(whose.sha, sources)
  if (whose.branch === null) return { ok: false, reason: `the event \`${event.name}\` names no branch to compare with` }
  // What is checked out is the branch as GitHub gave it to the job.
  if (whose.given !== undefined && whose.given === sources.clone?.head) return { ok: true, value: { sha: whose.given } }
  return tipOf(whose.branch, whose.known, sources)
}

/** What is said where a base is demanded and cannot be had. */
export const noBase = (name: string | null, reason: string): Diagnostic =>
  error(
    'no-base',
    `the rules of ${name === null ? 'the base' : `\`${name}\``} cannot be had, and a change is not judged by its own: ${reason}`,
    {
      hint:
        'let `actions/checkout` keep its credentials or check out the whole history (`fetch-depth: 0`), ' +
        'or give the job `permissions: contents: read` and the action its token',
    },
  )

/** The paths that lie in the repository. */
const inside = (paths: readonly string[], { prefix }: Clone): string[] =>
  paths.filter((path) => !posix.join(prefix, path).startsWith('../') && !posix.isAbsolute(path))

/** Without an event, the rules are those of the commit that the change is compared with, and its own where there is none. */
async function localRules(ask: RulesQuestion, git: Git): Promise<Result<FoundRules, Diagnostic>> {
  const base = await ask.base
  if (!base) return ok(own)
  const isOut = ask.paths.some((path) => path.startsWith('../') || posix.isAbsolute(path))
  const clone = isOut ? await openClone(git, ask.folder) : undefined
  const paths = clone ? inside(ask.paths, clone) : ask.paths
  if (!paths.length) return ok(own)
  const place = { git, folder: ask.folder }
  const file = await findFile(base.sha, { ...ask, paths }, { place, whole: () => openClone(git, ask.folder) })
  // Nobody demands a base here; that there is one which cannot be read is said.
  if (!file.ok) return ok({ of: 'own', notes: [`the rules of ${base.name ?? base.sha} cannot be had: ${file.reason}`] })
  return ok({
    of: 'base',
    ...base,
    file: file.value,
    mergeBase: null,
    mayBeOwn: true,
    notes: renamed(file.value, paths, base.name),
    fork: async () => undefined,
  })
}

/** Where files of other commits are to be had. */
interface Places {
  place: Pick<Clone, 'git' | 'folder'> | undefined
  github?: { port: GitHub; prefix: string } | undefined
  whole: () => Promise<Clone | undefined>
}

/** Where the workflow file is in the base: under one of its names, where it usually is, or under the name that it had before. */
async function findFile(sha: string, ask: RulesQuestion, places: Places): Promise<Told<BaseFile | null>> {
  const { place, github, whole } = places
  for (const path of new Set([...ask.paths, ...(ask.gone === undefined ? [] : [ask.gone])])) {
    const file = await fileAt(sha, path, place, github)
    if (!file.ok || file.value) return file
  }
  const clone = await whole()
  const before = clone && (await nameBeforeRename(clone, sha, ask.paths[0] ?? ''))
  return before === undefined ? { ok: true, value: null } : fileAt(sha, before, place, github)
}

const renamed = (file: BaseFile | null, paths: readonly string[], name: string | null): string[] =>
  file === null || paths.includes(file.path)
    ? []
    : [`${name ?? 'the base'} has the workflow file at ${file.path}; its rules judge, whatever the change calls it`]

const githubOf = ({ clone, github }: Pick<Sources, 'clone' | 'github'>): Places['github'] =>
  github && { port: github, prefix: clone?.prefix ?? '' }

/** The file where the change left the base. By the clone, by GitHub, and by a deeper clone, in the order of what they cost. */
async function forkText(path: string, base: string, { clone, github }: Sources): Promise<string | undefined> {
  if (!clone) return undefined
  const { head } = clone
  const here = await sharedCommit(clone, head, base)
  const told = here === undefined && github ? await compareOnGitHub(github, base, head) : undefined
  const shared = here ?? (told?.ok ? told.value.shared : undefined) ?? (await mergeBase(clone, head, base))
  if (shared === undefined || shared === base) return undefined
  const file = await fileAt(shared, path, clone, githubOf({ clone, github }))
  const text = file.ok && file.value ? await file.value.text() : undefined
  return text?.ok ? text.value : undefined
}
