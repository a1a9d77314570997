import type { Json } from '../../base/json.js'
import { json, notFound, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import { mapOf, textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { ancestors } from '../graph.js'
import { pageOf } from '../paging.js'
import { pullChanges } from '../shapes/pull.js'
import { reviewCommentShape, reviewShape } from '../shapes/review.js'
import { authorOf } from '../shapes/user.js'
import type { Pull, Review, ReviewComment } from '../state.js'
import { present } from '../world.js'

type Draft = Pick<ReviewComment, 'path' | 'body' | 'line' | 'start_line'>

/** Posts a review with its comments. One that stands outside of the diff refuses all, as on GitHub. */
function create(call: Call): Answer {
  const { world, repository, params, body, token } = call
  const pull = repository.pulls[params['pull_number'] ?? '']
  if (!pull || !token) return notFound()
  const commit = textOf(body['commit_id']) ?? pull.head.sha
  if (!ancestors(repository.commits, pull.head.sha).has(commit))
    return unprocessable('The commit is not part of the pull request')
  // Drafts that are not submitted are not built: nobody but their author sees them.
  if (body['event'] === undefined) return unprocessable('The fake takes no pending reviews: give an event')
  const drafts = (Array.isArray(body['comments']) ? body['comments'] : []).map(draftOf)
  if (drafts.some((draft) => !draft || !isInDiff(call, pull, draft)))
    return unprocessable('Unprocessable Entity: pull_request_review_thread.line must be part of the diff')
  const by = { user: authorOf(token), commit_id: commit }
  const at = present(world)
  const comments = drafts.flatMap((draft) => (draft ? [{ id: world.nextId(), ...draft, ...by, created_at: at }] : []))
  const review: Review = { id: world.nextId(), body: textOf(body['body']) ?? '', ...by, submitted_at: at, comments }
  repository.reviews[pull.number] = [...(repository.reviews[pull.number] ?? []), review]
  return json(200, reviewShape(world, repository, pull, review))
}

function draftOf(given: Json): Draft | undefined {
  const { path, body, line, start_line: start, side = 'RIGHT' } = mapOf(given)
  if (typeof path !== 'string' || typeof body !== 'string' || typeof line !== 'number' || side !== 'RIGHT')
    return undefined
  return { path, body, line, start_line: typeof start === 'number' ? start : null }
}

/** Whether all lines of a comment lie in one hunk of the pull request's diff, its context included. */
function isInDiff({ repository }: Call, pull: Pull, { path, line, start_line: start }: Draft): boolean {
  const change = pullChanges(repository, pull).find((one) => one.path === path)
  const [, from = '', count = ''] = /^@@ -\d+,\d+ \+(\d+),(\d+) @@/.exec(change?.patch ?? '') ?? []
  const first = start ?? line
  // GitHub wants a range to begin before it ends.
  return (start === null || start < line) && first >= Number(from) && line < Number(from) + Number(count)
}

function listComments(call: Call): Answer {
  const { world, repository, params } = call
  const pull = repository.pulls[params['pull_number'] ?? '']
  if (!pull) return notFound()
  const all = (repository.reviews[pull.number] ?? []).flatMap((review) =>
    review.comments.map((comment) => ({ review, comment })),
  )
  const { items, headers } = pageOf(call, all)
  return json(
    200,
    items.map((one) => reviewCommentShape(world, repository, pull, one)),
    headers,
  )
}

/** Reviews of pull requests, and their comments on lines. */
export const reviews: readonly Endpoint[] = [
  { operation: 'pulls/create-review', permission: 'pull_requests=write', handle: create },
  { operation: 'pulls/list-review-comments', permission: 'pull_requests=read', handle: listComments },
]
