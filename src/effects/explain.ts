import type { GitHubAnswer } from '../ports.js'

/** A reason, and what would mend it. */
export interface Explained {
  reason: string
  mend?: string
}

/** Why something could not be posted, in words, and what would mend it. The verdict of the run is not touched by it. */
export function explain(
  failure: Extract<GitHubAnswer, { ok: false }>,
  permission: string,
  { foreign }: { foreign: boolean },
): Explained {
  if (failure.kind === 'cancelled') return { reason: 'there was no time left to wait for GitHub' }
  if (failure.kind === 'limited')
    return { reason: `GitHub's rate limit was reached: ${failure.message}`, mend: 'run the job again later' }
  if (failure.kind === 'network') return { reason: failure.message, mend: 'run the job again' }
  const { status, message } = failure
  if (status === 401)
    return { reason: `GitHub does not know the token: ${message}`, mend: 'give a valid one in the input `token`' }
  if (status === 403 || status === 404) {
    const reason = status === 403 ? `the token may not do this: ${message}` : `not found, or the token may not see it`
    if (foreign)
      return {
        reason,
        mend: 'the token of a pull request from a fork or of Dependabot only reads: let a `workflow_run` workflow post it',
      }
    return { reason, mend: `add \`${asked(failure.permissions, permission)}\` to the job's \`permissions:\`` }
  }
  return { reason: `GitHub refused it with ${status}: ${message}` }
}

/** What GitHub's header asks for (`checks=write; contents=read`) as a workflow writes it; ours where it is about the same thing. */
function asked(header: string | undefined, ours: string): string {
  const alternatives = (header ?? '').split(';').map((all) =>
    all
      .split(',')
      .map((one) => one.trim().replaceAll('_', '-').replace('=', ': '))
      .join('`, `'),
  )
  const [what] = ours.split(':')
  return alternatives.some((one) => one.split(':')[0] === what) ? ours : alternatives[0] || ours
}
