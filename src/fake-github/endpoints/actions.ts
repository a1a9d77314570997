import { sha256 } from '../../base/hash.js'
import { createHash } from 'node:crypto'
import type { Json } from '../../base/json.js'
import { json, notFound, refusal } from '../answer.js'
import type { Answer } from '../answer.js'
import type { Call, Endpoint } from '../call.js'
import { pageOf } from '../paging.js'
import { apiOf, nodeId, siteOf } from '../shapes/addresses.js'
import { minimalPulls } from '../shapes/pull.js'
import { minimalRepository } from '../shapes/repository.js'
import { userShape } from '../shapes/user.js'
import type { Artifact, Commit, State, WorkflowRun } from '../state.js'
import type { World } from '../world.js'

function getRun({ world, repository, params, query }: Call): Answer {
  const run = repository.runs[params['run_id'] ?? '']
  if (!run) return notFound()
  const without = query.get('exclude_pull_requests') === 'true'
  const head = world.state.repositories[run.head_repository] ?? repository
  return json(200, {
    ...runFields(run),
    ...runAddresses(apiOf(world, repository), siteOf(world, repository), run),
    pull_requests: without ? [] : minimalPulls(world, repository, run.head_sha),
    actor: userShape(world, { login: 'octocat', type: 'User' }),
    triggering_actor: userShape(world, { login: 'octocat', type: 'User' }),
    head_commit: simpleCommit(repository.commits[run.head_sha]),
    repository: minimalRepository(world, repository),
    head_repository: minimalRepository(world, head),
  })
}

function runFields(run: WorkflowRun): { [key: string]: Json } {
  const { id, head_sha, created_at } = run
  return {
    id,
    name: run.name,
    node_id: nodeId('WorkflowRun', id),
    check_suite_id: id,
    check_suite_node_id: nodeId('CheckSuite', id),
    head_branch: run.head_branch,
    head_sha,
    path: run.path,
    run_number: 1,
    run_attempt: run.run_attempt,
    event: run.event,
    display_title: run.name,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 1,
    created_at,
    updated_at: created_at,
    run_started_at: created_at,
    previous_attempt_url: null,
  }
}

function runAddresses(api: string, site: string, { id, path }: WorkflowRun): { [key: string]: Json } {
  const url = `${api}/actions/runs/${id}`
  return {
    url,
    html_url: `${site}/actions/runs/${id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${api}/actions/workflows/${path.split('/').at(-1) ?? ''}`,
  }
}

const simpleCommit = (commit: Commit | undefined): Json =>
  commit
    ? {
        id: commit.sha,
        tree_id: commit.sha,
        message: commit.message,
        timestamp: commit.date,
        author: { name: 'The Octocat', email: 'octocat@example.com' },
        committer: { name: 'The Octocat', email: 'octocat@example.com' },
      }
    : null

function listArtifacts(call: Call): Answer {
  const { repository, params, query } = call
  if (!repository.runs[params['run_id'] ?? '']) return notFound()
  const found = Object.values(repository.artifacts).filter(
    ({ run, name }) => String(run) === params['run_id'] && (query.get('name') ?? name) === name,
  )
  const { items, headers } = pageOf(call, found)
  const artifacts = items.map((artifact) => artifactShape(call, artifact))
  return json(200, { total_count: found.length, artifacts }, headers)
}

function artifactShape({ world, repository }: Call, artifact: Artifact): Json {
  const { id, name, bytes, expired, created_at } = artifact
  const url = `${apiOf(world, repository)}/actions/artifacts/${id}`
  const run = repository.runs[artifact.run]
  return {
    id,
    node_id: nodeId('Artifact', id),
    name,
    size_in_bytes: bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    created_at,
    expires_at: created_at,
    updated_at: created_at,
    digest: `sha256:${sha256(bytes)}`,
    workflow_run: {
      id: artifact.run,
      repository_id: repository.id,
      head_repository_id: world.state.repositories[run?.head_repository ?? '']?.id ?? repository.id,
      head_branch: run?.head_branch ?? '',
      head_sha: run?.head_sha ?? '',
    },
  }
}

const storage = '/artifact-storage/'

/** GitHub sends to another address, which is signed and needs no authorization. */
function download({ world, repository, params }: Call): Answer {
  const artifact = repository.artifacts[params['artifact_id'] ?? '']
  if (!artifact || params['archive_format'] !== 'zip') return notFound()
  if (artifact.expired) return refusal(410, 'Artifact has expired')
  return { status: 302, headers: { location: `${world.url}${storage}${artifact.id}?sig=${signature(artifact)}` } }
}

const signature = ({ id, bytes }: Artifact): string =>
  createHash('sha256').update(bytes).update(String(id)).digest('hex')

/** The artifact behind a signed address; `undefined` for any other path. */
export function storedArtifact(state: World['state'], path: string, query: URLSearchParams): Answer | undefined {
  if (!path.startsWith(storage)) return undefined
  const artifact = artifactsOf(state).find(({ id }) => `${storage}${id}` === path)
  if (!artifact || query.get('sig') !== signature(artifact))
    return { status: 403, raw: { type: 'text/plain', bytes: Buffer.from('AuthenticationFailed') } }
  return { status: 200, raw: { type: 'application/zip', bytes: artifact.bytes } }
}

const artifactsOf = ({ repositories }: State): Artifact[] =>
  Object.values(repositories).flatMap(({ artifacts }) => Object.values(artifacts))

/** Workflow runs and their artifacts. Downloading needs the right over Actions in public repositories too. */
export const actions: readonly Endpoint[] = [
  { operation: 'actions/get-workflow-run', permission: 'actions=read', handle: getRun },
  { operation: 'actions/list-workflow-run-artifacts', permission: 'actions=read', handle: listArtifacts },
  { operation: 'actions/download-artifact', permission: 'actions=read', always: true, handle: download },
]
