import type { Json } from '../../src/base/json.js'
import type { GitHub, GitHubAnswer } from '../../src/ports.js'
import { hostGit } from '../../src/host/git.js'
import { git } from './command.js'
import type { Origin } from './origin.js'

type Parameters = { [key: string]: unknown }
type Reply = (parameters: Parameters) => Promise<Json | Uint8Array>

/** GitHub over a repository on disk: what is asked of commits, branches and files is answered from there. */
export class DiskGitHub implements GitHub {
  readonly repository = 'org/shop'
  /** The routes that were asked, in order. */
  readonly asked: string[] = []

  constructor(
    private readonly origin: Pick<Origin, 'address' | 'tip'>,
    private readonly more: {
      protected?: readonly string[]
      /** Answers instead, by route. */
      instead?: (route: string) => GitHubAnswer | undefined
    } = {},
  ) {}

  get requests(): number {
    return this.asked.length
  }

  async request(route: string, parameters: Parameters = {}): Promise<GitHubAnswer> {
    this.asked.push(route)
    const instead = this.more.instead?.(route)
    if (instead) return instead
    const reply = this.#replies[route]
    if (!reply) throw new Error(`no answer for ${route}`)
    try {
      const said = await reply(parameters)
      return said instanceof Uint8Array
        ? { ok: true, status: 200, data: null, bytes: said }
        : { ok: true, status: 200, data: said }
    } catch (cause) {
      return cause instanceof Turned ? refused(422, cause.message) : refused(404, 'Not Found')
    }
  }

  readonly #git = async (...args: string[]): Promise<string> => (await git(this.origin.address, ...args)).trimEnd()

  /** What git prints that is told something on stdin. */
  readonly #told = async (input: string, ...args: string[]): Promise<string> => {
    const who = ['-c', 'user.name=bot', '-c', 'user.email=bot@example.com']
    const { code, stdout, stderr } = await hostGit().run(this.origin.address, [...who, ...args], { input })
    if (code !== 0) throw new Turned(stderr)
    return stdout.trimEnd()
  }

  readonly #replies: Readonly<Record<string, Reply>> = {
    'GET /repos/{owner}/{repo}/git/ref/{ref}': async ({ ref }) => ({
      object: { sha: await this.#git('rev-parse', '--verify', `refs/${String(ref)}`) },
    }),
    'GET /repos/{owner}/{repo}/contents/{path}': async ({ path, ref }) =>
      Buffer.from(await git(this.origin.address, 'show', `${String(ref)}:${String(path)}`)),
    'GET /repos/{owner}/{repo}/commits/{ref}': async ({ ref }) => ({
      sha: await this.#git('rev-parse', '--verify', `${String(ref)}^{commit}`),
    }),
    'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': async ({ commit_sha }) => ({
      tree: { sha: await this.#git('rev-parse', '--verify', `${String(commit_sha)}^{tree}`) },
    }),
    'POST /repos/{owner}/{repo}/git/trees': async ({ tree, base_tree }) => {
      const lines = base_tree === undefined ? [] : (await this.#git('ls-tree', base_tree as string)).split('\n')
      const added = (tree as { path: string; mode: string; type: string; content: string }[]).map(
        async ({ path, mode, type, content }) =>
          `${mode} ${type} ${await this.#told(content, 'hash-object', '-w', '--stdin')}\t${path}`,
      )
      const names = (tree as { path: string }[]).map(({ path }) => `\t${path}`)
      const others = lines.filter((line) => !names.some((name) => line.endsWith(name)))
      return { sha: await this.#told(`${[...others, ...(await Promise.all(added))].join('\n')}\n`, 'mktree') }
    },
    'POST /repos/{owner}/{repo}/git/commits': async ({ message, tree, parents }) => {
      const before = (parents as string[]).flatMap((parent) => ['-p', parent])
      return { sha: await this.#told('', 'commit-tree', String(tree), ...before, '-m', String(message)) }
    },
    'POST /repos/{owner}/{repo}/git/refs': async ({ ref, sha }) => {
      await this.#told('', 'update-ref', String(ref), String(sha), '0'.repeat(40))
      return {}
    },
    'PATCH /repos/{owner}/{repo}/git/refs/{ref}': async ({ ref, sha }) => {
      const before = await this.#git('rev-parse', `refs/${String(ref)}`)
      await this.#told('', 'merge-base', '--is-ancestor', before, String(sha))
      await this.#told('', 'update-ref', `refs/${String(ref)}`, String(sha), before)
      return {}
    },
    'GET /repos/{owner}/{repo}/compare/{basehead}': async ({ basehead }) => {
      const [base = '', head = ''] = String(basehead).split('...')
      const shared = await this.#git('merge-base', base, head)
      const status = base === head ? 'identical' : shared === base ? 'ahead' : shared === head ? 'behind' : 'diverged'
      return { status, merge_base_commit: { sha: shared } }
    },
    'GET /repos/{owner}/{repo}/branches': async () =>
      Promise.all(
        (this.more.protected ?? []).map(async (name) => ({
          name,
          commit: { sha: await this.origin.tip(name) },
          protected: true,
        })),
      ),
  }
}

/** What GitHub understands and does not do. */
class Turned extends Error {}

/** A refusal by GitHub; `permissions` names what the token lacks. */
export const refused = (status: number, message: string, permissions?: string): GitHubAnswer => ({
  ok: false,
  kind: 'refused',
  status,
  message,
  ...(permissions === undefined ? {} : { permissions }),
})
