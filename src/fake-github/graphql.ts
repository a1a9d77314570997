import type { Json } from '../base/json.js'
import { json, refusal } from './answer.js'
import type { Answer } from './answer.js'
import { mapOf, textOf } from './call.js'
import type { Token } from './state.js'

/** Answers the one query that the fake knows, `{ viewer { login } }`; any other is an error of GraphQL and a mistake. */
export function answerGraphql(
  body: Json | undefined,
  token: Token | undefined,
): { answer: Answer; mistakes: string[] } {
  if (!token) return { answer: refusal(401, 'This endpoint requires you to be authenticated.'), mistakes: [] }
  const query = textOf(mapOf(body)['query'])
  if (query === undefined)
    return { answer: refusal(400, 'A query attribute must be specified'), mistakes: ['no query'] }
  const plain = query.replaceAll(/[\s,]+/g, ' ').trim()
  if (/^(query( \w+)?)? ?\{ ?viewer ?\{ ?login ?\} ?\}$/.test(plain))
    return { answer: json(200, { data: { viewer: { login: token.login } } }), mistakes: [] }
  const message = 'the fake GitHub knows one query only: { viewer { login } }'
  return { answer: json(200, { data: null, errors: [{ message }] }), mistakes: [message] }
}
