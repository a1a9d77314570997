import type { Git } from '../ports.js'
import type { RunContext } from './context.js'

/**
 * What git says of a folder: commit, ref, base and whether files differ. Outside a repository, or without git, the members are null.
 * `base` is the revision asked for, else the merge base with the remote's default branch.
 */
export async function readCheckout(
  git: Git,
  folder: string,
  base?: string,
): Promise<{ context: RunContext; unknownBase?: string }> {
  const ask = async (...args: string[]): Promise<string | null> => {
    const { code, stdout } = await git.run(folder, args)
    return code === 0 ? stdout : null
  }
  const [status, config, resolved] = await Promise.all([
    ask('status', '--porcelain=v2', '--branch', '--untracked-files=normal', '-z'),
    ask('config', '-z', '--get-regexp', '^(remote\\.origin\\.url|user\\.name)$'),
    baseOf(ask, base),
  ])
  const { sha, ref, dirty } = readStatus(status ?? '')
  const settings = readConfig(config ?? '')
  const context: RunContext = {
    event: 'local',
    payload: {},
    sha,
    merged: sha,
    ref,
    base: sha === null ? null : resolved,
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

async function baseOf(ask: Ask, wanted: string | undefined): Promise<string | null> {
  // `--end-of-options`: a revision that begins with a dash is a name, not an option.
  const found =
    wanted === undefined
      ? ((await ask('merge-base', 'HEAD', 'refs/remotes/origin/HEAD')) ??
        (await ask('merge-base', 'HEAD', 'refs/remotes/origin/main')))
      : await ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`)
  return found?.trim() || null
}

/** `owner/name` from an address such as `https://host/owner/name.git` or `git@host:owner/name.git`. */
function repositoryOf(remote: string | undefined): string | null {
  return /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(remote ?? '')?.[1] ?? null
}
