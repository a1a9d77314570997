import type { Json } from '../base/json.js'
import type { GitHub, GitHubAnswer } from '../ports.js'
import { textAt } from '../trigger/event.js'
import { branch, maxAttempts, messageOf, pause } from './branch.js'
import type { Tools } from './branch.js'
import type { Entry } from './entry.js'
import { fileOf, kept, lineOf, maxBytes, selectEntries } from './lines.js'
import type { Appended, Store } from './store.js'

type Failure = Extract<GitHubAnswer, { ok: false }>
type Told<T> = { ok: true; value: T } | Failure

/**
 * The same branch by GitHub's API, for a clone whose credentials were not kept: the token of the action is enough, and no step that runs
 * in the clone can come by it.
 */
export function gitHubStore(github: GitHub, workflow: Entry['workflow'], tools: Tools): Store {
  const file = fileOf(workflow)
  let known: Promise<Told<string>> | undefined
  return {
    async read(commits, signal) {
      const ask = asking(github, signal)
      known ??= tipOf(ask).then((tip) => (tip.ok ? textOf(ask, tip.value, file) : tip))
      const text = await known
      if (!text.ok) return { ok: false, reason: text.message }
      return { ok: true, isEmpty: text.value === '', ...selectEntries(text.value, new Set(commits)) }
    },
    async append(entry, retention, signal) {
      const ask = asking(github, signal)
      const line = lineOf(entry)
      for (let attempt = 1; ; attempt++) {
        const tip = await tipOf(ask)
        if (!tip.ok) return failure(tip)
        const before = await textOf(ask, tip.value, file)
        if (!before.ok) return failure(before)
        // An answer that was lost on the way: it was done.
        if (tip.value !== null && before.value.split('\n').includes(line)) return { ok: true, id: tip.value, url: null }
        const text = `${kept(before.value, line, retention, tools.clock.now()).join('\n')}\n`
        const commit = await commitOf(ask, tip.value, { file, text, entry })
        if (!commit.ok) return failure(commit)
        const moved = await move(ask, tip.value, commit.value)
        if (moved.ok) return { ok: true, id: commit.value, url: null }
        // GitHub's word for a branch that has moved on, or that another run has just made.
        const isRace = moved.kind === 'refused' && moved.status === 422
        if (!isRace || attempt === maxAttempts || signal.aborted) return failure(moved)
        await pause(tools, attempt, signal)
      }
    },
  }
}

type Ask = (route: string, parameters: { [key: string]: unknown }, bytes?: boolean) => Promise<GitHubAnswer>

const asking =
  (github: GitHub, signal: AbortSignal): Ask =>
  (route, parameters, bytes = false) =>
    github.request(route.replace(' ', ' /repos/{owner}/{repo}/'), parameters, {
      signal,
      ...(bytes ? { maxBytes } : {}),
    })

const isNone = (answer: GitHubAnswer): boolean => !answer.ok && answer.kind === 'refused' && answer.status === 404

/** The newest commit of the branch; null where there is no such branch. */
async function tipOf(ask: Ask): Promise<Told<string | null>> {
  const ref = await ask('GET git/ref/{ref}', { ref: `heads/${branch}` })
  if (ref.ok) return told(ref.data, 'object', 'sha')
  if (!isNone(ref)) return ref
  // A token that may not look gets the same answer as one for which there is nothing to see.
  const branches = await ask('GET branches', { per_page: 1 })
  return branches.ok ? { ok: true, value: null } : branches
}

async function textOf(ask: Ask, tip: string | null, path: string): Promise<Told<string>> {
  if (tip === null) return { ok: true, value: '' }
  const headers = { accept: 'application/vnd.github.raw+json' }
  const answer = await ask('GET contents/{path}', { path, ref: tip, headers }, true)
  if (answer.ok) return { ok: true, value: new TextDecoder().decode(answer.bytes) }
  return isNone(answer) ? { ok: true, value: '' } : answer
}

/** A commit after `tip`, or the first of the branch, in which this file has this text and the others are as they were. */
async function commitOf(
  ask: Ask,
  tip: string | null,
  { file, text, entry }: { file: string; text: string; entry: Entry },
): Promise<Told<string>> {
  const before = tip === null ? undefined : await ask('GET git/commits/{commit_sha}', { commit_sha: tip })
  if (before && !before.ok) return before
  const base = before && told(before.data, 'tree', 'sha')
  if (base && !base.ok) return base
  const tree = await ask('POST git/trees', {
    tree: [{ path: file, mode: '100644', type: 'blob', content: text }],
    ...(base ? { base_tree: base.value } : {}),
  })
  if (!tree.ok) return tree
  const made = told(tree.data, 'sha')
  if (!made.ok) return made
  const parents = tip === null ? [] : [tip]
  const commit = await ask('POST git/commits', { message: messageOf(entry), tree: made.value, parents })
  return commit.ok ? told(commit.data, 'sha') : commit
}

/** Only ever forward: of two at once the second is turned away, and builds on the first. */
const move = (ask: Ask, tip: string | null, sha: string): Promise<GitHubAnswer> =>
  tip === null
    ? ask('POST git/refs', { ref: `refs/heads/${branch}`, sha })
    : ask('PATCH git/refs/{ref}', { ref: `heads/${branch}`, sha, force: false })

/** A name of a commit or a tree in an answer. */
function told(data: Json, ...path: string[]): Told<string> {
  const value = textAt(data, ...path)
  return value === null
    ? { ok: false, kind: 'network', message: 'GitHub answered something else than a commit' }
    : { ok: true, value }
}

function failure(answer: Failure): Appended {
  const { kind, message } = answer
  if (kind === 'cancelled') return { ok: false, kind, message }
  const isRight = kind === 'refused' && [401, 403, 404].includes(answer.status)
  return { ok: false, kind: isRight ? 'refused' : 'network', message }
}
