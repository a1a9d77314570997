import type { Json } from '../base/json.js'
import type { Outcome } from '../journal/outcome.js'
import { filesOf } from './archive.js'

/** Bounds of what a stranger's run may hand over, in bytes and numbers. */
export const artifactLimit = 20 * 2 ** 20
const outcomeLimit = 20 * 2 ** 20
const outcomesLimit = 5

/**
 * The outcomes in the archive that another run left: every `outcome.json` in it, checked against the published schema. The archive is a
 * stranger's: nothing of it is written anywhere, other files are not unpacked, and what is larger than it may be is refused.
 */
export async function readReported(archive: Uint8Array): Promise<{ outcomes: Outcome[]; problems: string[] }> {
  const files = filesOf(archive)
  if (!files) return { outcomes: [], problems: ['the artifact is no archive that can be read'] }
  const named = files.filter(({ name }) => name === 'outcome.json' || name.endsWith('/outcome.json'))
  if (!named.length) return { outcomes: [], problems: ['the artifact holds no `outcome.json`'] }
  const problems = named.length > outcomesLimit ? [`there are more than ${outcomesLimit} outcomes`] : []
  const { validate } = await import('./generated/outcome.js')
  const outcomes: Outcome[] = []
  for (const file of named.slice(0, outcomesLimit)) {
    const bytes = file.unpack(outcomeLimit)
    const value = typeof bytes === 'string' ? undefined : parse(bytes)
    if (bytes === 'too large') problems.push(`an outcome is larger than ${outcomeLimit / 2 ** 20} MB`)
    else if (value !== undefined && validate(value)) outcomes.push(value as unknown as Outcome)
    else problems.push('an `outcome.json` is not of the form that wf writes')
  }
  return { outcomes, problems }
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch {
    return undefined
  }
}

/** What GitHub itself says of the run that reported. */
export interface Reporter {
  /** The commit that it ran for, and the pull request of that commit. */
  sha: string
  pullRequest: number | null
  /** The repository that the change comes from, and the page of the run. */
  repository: string
  /** The repository that posts. */
  into: string
  url: string
  /** How the run ended: `success`, `failure`, … */
  conclusion: string
  /** The change alters the file of GitHub's workflow that ran. */
  altered: boolean
}

/** The outcome as it may be shown: what can be known is put in the place of what was claimed, and who reported it is said. */
export function vouched(outcome: Outcome, by: Reporter): Outcome {
  const { sha, pullRequest, repository, into, url, conclusion, altered } = by
  const good = outcome.verdict === 'pass' || outcome.verdict === 'warn'
  const doubt = altered
    ? 'this change alters the GitHub workflow that ran it, so its report proves nothing; a maintainer has to look'
    : conclusion === 'success'
      ? undefined
      : `the run itself ended with ${conclusion}, although it reported that all is well`
  // Nobody shall apply under our name what a stranger calls a fix.
  const { fixes: _, ...told } = outcome
  return {
    ...told,
    context: { ...outcome.context, sha, repository: into, pull_request: pullRequest, dirty: false },
    ...(good && doubt !== undefined ? { verdict: 'fail' as const, reason: doubt } : {}),
    published: [],
    reported_by: { repository, url },
  }
}
