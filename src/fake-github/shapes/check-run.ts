import type { Json } from '../../base/json.js'
import type { Annotation, CheckRun, Comment, Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { minimalPulls } from './pull.js'
import { appId, appShape, userShape } from './user.js'

/** A `check-run`. */
export function checkRunShape(world: World, repository: Repository, run: CheckRun): Json {
  const { id, name, head_sha, output, annotations } = run
  const url = `${apiOf(world, repository)}/check-runs/${id}`
  const html = `${siteOf(world, repository)}/runs/${id}`
  return {
    id,
    name,
    node_id: nodeId('CheckRun', id),
    head_sha,
    external_id: run.external_id,
    url,
    html_url: html,
    details_url: run.details_url ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: { ...output, annotations_count: annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: suiteOf(run) },
    app: appShape(world, run.app),
    pull_requests: minimalPulls(world, repository, head_sha),
  }
}

/** The suite of a check run: one for each app and commit. */
export const suiteOf = ({ app, head_sha }: CheckRun): number =>
  (appId(app) ^ Number.parseInt(head_sha.slice(0, 7), 16)) >>> 0

/** A `check-annotation`. */
export const annotationShape = (world: World, repository: Repository, sha: string, each: Annotation): Json => ({
  ...each,
  blob_href: `${siteOf(world, repository)}/blob/${sha}/${each.path}`,
})

/** An `issue-comment`. */
export function commentShape(world: World, repository: Repository, issue: string, comment: Comment): Json {
  const { id, body, user, created_at, updated_at } = comment
  const api = apiOf(world, repository)
  const page = repository.pulls[issue] ? 'pull' : 'issues'
  return {
    id,
    node_id: nodeId('IssueComment', id),
    url: `${api}/issues/comments/${id}`,
    html_url: `${siteOf(world, repository)}/${page}/${issue}#issuecomment-${id}`,
    issue_url: `${api}/issues/${issue}`,
    body,
    user: userShape(world, user),
    created_at,
    updated_at,
    author_association: user.type === 'Bot' ? 'NONE' : 'CONTRIBUTOR',
    performed_via_github_app: user.type === 'Bot' ? appShape(world, user.login) : null,
  }
}
