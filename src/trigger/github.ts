import type { Json } from '../base/json.js'
import type { GitHub, GitHubAnswer } from '../ports.js'
import type { Told } from './clone.js'
import { textAt } from './event.js'

/** What could not be had from GitHub, and the permission that would help. */
function refusal(answer: Exclude<GitHubAnswer, { ok: true }>): { ok: false; reason: string } {
  const needed = answer.kind === 'refused' && answer.permissions !== undefined ? ` (needs ${answer.permissions})` : ''
  return { ok: false, reason: `GitHub: ${answer.message}${needed}` }
}

/** The commit at the tip of a branch as it is now. */
export async function tipOnGitHub(github: GitHub, branch: string): Promise<Told<string>> {
  const answer = await github.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref: `heads/${branch}` })
  if (!answer.ok) return refusal(answer)
  const sha = textAt(answer.data, 'object', 'sha')
  return sha === null ? { ok: false, reason: `GitHub: no commit of ${branch}` } : { ok: true, value: sha }
}

/** A workflow file that is larger is no workflow file. */
const maxFile = 16 * 2 ** 20

/** The text of a file of a commit; null where the commit has none there. */
export async function textOnGitHub(github: GitHub, sha: string, path: string): Promise<Told<string | null>> {
  const answer = await github.request(
    'GET /repos/{owner}/{repo}/contents/{path}',
    { path, ref: sha, headers: { accept: 'application/vnd.github.raw+json' } },
    { maxBytes: maxFile },
  )
  if (answer.ok) return { ok: true, value: new TextDecoder().decode(answer.bytes) }
  if (answer.kind !== 'refused' || answer.status !== 404) return refusal(answer)
  // A token that may not look gets the same answer as one for which there is nothing to see.
  const commit = await github.request('GET /repos/{owner}/{repo}/commits/{ref}', { ref: sha, per_page: 1 })
  return commit.ok ? { ok: true, value: null } : refusal(commit)
}

/** How two commits stand to each other: the newest that both histories share, and whether the first lies in that of the second. */
export async function compareOnGitHub(
  github: GitHub,
  first: string,
  second: string,
): Promise<Told<{ shared: string | null; lies: boolean }>> {
  const basehead = `${first}...${second}`
  const answer = await github.request('GET /repos/{owner}/{repo}/compare/{basehead}', { basehead, per_page: 1 })
  if (!answer.ok) return refusal(answer)
  const status = textAt(answer.data, 'status')
  const shared = textAt(answer.data, 'merge_base_commit', 'sha')
  return { ok: true, value: { shared, lies: status === 'ahead' || status === 'identical' } }
}

/** More branches than these are not asked for. */
const maxBranches = 100

/** The protected branches, each with its tip. */
export async function protectedBranches(github: GitHub): Promise<Told<{ name: string; sha: string }[]>> {
  const answer = await github.request('GET /repos/{owner}/{repo}/branches', { protected: true, per_page: maxBranches })
  if (!answer.ok) return refusal(answer)
  const list: Json[] = Array.isArray(answer.data) ? answer.data : []
  const value = list.flatMap((one) => {
    const [name, sha] = [textAt(one, 'name'), textAt(one, 'commit', 'sha')]
    return name === null || sha === null ? [] : [{ name, sha }]
  })
  return { ok: true, value }
}
