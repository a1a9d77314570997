import type { Json } from '../../base/json.js'
import type { GitHubAnswer } from '../../ports.js'
import { textOf } from './answers.js'

/** Who posts with the token that a job is given. */
const actionsLogin = 'github-actions[bot]'

/** Those of some comments that our token wrote: a stranger can copy a marker, not the author. */
export async function ownOf(
  comments: readonly Json[],
  ask: (route: string, parameters: { [key: string]: unknown }) => Promise<GitHubAnswer>,
): Promise<Json[]> {
  const isUsual = comments.every((one) => authorOf(one) === actionsLogin)
  const login = isUsual ? actionsLogin : await loginOf(ask)
  return comments.filter((one) => authorOf(one) === login)
}

const authorOf = (comment: Json): string | undefined => textOf(comment, 'user', 'login')

/** Whose token it is. An app's token is not shown its user, but every token its viewer. */
async function loginOf(ask: Parameters<typeof ownOf>[1]): Promise<string> {
  const answer = await ask('POST /graphql', { query: '{ viewer { login } }' })
  return (answer.ok ? textOf(answer.data, 'data', 'viewer', 'login') : undefined) ?? actionsLogin
}
