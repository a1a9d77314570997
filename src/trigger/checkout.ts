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
    return code === 0 ? stdout.trim() : null
  }
  const [sha, ref, status, remote, actor] = await Promise.all([
    ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    ask('symbolic-ref', '--quiet', 'HEAD'),
    ask('status', '--porcelain', '--untracked-files=normal', '-z'),
    ask('remote', 'get-url', 'origin'),
    ask('config', 'user.name'),
  ])
  const resolved = sha === null ? null : await baseOf(ask, base)
  const context: RunContext = {
    event: 'local',
    payload: {},
    sha,
    ref,
    base: resolved,
    headRef: null,
    baseRef: null,
    actor: actor === '' ? null : actor,
    repository: repositoryOf(remote),
    action: null,
    dirty: status !== null && status !== '',
  }
  return base !== undefined && resolved === null ? { context, unknownBase: base } : { context }
}

type Ask = (...args: string[]) => Promise<string | null>

async function baseOf(ask: Ask, wanted: string | undefined): Promise<string | null> {
  // `--end-of-options`: a revision that begins with a dash is a name, not an option.
  if (wanted !== undefined) return ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`)
  const head = (await ask('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD')) ?? 'refs/remotes/origin/main'
  return ask('merge-base', 'HEAD', head)
}

/** `owner/name` from an address such as `https://host/owner/name.git` or `git@host:owner/name.git`. */
function repositoryOf(remote: string | null): string | null {
  return /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(remote ?? '')?.[1] ?? null
}
