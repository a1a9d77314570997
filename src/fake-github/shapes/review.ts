import type { Json } from '../../base/json.js'
import type { Pull, Repository, Review, ReviewComment } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId, siteOf } from './addresses.js'
import { userShape } from './user.js'

const association = ({ user }: Review | ReviewComment): string => (user.type === 'Bot' ? 'NONE' : 'CONTRIBUTOR')

/** A `pull-request-review`, submitted. */
export function reviewShape(world: World, repository: Repository, { number }: Pull, review: Review): Json {
  const { id, body, user, commit_id, submitted_at } = review
  const page = `${siteOf(world, repository)}/pull/${number}#pullrequestreview-${id}`
  const pull = `${apiOf(world, repository)}/pulls/${number}`
  return {
    id,
    node_id: nodeId('PullRequestReview', id),
    user: userShape(world, user),
    body,
    state: 'COMMENTED',
    html_url: page,
    pull_request_url: pull,
    _links: { html: { href: page }, pull_request: { href: pull } },
    submitted_at,
    commit_id,
    author_association: association(review),
  }
}

/** A `pull-request-review-comment`. */
export function reviewCommentShape(
  world: World,
  repository: Repository,
  { number }: Pull,
  { review, comment }: { review: Review; comment: ReviewComment },
): Json {
  const { id, path, body, line, start_line, user, commit_id, created_at } = comment
  const url = `${apiOf(world, repository)}/pulls/comments/${id}`
  const page = `${siteOf(world, repository)}/pull/${number}#discussion_r${id}`
  const pull = `${apiOf(world, repository)}/pulls/${number}`
  return {
    url,
    pull_request_review_id: review.id,
    id,
    node_id: nodeId('PullRequestReviewComment', id),
    diff_hunk: `@@ -${start_line ?? line} +${start_line ?? line} @@`,
    path,
    commit_id,
    original_commit_id: commit_id,
    user: userShape(world, user),
    body,
    created_at,
    updated_at: created_at,
    html_url: page,
    pull_request_url: pull,
    author_association: association(comment),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pull } },
    start_line,
    original_start_line: start_line,
    start_side: start_line === null ? null : 'RIGHT',
    line,
    original_line: line,
    side: 'RIGHT',
    subject_type: 'line',
  }
}
