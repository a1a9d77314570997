import type { Git } from '../ports.js'
import type { RunContext } from './context.js'

/** What is asked of a checkout, and what is known before git answers. */
interface Question {
  /** The revision to compare with; else the merge base with the remote's default branch. */
  base?: string | undefined
  /** The answer to that question, where it was asked already. */
  found?: Promise<LocalBase | null> | undefined
  /** Somebody else tells who asks and whose repository it is; the two members are null then. */
  anonymous?: boolean
}

/** What git says of a folder: commit, ref, base and whether files differ. Outside a repository, or without git, the members are null. */
export async function readCheckout(
  git: Git,
  folder: string,
  { base, found = localBase(git, folder, base), anonymous = false }: Question = {},
): Promise<{ context: RunContext; unknownBase?: string }> {
  const ask = asking(git, folder)
  const [status, config, resolved] = await Promise.all([
    ask('status', '--porcelain=v2', '--branch', '--untracked-files=normal', '-z'),
    anonymous ? null : ask('config', '-z', '--get-regexp', '^(remote\\.origin\\.url|user\\.name)$'),
    found,
  ])
  const { sha, ref, dirty } = readStatus(status ?? '')
  const settings = readConfig(config ?? '')
  const context: RunContext = {
    event: 'local',
    payload: {},
    sha,
    merged: sha,
    ref,
    base: sha === null ? null : (resolved?.sha ?? null),
    headRef: null,
    baseRef: null,
    actor: settings.get('user.name') || null,
    repository: repositoryOf(settings.get('remote.origin.url')),
    action: null,
    dirty,
    pullRequest: null,
    foreign: false,
  }
  return base !== undefined && context.base === null ? { context, unknownBase: base } : { context }
}

/** Headers `# branch.oid` and `# branch.head`, then one entry for each file that differs. */
function readStatus(text: string): Pick<RunContext, 'sha' | 'ref' | 'dirty'> {
  const entries = text.split('\0').filter(Boolean)
  const header = (name: string): string | undefined =>
    entries.find((entry) => entry.startsWith(`# ${name} `))?.slice(name.length + 3)
  const sha = header('branch.oid')
  const branch = header('branch.head')
  return {
    sha: sha === undefined || sha === '(initial)' ? null : sha,
    ref: branch === undefined || branch === '(detached)' ? null : `refs/heads/${branch}`,
    dirty: entries.some((entry) => !entry.startsWith('# ')),
  }
}

/** `key\nvalue` entries; of several values of one key the last counts, as for git. */
const readConfig = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\0')
      .filter(Boolean)
      .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)]),
  )

type Ask = (...args: string[]) => Promise<string | null>

const asking =
  (git: Git, folder: string): Ask =>
  async (...args) => {
    const { code, stdout } = await git.run(folder, args)
    return code === 0 ? stdout : null
  }

/** The commit that a change on a laptop is compared with, and what people call it. */
export interface LocalBase {
  sha: string
  name: string | null
}

/** The revision that is asked for, else the merge base with the remote's default branch; null where there is none. */
export async function localBase(git: Git, folder: string, wanted?: string): Promise<LocalBase | null> {
  const ask = asking(git, folder)
  if (wanted !== undefined) {
    // `--end-of-options`: a revision that begins with a dash is a name, not an option.
    const sha = await ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`)
    return sha?.trim() ? { sha: sha.trim(), name: wanted } : null
  }
  // One question, whose parts may fail: where we are, `main` of the remote, where we left its default branch, and the name of that.
  const parts = ['HEAD', `--glob=${remote}mai[n]`, `HEAD...${remote}HEAD`, '--symbolic-full-name', `${remote}HEAD`]
  const lines = (await ask('rev-parse', '--revs-only', ...parts))?.split('\n').filter(Boolean) ?? []
  const called = lines.find((line) => line.startsWith(remote))?.slice(remote.length)
  const left = lines.find((line) => line.startsWith('^'))?.slice(1)
  if (left !== undefined) return { sha: left, name: called === 'HEAD' ? null : (called ?? null) }
  // Of a default branch that shares nothing with us, both ends were told.
  const [head, main, ...more] = lines.filter((line) => /^[0-9a-f]/.test(line))
  if (head === undefined || main === undefined || more.length === 1) return null
  const sha = head === main ? head : (await ask('merge-base', 'HEAD', `${remote}main`))?.trim()
  return sha ? { sha, name: 'main' } : null
}

const remote = 'refs/remotes/origin/'

/** The `owner/name` of an address such as `https://host/owner/name.git` or `git@host:owner/name.git`. */
export function repositoryOf(remote: string | undefined): string | null {
  return /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(remote ?? '')?.[1] ?? null
}
