import { notFound, refusal } from './answer.js'
import type { Answer } from './answer.js'
import type { Call, Caller, Endpoint } from './call.js'
import type { Permissions } from './seed.js'
import type { Repository, State, Token } from './state.js'

/** Who a request's `Authorization` names: nobody, a token that is known, or one that is not (`unknown`). */
export function identify(state: State, authorization: string | undefined): Token | 'nobody' | 'unknown' {
  if (authorization === undefined) return 'nobody'
  const secret = /^(?:token|bearer)\s+(\S+)$/i.exec(authorization)?.[1]
  return secret !== undefined && Object.hasOwn(state.tokens, secret) ? (state.tokens[secret] ?? 'unknown') : 'unknown'
}

/** The repository that a request names, if the caller may know of it. */
export function visibleRepository({ world, token, params }: Caller): Repository | undefined {
  const name = `${params['owner'] ?? ''}/${params['repo'] ?? ''}`.toLowerCase()
  const repository = Object.values(world.state.repositories).find((each) => each.full_name.toLowerCase() === name)
  return repository && (!repository.private || reaches(token, repository)) ? repository : undefined
}

const reaches = (token: Token | undefined, { full_name }: Repository): boolean =>
  token !== undefined && (token.repositories?.includes(full_name) ?? true)

/** The permission that an endpoint needs for this call, as `x-accepted-github-permissions` has it. */
export const permissionOf = ({ permission }: Endpoint, call: Call): string =>
  typeof permission === 'string' ? permission : permission(call)

/** Why the caller may not do this, as GitHub answers it; `undefined` when he may. */
export function refused(endpoint: Endpoint, call: Call): Answer | undefined {
  const needs = permissionOf(endpoint, call)
  const { token, repository } = call
  const wanted = needs.split('; ').map((each) => each.split('=') as [keyof Permissions | 'metadata', 'read' | 'write'])
  const reads = wanted.every(([, level]) => level === 'read')
  if (reads && !repository.private && !endpoint.always) return undefined
  if (!token) return refusal(401, 'Requires authentication')
  const grants = ([right, level]: (typeof wanted)[number]): boolean =>
    right === 'metadata' || token.permissions[right] === level || token.permissions[right] === 'write'
  if (token.kind === 'user' && needs === 'checks=write') return refusal(403, 'You must authenticate via a GitHub App.')
  if (reaches(token, repository) && wanted.some(grants)) return undefined
  if (repository.private && needs === 'contents=read') return notFound()
  return forbidden(token, needs)
}

/** The token has not the right: GitHub names in a header what would do. */
export const forbidden = (token: Token | undefined, needs: string): Answer =>
  refusal(
    403,
    `Resource not accessible by ${token?.kind === 'user' ? 'personal access token' : 'integration'}`,
    needs ? { 'x-accepted-github-permissions': needs } : {},
  )
