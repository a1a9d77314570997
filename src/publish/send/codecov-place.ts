import { textAt } from '../../trigger/event.js'
import type { RunContext } from '../../trigger/context.js'

/** How a Codecov is asked. */
export interface CodecovAccess {
  /** Empty where there is none. */
  token: string
  /** Where GitHub vouches for the job, when there is no token. */
  identity?: { url: string; token: string }
  /** The address of a Codecov of one's own. */
  url?: string
}

/** What Codecov is told of the commit whose coverage it gets. */
export interface CodecovPlace {
  service: 'github' | 'github_enterprise'
  /** `owner/name`. */
  repository: string
  sha: string
  branch: string | null
  pullRequest: number | null
  /** The page of the run. */
  build: string | null
  /** What ran: the workflow file's name. */
  job: string
}

/** What Codecov is told of a run: the head of a pull request, never GitHub's merge commit; nothing without a commit or repository. */
export function codecovPlace(
  context: RunContext,
  { site, build, job }: { site: string | undefined; build: string | undefined; job: string },
): CodecovPlace | undefined {
  const { sha, repository, pullRequest } = context
  if (sha === null || !/^[0-9a-f]{40,64}$/.test(sha) || repository === null) return undefined
  return {
    service: site === undefined || site === 'https://github.com' ? 'github' : 'github_enterprise',
    repository,
    sha,
    branch: branchOf(context),
    pullRequest,
    build: build ?? null,
    job,
  }
}

/**
 * The branch as Codecov wants it: of a fork `owner:branch`, so that a fork's `main` is never taken for ours; of a merge queue the branch
 * that it merges to.
 */
function branchOf({ payload, headRef, ref }: RunContext): string | null {
  const [theirs, ours] = [
    textAt(payload, 'pull_request', 'head', 'repo', 'full_name'),
    textAt(payload, 'repository', 'full_name'),
  ]
  if (headRef !== null && theirs !== ours) {
    const owner = theirs?.split('/')[0] ?? textAt(payload, 'pull_request', 'head', 'user', 'login') ?? 'unknown'
    return `${owner}:${headRef}`
  }
  const branch = headRef ?? (ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null)
  return /^gh-readonly-queue\/(.+)\/[^/]+$/.exec(branch ?? '')?.[1] ?? branch
}
