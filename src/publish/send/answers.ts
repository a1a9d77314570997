import type { Json } from '../../base/json.js'
import type { Answer, Remote } from '../../effects/effect.js'
import type { GitHubAnswer } from '../../ports.js'

/** Reading what GitHub answers: a proxy or a fault may answer anything, so nothing is taken on trust. */

/** A member of an object, when it is there. */
export const memberOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? value[key]
    : undefined

/** A member's text. */
export function textOf(value: Json | undefined, ...path: string[]): string | undefined {
  let at = value
  for (const key of path) at = memberOf(at, key)
  return typeof at === 'string' ? at : undefined
}

/** A member's list, or the value itself where it is one. */
export function listOf(value: Json | undefined, key?: string): Json[] {
  const at = key === undefined ? value : memberOf(value, key)
  return Array.isArray(at) ? at : []
}

/** A member's number. */
export function numberOf(value: Json | undefined, key: string): number | undefined {
  const at = memberOf(value, key)
  return typeof at === 'number' ? at : undefined
}

/** The id of what was answered, as text. */
export function idOf(value: Json | undefined): string | undefined {
  const id = numberOf(value, 'id')
  return id === undefined ? undefined : String(id)
}

/** Something made or changed, by its id; an answer without one tells nothing of what was done. */
export function remoteOf(answer: GitHubAnswer): Answer<Remote> {
  if (!answer.ok) return answer
  const id = idOf(answer.data)
  if (id === undefined) return { ok: false, kind: 'network', message: 'GitHub answered what nobody can read' }
  return { ok: true, value: { id, url: textOf(answer.data, 'html_url') ?? null } }
}
