import type { Json } from '../../base/json.js'
import { json, noContent, notFound } from '../answer.js'
import type { Answer } from '../answer.js'
import { mapOf, textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { labelShape } from '../shapes/label.js'

const needs =
  (level: 'read' | 'write') =>
  ({ repository, params }: Call): string =>
    repository.pulls[params['issue_number'] ?? ''] ? `issues=${level}; pull_requests=${level}` : `issues=${level}`

/** The labels that a request names, as texts or as mappings with a name. */
const namesOf = ({ body }: Call): string[] =>
  (Array.isArray(body['labels']) ? body['labels'] : []).flatMap(
    (each: Json) => textOf(each) ?? textOf(mapOf(each)['name']) ?? [],
  )

/** Changes the labels of an issue and answers them all. */
const changing =
  (change: (labels: readonly string[], call: Call) => readonly string[] | undefined, status: 200 | 204 = 200) =>
  (call: Call): Answer => {
    const issue = call.repository.issues[call.params['issue_number'] ?? '']
    const labels = issue && change(issue.labels, call)
    if (!issue || !labels) return notFound()
    issue.labels = [...new Set(labels)]
    if (status === 204) return noContent
    return json(
      200,
      issue.labels.map((name) => labelShape(call.world, call.repository, name)),
    )
  }

/** Labels of issues and pull requests. */
export const labels: readonly Endpoint[] = [
  { operation: 'issues/list-labels-on-issue', permission: needs('read'), handle: changing((own) => own) },
  {
    operation: 'issues/add-labels',
    permission: needs('write'),
    handle: changing((own, call) => [...own, ...namesOf(call)]),
  },
  { operation: 'issues/set-labels', permission: needs('write'), handle: changing((_, call) => namesOf(call)) },
  {
    operation: 'issues/remove-label',
    permission: needs('write'),
    handle: changing((own, { params }) =>
      own.includes(params['name'] ?? '') ? own.filter((name) => name !== params['name']) : undefined,
    ),
  },
  { operation: 'issues/remove-all-labels', permission: needs('write'), handle: changing(() => [], 204) },
]
