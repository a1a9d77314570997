import type { Git } from '../ports.js'
import { fetchCommit, resolve } from '../trigger/clone.js'
import type { Clone, Told } from '../trigger/clone.js'
import type { Entry } from './entry.js'
import { fileOf, kept, lineOf, maxBytes, selectEntries, tooLarge } from './lines.js'
import { branch, maxAttempts, messageOf, pause } from './branch.js'
import type { Tools } from './branch.js'
import type { Appended, Store } from './store.js'

const ref = `refs/heads/${branch}`

/** How the tip of the branch is found: asked of the remote, or as it was when somebody fetched last. */
export type Tip = 'remote' | 'fetched'

/**
 * The history of a workflow on a branch of its own in the remote `origin`: one file a workflow, one commit an entry. Only objects and
 * FETCH_HEAD are written here; index, work tree and branches stay as they are.
 */
export function branchStore(clone: Clone, workflow: Entry['workflow'], from: Tip, { clock, random }: Tools): Store {
  const file = fileOf(workflow)
  let known: Promise<Told<string>> | undefined
  return {
    async read(commits, signal) {
      const here = ending(clone, signal)
      known ??= tipOf(here, from).then((tip) => (tip.ok ? textOf(here, tip.value, file) : tip))
      const text = await known
      if (!text.ok) return text
      return { ok: true, isEmpty: text.value === '', ...selectEntries(text.value, new Set(commits)) }
    },
    async append(entry, retention, signal) {
      const here = ending(clone, signal)
      const line = lineOf(entry)
      for (let attempt = 1; ; attempt++) {
        const tip = await tipOf(here, 'remote')
        if (!tip.ok) return failure(tip.reason, signal)
        const before = await textOf(here, tip.value, file)
        if (!before.ok && before.reason !== tooLarge) return failure(before.reason, signal)
        const text = before.ok ? before.value : ''
        // An answer that was lost on the way: it was done.
        if (tip.value !== null && text.split('\n').includes(line)) return { ok: true, id: tip.value, url: null }
        const lines = kept(text, line, retention, clock.now())
        const commit = await commitOf(here, tip.value, { file, text: `${lines.join('\n')}\n`, entry })
        if (!commit.ok) return failure(commit.reason, signal)
        const pushed = await push(here, commit.value)
        if (pushed.ok) return { ok: true, id: commit.value, url: null }
        if (!pushed.isRace || attempt === maxAttempts || signal.aborted) return failure(pushed.reason, signal)
        await pause({ clock, random }, attempt, signal)
      }
    },
  }
}

/** The same clone, whose git ends with the signal. */
const ending = (clone: Clone, signal: AbortSignal): Clone => {
  const git: Git = { run: (cwd, args, how) => clone.git.run(cwd, args, { ...how, signal }) }
  return { ...clone, git }
}

/** The newest commit of the branch; null where there is no such branch. */
async function tipOf(clone: Clone, from: Tip): Promise<Told<string | null>> {
  if (from === 'fetched') return { ok: true, value: (await resolve(clone, `refs/remotes/origin/${branch}`)) ?? null }
  if (clone.origin === null) return { ok: false, reason: 'the repository has no remote `origin`' }
  const fetched = await fetchCommit(clone, ref)
  if (fetched.ok) return fetched
  return /couldn't find remote ref|there is no refs/.test(fetched.reason) ? { ok: true, value: null } : fetched
}

/** A file of a commit; '' where there is none. */
async function textOf({ git, folder }: Clone, tip: string | null, file: string): Promise<Told<string>> {
  if (tip === null) return { ok: true, value: '' }
  // From the root of the tree, wherever in the repository the folder is.
  const listed = await git.run(folder, ['ls-tree', '-z', '--long', '--full-tree', tip, '--', file])
  if (listed.code !== 0) return { ok: false, reason: said(listed) }
  const [, object, size] = /^100\d+ blob ([0-9a-f]+) +(\d+)\t/.exec(listed.stdout) ?? []
  if (object === undefined) return { ok: true, value: '' }
  if (Number(size) > maxBytes) return { ok: false, reason: tooLarge }
  const blob = await git.run(folder, ['cat-file', 'blob', object])
  return blob.code === 0 ? { ok: true, value: blob.stdout } : { ok: false, reason: said(blob) }
}

/** A commit after `tip`, or the first of the branch, in which this file has this text and the others are as they were. */
async function commitOf(
  { git, folder }: Clone,
  tip: string | null,
  { file, text, entry }: { file: string; text: string; entry: Entry },
): Promise<Told<string>> {
  const run = async (args: readonly string[], input = ''): Promise<Told<string>> => {
    const done = await git.run(folder, args, { input })
    return done.code === 0 ? { ok: true, value: done.stdout } : { ok: false, reason: said(done) }
  }
  const blob = await run(['hash-object', '-w', '--stdin'], text)
  if (!blob.ok) return blob
  const others = tip === null ? { ok: true as const, value: '' } : await run(['ls-tree', '-z', '--full-tree', tip])
  if (!others.ok) return others
  const entries = others.value.split('\0').filter((one) => one !== '' && !one.endsWith(`\t${file}`))
  const tree = await run(
    ['mktree', '-z', '--missing'],
    [...entries, `100644 blob ${blob.value.trim()}\t${file}`].map((one) => `${one}\0`).join(''),
  )
  if (!tree.ok) return tree
  const who = ['-c', 'user.name=wf', '-c', 'user.email=wf@localhost']
  const parents = tip === null ? [] : ['-p', tip]
  const message = messageOf(entry)
  const commit = await run([...who, 'commit-tree', tree.value.trim(), ...parents, '-m', message])
  return commit.ok ? { ok: true, value: commit.value.trim() } : commit
}

/** Nobody's hooks and settings for other pushes take part. */
const pushing = ['push', '--quiet', '--no-verify', '--no-follow-tags', '--no-signed', '--recurse-submodules=no']

/** Only ever forward: of two at once the second is turned away, and builds on the first. */
async function push({ git, folder }: Clone, commit: string) {
  const done = await git.run(folder, [...pushing, 'origin', `${commit}:${ref}`])
  if (done.code === 0) return { ok: true as const }
  const isRace =
    /fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|reference already exists/.test(
      done.stderr,
    )
  return { ok: false as const, isRace, reason: said(done) }
}

const forbidden =
  /\b403\b|denied|not authori[sz]ed|protected branch|GH0\d\d|hook declined|read.only|could not read (?:Username|Password)/i

function failure(message: string, { aborted }: AbortSignal): Appended {
  if (aborted) return { ok: false, kind: 'cancelled', message }
  return { ok: false, kind: forbidden.test(message) ? 'refused' : 'network', message }
}

/** What git says, its complaint first, without what an address may tell of a password. */
function said({ stderr }: { stderr: string }): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const line = lines.find((one) => /^remote: |rejected|^fatal:/.test(one)) ?? lines[0] ?? 'git failed'
  return line
    .trim()
    .replaceAll(/\/\/[^/@\s]*@/g, '//')
    .slice(0, 200)
}
