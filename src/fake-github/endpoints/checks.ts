import type { Json } from '../../base/json.js'
import { json, notFound, refusal, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import { mapOf, textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { resolveRef } from '../graph.js'
import { pageOf } from '../paging.js'
import { annotationShape, checkRunShape, suiteOf } from '../shapes/check-run.js'
import { appId } from '../shapes/user.js'
import type { Annotation, CheckRun } from '../state.js'
import { present } from '../world.js'

function create(call: Call): Answer {
  const { repository, body, world, token } = call
  const sha = textOf(body['head_sha']) ?? ''
  if (!Object.hasOwn(repository.commits, sha)) return unprocessable(`No commit found for SHA: ${sha}`)
  const run: CheckRun = {
    id: world.nextId(),
    name: '',
    head_sha: sha,
    external_id: null,
    details_url: null,
    status: 'queued',
    conclusion: null,
    started_at: present(world),
    completed_at: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    app: token?.login ?? '',
  }
  change(run, call)
  repository.checkRuns[sha] = [...(repository.checkRuns[sha] ?? []), run]
  return json(201, checkRunShape(world, repository, run))
}

function update(call: Call): Answer {
  const run = find(call)
  if (!run) return notFound()
  if (run.app !== call.token?.login)
    return refusal(
      403,
      `Invalid app_id \`${appId(run.app)}\` - check run can only be modified by the GitHub App that created it.`,
    )
  change(run, call)
  return json(200, checkRunShape(call.world, call.repository, run))
}

/** Takes over what the request gives: annotations are added to those that there are, a conclusion completes, another status reopens. */
function change(run: CheckRun, { body, world }: Call): void {
  const output = mapOf(body['output'])
  run.name = textOf(body['name']) ?? run.name
  run.external_id = textOf(body['external_id']) ?? run.external_id
  run.details_url = textOf(body['details_url']) ?? run.details_url
  run.started_at = textOf(body['started_at']) ?? run.started_at
  const { title, summary, text } = run.output
  run.output = {
    title: textOf(output['title']) ?? title,
    summary: textOf(output['summary']) ?? summary,
    text: textOf(output['text']) ?? text,
  }
  const added = Array.isArray(output['annotations']) ? output['annotations'] : []
  run.annotations = [...run.annotations, ...added.map((each) => annotationOf(mapOf(each)))]
  const conclusion = textOf(body['conclusion'])
  const status = conclusion === undefined ? textOf(body['status']) : 'completed'
  if (status === undefined) return
  run.status = status
  run.conclusion = status === 'completed' ? (conclusion ?? null) : null
  run.completed_at = status === 'completed' ? (textOf(body['completed_at']) ?? present(world)) : null
}

function annotationOf(given: { readonly [key: string]: Json | undefined }): Annotation {
  const number = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null)
  return {
    path: textOf(given['path']) ?? '',
    start_line: number(given['start_line']) ?? 1,
    end_line: number(given['end_line']) ?? 1,
    start_column: number(given['start_column']),
    end_column: number(given['end_column']),
    annotation_level: textOf(given['annotation_level']) ?? '',
    title: textOf(given['title']) ?? null,
    message: textOf(given['message']) ?? '',
    raw_details: textOf(given['raw_details']) ?? null,
  }
}

const find = ({ repository, params }: Call): CheckRun | undefined =>
  Object.values(repository.checkRuns)
    .flat()
    .find(({ id }) => String(id) === params['check_run_id'])

/** The newest run first; of one suite and name only the newest, unless `filter=all`. */
function listForRef(call: Call): Answer {
  const { repository, params, query, world } = call
  const sha = resolveRef(repository, params['ref'] ?? '')
  if (sha === undefined) return unprocessable(`No commit found for SHA: ${params['ref'] ?? ''}`)
  const wanted = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value
  const runs = (repository.checkRuns[sha] ?? []).toReversed()
  const latest = runs.filter(
    (run, index) => runs.findIndex((each) => each.name === run.name && suiteOf(each) === suiteOf(run)) === index,
  )
  const found = (query.get('filter') === 'all' ? runs : latest).filter(
    ({ name, status, app }) =>
      wanted('check_name', name) && wanted('status', status) && wanted('app_id', String(appId(app))),
  )
  const { items, headers } = pageOf(call, found)
  const shapes = items.map((run) => checkRunShape(world, repository, run))
  return json(200, { total_count: found.length, check_runs: shapes }, headers)
}

/** Check runs and their annotations. */
export const checks: readonly Endpoint[] = [
  { operation: 'checks/create', permission: 'checks=write', handle: create },
  { operation: 'checks/update', permission: 'checks=write', handle: update },
  {
    operation: 'checks/get',
    permission: 'checks=read',
    handle: (call) => {
      const run = find(call)
      return run ? json(200, checkRunShape(call.world, call.repository, run)) : notFound()
    },
  },
  { operation: 'checks/list-for-ref', permission: 'checks=read', handle: listForRef },
  {
    operation: 'checks/list-annotations',
    permission: 'checks=read',
    handle: (call) => {
      const run = find(call)
      if (!run) return notFound()
      const { items, headers } = pageOf(call, run.annotations)
      const shapes = items.map((each) => annotationShape(call.world, call.repository, run.head_sha, each))
      return json(200, shapes, headers)
    },
  },
]
