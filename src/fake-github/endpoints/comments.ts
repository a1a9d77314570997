import { json, noContent, notFound } from '../answer.js'
import type { Answer } from '../answer.js'
import { textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { pageOf } from '../paging.js'
import { commentShape } from '../shapes/check-run.js'
import { authorOf } from '../shapes/user.js'
import type { Comment } from '../state.js'
import { present } from '../world.js'

interface Found {
  readonly issue: string
  readonly comment: Comment
}

function find({ repository, params }: Call): Found | undefined {
  for (const [issue, comments] of Object.entries(repository.comments)) {
    const comment = comments.find(({ id }) => String(id) === params['comment_id'])
    if (comment) return { issue, comment }
  }
  return undefined
}

const issueOf = (call: Call): string => call.params['issue_number'] ?? find(call)?.issue ?? ''

/** A pull request's comments are open to the rights over issues and to those over pull requests; an issue's only to the former. */
const needs =
  (level: 'read' | 'write') =>
  (call: Call): string =>
    call.repository.pulls[issueOf(call)] ? `issues=${level}; pull_requests=${level}` : `issues=${level}`

function list(call: Call): Answer {
  const { repository, query, world } = call
  const issue = issueOf(call)
  if (!repository.issues[issue]) return notFound()
  const since = Date.parse(query.get('since') ?? '')
  const comments = (repository.comments[issue] ?? []).filter(
    ({ updated_at }) => Number.isNaN(since) || Date.parse(updated_at) >= since,
  )
  const { items, headers } = pageOf(call, comments)
  return json(
    200,
    items.map((comment) => commentShape(world, repository, issue, comment)),
    headers,
  )
}

function create(call: Call): Answer {
  const { repository, body, world, token } = call
  const issue = issueOf(call)
  if (!repository.issues[issue] || !token) return notFound()
  const at = present(world)
  const comment: Comment = {
    id: world.nextId(),
    body: textOf(body['body']) ?? '',
    user: authorOf(token),
    created_at: at,
    updated_at: at,
  }
  repository.comments[issue] = [...(repository.comments[issue] ?? []), comment]
  return json(201, commentShape(world, repository, issue, comment))
}

function update(call: Call): Answer {
  const found = find(call)
  if (!found) return notFound()
  found.comment.body = textOf(call.body['body']) ?? ''
  found.comment.updated_at = present(call.world)
  return json(200, commentShape(call.world, call.repository, found.issue, found.comment))
}

function remove(call: Call): Answer {
  const found = find(call)
  if (!found) return notFound()
  const { comments } = call.repository
  comments[found.issue] = (comments[found.issue] ?? []).filter(({ id }) => id !== found.comment.id)
  return noContent
}

/** Comments on issues and pull requests. */
export const comments: readonly Endpoint[] = [
  { operation: 'issues/list-comments', permission: needs('read'), handle: list },
  { operation: 'issues/create-comment', permission: needs('write'), handle: create },
  {
    operation: 'issues/get-comment',
    permission: needs('read'),
    handle: (call) => {
      const found = find(call)
      return found ? json(200, commentShape(call.world, call.repository, found.issue, found.comment)) : notFound()
    },
  },
  { operation: 'issues/update-comment', permission: needs('write'), handle: update },
  { operation: 'issues/delete-comment', permission: needs('write'), handle: remove },
]
