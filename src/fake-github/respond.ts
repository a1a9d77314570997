import type { Json } from '../base/json.js'
import { refused } from './access.js'
import { notFound, refusal, unprocessable } from './answer.js'
import type { Answer } from './answer.js'
import type { Checker } from './check.js'
import { answerGraphql } from './graphql.js'
import type { Incoming, Request } from './request.js'

/** Who is told what is wrong. */
export interface Judges {
  readonly checker: Checker
  /** What the client did against the description. */
  readonly mistake: (text: string) => void
  /** What the fake itself did against it. */
  readonly bug: (text: string) => void
}

/** Answers a request as GitHub does. An answer that is not as described is a bug of the fake: it is told, and answered with 500. */
export function respond({ headers }: Incoming, request: Request, { checker, mistake, bug }: Judges): Answer {
  if (!headers['user-agent']) {
    mistake('GitHub refuses requests without `User-Agent`')
    return refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    )
  }
  if (request.stranger) return refusal(401, 'Bad credentials')
  if (request.body.fault) {
    mistake('the body is not JSON')
    return refusal(400, 'Problems parsing JSON')
  }
  if (request.route === 'graphql') {
    const { answer, mistakes } = answerGraphql(request.body.value, request.caller.token)
    for (const each of mistakes) mistake(each)
    return answer
  }
  if (!request.endpoint && !request.open) {
    mistake('unknown route')
    return notFound()
  }
  const answer = answerOperation(request, checker, mistake)
  const faults = checker.answer(request.route, answer.status, answer.body)
  if (faults.length === 0) return answer
  const text = `the fake's answer ${answer.status} is not as GitHub describes it: ${faults.join('; ')}`
  bug(text)
  return refusal(500, text)
}

/** Who may not, may not; what is against the description is refused; the rest is done. */
function answerOperation(request: Request, checker: Checker, mistake: (text: string) => void): Answer {
  const { route, caller, endpoint, call, open, body } = request
  const { params, query } = caller
  const { nowhere, invalid, ignored } = checker.request(route, { params, query, ...bodyOf(body) })
  for (const fault of [...nowhere, ...invalid, ...ignored]) mistake(fault)
  if (nowhere.length > 0) return notFound()
  const denied = endpoint ? (call ? refused(endpoint, call) : notFound()) : undefined
  if (denied) return denied
  if (invalid.length > 0) return unprocessable(`Invalid request.\n\n${invalid.join('\n')}`)
  if (endpoint && call) return endpoint.handle(call)
  return open ? open.answer(caller) : notFound()
}

const bodyOf = ({ value }: Request['body']): { body?: Json } => (value === undefined ? {} : { body: value })
