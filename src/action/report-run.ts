import type { Json } from '../base/json.js'
import { Redactor } from '../base/redact.js'
import { openRun } from '../journal/open.js'
import { foldPublished } from '../journal/published.js'
import type { Published } from '../journal/outcome.js'
import type { GitHub, Ports } from '../ports.js'
import { listOf, memberOf, numberOf, textOf } from '../publish/send/answers.js'
import { artifactLimit, readReported, vouched } from '../publish/reported.js'
import type { Reporter } from '../publish/reported.js'
import { openSender } from '../publish/send.js'
import type { Outcome } from '../journal/outcome.js'

/** What came of posting for another run: what was posted of which outcome, or why nothing was. */
export interface Reported {
  posted: { outcome: Outcome; published: Published[] }[]
  problems: string[]
}

/** The run that a `workflow_run` event tells of, as GitHub itself says it. */
interface Told {
  id: number
  attempt: number
  sha: string
  event: string
  branch: string
  owner: string
  repository: string
  conclusion: string
  path: string
  url: string
}

/**
 * Posts what another run left, mostly that of a fork, whose own token may not. Everything in the artifact is a stranger's: the commit
 * comes from the event, and the pull request from the commit by GitHub's API.
 */
export async function reportRun(
  payload: { [key: string]: Json },
  how: { artifact: string; check: boolean; comment: boolean; home: string; cancel: AbortSignal },
  ports: Ports & { github: GitHub },
): Promise<Reported> {
  const github = endingWith(ports.github, how.cancel)
  const run = readRun(payload)
  if (!run) return { posted: [], problems: ['the event tells of no run with an id and a commit'] }
  if (run.event !== 'pull_request')
    return {
      posted: [],
      problems: [`the run was for \`${run.event}\`, not for a pull request: it has posted by itself`],
    }
  const archive = await download(run.id, how.artifact, github)
  if (typeof archive === 'string') return { posted: [], problems: [archive] }
  const { outcomes, problems } = await readReported(archive)
  const by = outcomes.length ? await reporterOf(run, github) : undefined
  if (typeof by === 'string') return { posted: [], problems: [...problems, by] }
  const posted: Reported['posted'] = []
  for (const claimed of by ? outcomes : []) {
    if (!by) break
    const outcome = vouched(claimed, by)
    const { journal } = openRun(how.home, ports, new Redactor())
    try {
      const sender = openSender(
        {
          sha: run.sha,
          pullRequest: by.pullRequest,
          check: how.check,
          comment: how.comment,
          stamp: { id: run.id, attempt: run.attempt },
          url: run.url,
          again: true,
          foreign: false,
        },
        outcome.workflow,
        outcome.target,
        { github, clock: ports.clock, journal, cancel: how.cancel },
      )
      await sender.end(outcome)
      posted.push({ outcome, published: foldPublished(journal.lines) })
    } finally {
      journal.close()
    }
  }
  return { posted, problems }
}

/** The same GitHub, whose requests end when the run is cancelled unless they have an end of their own. */
const endingWith = (github: GitHub, signal: AbortSignal): GitHub => ({
  repository: github.repository,
  get requests() {
    return github.requests
  },
  request: async (route, parameters, options) => github.request(route, parameters, { signal, ...options }),
})

function readRun(payload: { [key: string]: Json }): Told | undefined {
  const run = memberOf(payload, 'workflow_run')
  const id = numberOf(run, 'id')
  const sha = textOf(run, 'head_sha')
  const url = textOf(run, 'html_url')
  if (id === undefined || sha === undefined || url === undefined) return undefined
  return {
    id,
    sha,
    url,
    attempt: numberOf(run, 'run_attempt') ?? 1,
    event: textOf(run, 'event') ?? '',
    branch: textOf(run, 'head_branch') ?? '',
    owner: textOf(run, 'head_repository', 'owner', 'login') ?? '',
    repository: textOf(run, 'head_repository', 'full_name') ?? 'a repository that is gone',
    conclusion: textOf(run, 'conclusion') ?? 'no conclusion',
    path: (textOf(run, 'path') ?? textOf(memberOf(payload, 'workflow'), 'path') ?? '').split('@')[0] ?? '',
  }
}

/** The archive, or why there is none. */
async function download(run: number, name: string, github: GitHub): Promise<Uint8Array | string> {
  const list = await github.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', {
    run_id: run,
    name,
    per_page: 100,
  })
  if (!list.ok) return `the artifacts of the run could not be listed: ${list.message}; this needs \`actions: read\``
  // Of several attempts the last one counts, in whichever order they are listed.
  const [found] = listOf(list.data, 'artifacts')
    .filter((one) => textOf(one, 'name') === name)
    .sort((a, b) => (numberOf(b, 'id') ?? 0) - (numberOf(a, 'id') ?? 0))
  const id = numberOf(found, 'id')
  if (id === undefined)
    return `the run left no artifact \`${name}\`: does its workflow upload \`\${{ steps.wf.outputs.outcome }}\`, with \`if: always()\`?`
  if ((numberOf(found, 'size_in_bytes') ?? 0) > artifactLimit)
    return `the artifact \`${name}\` is larger than ${artifactLimit} bytes`
  const file = await github.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    { artifact_id: id, archive_format: 'zip' },
    { maxBytes: artifactLimit },
  )
  if (!file.ok) return `the artifact \`${name}\` could not be read: ${file.message}`
  return file.bytes ?? new Uint8Array()
}

/** What GitHub says of the run's commit: its open pull request, and whether that alters the workflow that ran. */
async function reporterOf(run: Told, github: GitHub): Promise<Reporter | string> {
  const pull = await pullRequestOf(run, github)
  if (typeof pull === 'string') return pull
  const changed = pull === null ? [] : await changedFiles(pull, github)
  if (typeof changed === 'string') return changed
  const { sha, repository, url, conclusion } = run
  return {
    sha,
    into: github.repository,
    repository,
    url,
    conclusion,
    pullRequest: pull,
    altered: changed === undefined || changed.includes(run.path),
  }
}

/** The open pull request into this repository whose head is the commit; null when there is none. */
async function pullRequestOf(
  { sha, owner, branch, repository }: Told,
  github: GitHub,
): Promise<number | null | string> {
  const routes: [string, { [key: string]: unknown }][] = [
    ['GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { commit_sha: sha, per_page: 100 }],
    // A fork's commit is not always known by itself; its branch is.
    ['GET /repos/{owner}/{repo}/pulls', { state: 'open', head: `${owner}:${branch}`, per_page: 100 }],
  ]
  // Another's pull request of the same commit is not the run's to speak in. A fork that is gone has no name any more.
  const isOfRun = (pull: Json): boolean =>
    textOf(pull, 'head', 'sha') === sha &&
    textOf(pull, 'head', 'ref') === branch &&
    [repository, undefined].includes(textOf(pull, 'head', 'repo', 'full_name'))
  let failure: string | undefined
  for (const [route, parameters] of routes) {
    const answer = await github.request(route, parameters)
    if (!answer.ok) failure = answer.message
    const found = listOf(answer.ok ? answer.data : [])
      .filter((one) => textOf(one, 'state') === 'open' && isOfRun(one))
      .find((one) => textOf(one, 'base', 'repo', 'full_name') === github.repository)
    const number = numberOf(found, 'number')
    if (number !== undefined) return number
  }
  return failure === undefined ? null : `the pull request of ${sha} could not be found: ${failure}`
}

/** GitHub tells no more than 3,000 files. */
const filePages = 30

/** Every name that a file has or had; nothing when there are more than GitHub tells. */
async function changedFiles(number: number, github: GitHub): Promise<string[] | string | undefined> {
  const names: string[] = []
  for (let page = 1; page <= filePages; page++) {
    const answer = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      pull_number: number,
      per_page: 100,
      page,
    })
    if (!answer.ok) return `the files of pull request #${number} could not be listed: ${answer.message}`
    const list = listOf(answer.data)
    for (const one of list) names.push(textOf(one, 'filename') ?? '', textOf(one, 'previous_filename') ?? '')
    if (list.length < 100) return names.filter((name) => name !== '')
  }
  return undefined
}
