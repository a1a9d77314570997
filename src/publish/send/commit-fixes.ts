import type { Json } from '../../base/json.js'
import type { Answer, Effect, Failure, Remote } from '../../effects/effect.js'
import { explain } from '../../effects/explain.js'
import type { GitHubAnswer } from '../../ports.js'
import { listOf, textOf } from './answers.js'

/** A file as the commit shall have it; without content it is taken away. */
export interface CommitFile {
  path: string
  mode: string
  /** A text, the bytes of something else, the name of a blob that GitHub has, or nothing. */
  content: { text: string } | { bytes: Uint8Array } | { sha: string } | null
}

/** The commit of fixes: on which branch, after which commit, and what it says. */
export interface FixCommit {
  branch: string
  /** The commit that was judged; the branch must still be there. */
  sha: string
  /** The steps whose fixes these are; they mark the commit as one of ours. */
  steps: readonly string[]
  message: string
  files: readonly CommitFile[]
}

const trailer = 'Wf-Fixes'

/** The last lines of such a commit's message, by which it is known again. */
export const trailerOf = (steps: readonly string[]): string =>
  `${trailer}: ${steps.map((step) => step.replaceAll(/[\s,]+/g, ' ').slice(0, 100)).join(', ')}`

/** The steps that a message names as those whose fixes the commit is; none where it is not one of ours. */
export function stepsIn(message: string): string[] {
  const last = message.trimEnd().split('\n').at(-1) ?? ''
  return last.startsWith(`${trailer}: `) ? last.slice(trailer.length + 2).split(', ') : []
}

/** No request, but what was found stands against it. */
const declined = (message: string): Failure => ({ ok: false, kind: 'refused', status: 0, message })

type Ask = (route: string, parameters: { [key: string]: unknown }) => Promise<GitHubAnswer>

/**
 * The effect that commits fixes to a branch: through GitHub's data, so that GitHub signs the commit, and only ever forward. A branch that
 * has moved stays as it is, and fixes that follow upon themselves are not committed again.
 */
export function commitEffect(ask: Ask, commit: FixCommit): Effect {
  const permission = 'contents: write'
  let isPushing = false
  const told: Ask = async (route, parameters) => {
    isPushing ||= route.startsWith('PATCH')
    return ask(route, parameters)
  }
  return {
    id: 'fixes',
    permission,
    look: async () => look(told, commit),
    make: async () => make(told, commit),
    change: async (remote) => ({ ok: true, value: remote }),
    explain: (failure) => {
      if (failure.kind === 'refused' && failure.status === 0) return { reason: failure.message }
      if (failure.kind === 'refused' && failure.status === 422 && isPushing)
        return {
          reason: `GitHub does not let \`${commit.branch}\` be changed: ${failure.message}`,
          mend: 'the branch may be protected: take `fix: suggest`, or the token of an App that may push there',
        }
      return explain(failure, permission, { foreign: false })
    },
  }
}

const repository = '/repos/{owner}/{repo}'

async function look(ask: Ask, { branch, sha, steps }: FixCommit): Promise<Answer<Remote | undefined>> {
  const tip = await tipOf(ask, branch)
  if (!tip.ok) return tip
  const found = await ask(`GET ${repository}/git/commits/{commit_sha}`, { commit_sha: tip.value })
  if (!found.ok) return found
  const wanted = stepsIn(trailerOf(steps))
  const own = stepsIn(textOf(found.data, 'message') ?? '')
  if (tip.value === sha) {
    const before = await stepsUpTo(ask, found.data)
    if (!before.ok) return before
    const same = wanted.filter((step) => before.value.includes(step))
    return same.length === 0
      ? { ok: true, value: undefined }
      : declined(
          `this commit already follows upon fixes of ${same.join(', ')}, which change it again: they do not converge`,
        )
  }
  const isOurs = wanted.some((step) => own.includes(step)) && textOf(listOf(found.data, 'parents')[0], 'sha') === sha
  return isOurs ? remoteOf(found.data) : declined(moved(branch))
}

/** Fixes may undo one another by turns: so many commits of them in a row are looked at. */
const longestRow = 10

/** The steps of all commits of fixes that stand one upon the other, up to this one. */
async function stepsUpTo(ask: Ask, commit: Json): Promise<Answer<string[]>> {
  const all: string[] = []
  let at = commit
  for (let i = 0; i < longestRow; i++) {
    const own = stepsIn(textOf(at, 'message') ?? '')
    const parent = textOf(listOf(at, 'parents')[0], 'sha')
    all.push(...own)
    if (own.length === 0 || parent === undefined) break
    const before = await ask(`GET ${repository}/git/commits/{commit_sha}`, { commit_sha: parent })
    if (!before.ok) return before
    at = before.data
  }
  return { ok: true, value: all }
}

const moved = (branch: string): string => `the branch \`${branch}\` has moved since: nothing was pushed`

async function make(ask: Ask, commit: FixCommit): Promise<Answer<Remote>> {
  const { branch, sha, message, files } = commit
  const before = await ask(`GET ${repository}/git/commits/{commit_sha}`, { commit_sha: sha })
  if (!before.ok) return before
  const entries: Json[] = []
  for (const file of files) {
    const entry = await entryOf(ask, file)
    if (!entry.ok) return entry
    entries.push(entry.value)
  }
  const base_tree = textOf(before.data, 'tree', 'sha')
  const tree = await ask(`POST ${repository}/git/trees`, { base_tree, tree: entries })
  if (!tree.ok) return tree
  // Without an author GitHub makes it the token's own, and signs it.
  const body = { message, tree: textOf(tree.data, 'sha'), parents: [sha] }
  const made = await ask(`POST ${repository}/git/commits`, body)
  if (!made.ok) return made
  const remote = remoteOf(made.data)
  if (!remote.ok) return remote
  const pushed = await ask(`PATCH ${repository}/git/refs/{ref}`, {
    ref: `heads/${branch}`,
    sha: remote.value.id,
    force: false,
  })
  if (pushed.ok) return remote
  if (pushed.kind !== 'refused' || pushed.status !== 422) return pushed
  // Somebody was faster, or nobody may.
  const tip = await tipOf(ask, branch)
  return tip.ok && tip.value !== sha ? declined(moved(branch)) : pushed
}

async function tipOf(ask: Ask, branch: string): Promise<Answer<string>> {
  const ref = await ask(`GET ${repository}/git/ref/{ref}`, { ref: `heads/${branch}` })
  if (!ref.ok) return ref.kind === 'refused' && ref.status === 404 ? declined(`there is no branch \`${branch}\``) : ref
  return named(textOf(ref.data, 'object', 'sha'))
}

async function entryOf(ask: Ask, { path, mode, content }: CommitFile): Promise<Answer<Json>> {
  const entry = { path, mode, type: 'blob' }
  if (content === null) return { ok: true, value: { ...entry, sha: null } }
  if ('text' in content) return { ok: true, value: { ...entry, content: content.text } }
  if ('sha' in content) return { ok: true, value: { ...entry, sha: content.sha } }
  const base64 = Buffer.from(content.bytes).toString('base64')
  const blob = await ask(`POST ${repository}/git/blobs`, { content: base64, encoding: 'base64' })
  if (!blob.ok) return blob
  const sha = named(textOf(blob.data, 'sha'))
  return sha.ok ? { ok: true, value: { ...entry, sha: sha.value } } : sha
}

const named = (sha: string | undefined): Answer<string> =>
  sha === undefined
    ? { ok: false, kind: 'network', message: 'GitHub answered something else than a commit' }
    : { ok: true, value: sha }

function remoteOf(commit: Json): Answer<Remote> {
  const sha = named(textOf(commit, 'sha'))
  return sha.ok ? { ok: true, value: { id: sha.value, url: textOf(commit, 'html_url') ?? null } } : sha
}
