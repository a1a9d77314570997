import type { Json } from '../base/json.js'
import { identify, permissionOf, visibleRepository } from './access.js'
import { mapOf } from './call.js'
import type { Call, Caller, Endpoint, OpenEndpoint } from './call.js'
import { endpoints, openEndpoints } from './endpoints/index.js'
import type { Router } from './routes.js'
import type { World } from './world.js'

/** A request as it came over the wire. */
export interface Incoming {
  readonly method: string
  /** Still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: Uint8Array
}

/** A request that was read: who asks, for which operation, of which repository. */
export interface Request {
  /** GitHub's name of the operation, `graphql`, or `unknown route`. */
  readonly route: string
  readonly caller: Caller
  /** Whether the token is none that the fake knows. */
  readonly stranger: boolean
  /** `undefined` for an empty body; `fault` when it is not JSON. */
  readonly body: { readonly value?: Json; readonly fault?: true }
  readonly open?: OpenEndpoint
  readonly endpoint?: Endpoint
  /** Absent when the repository is not there, or the caller may not know of it. */
  readonly call?: Call
}

/** Reads a request; nothing is judged or changed yet. */
export function readRequest(world: World, router: Router, incoming: Incoming): Request {
  const { method, path, query, headers } = incoming
  const who = identify(world.state, headers['authorization'])
  const body = parse(incoming.body)
  const match = router(method, path)
  const caller: Caller = {
    world,
    path,
    query,
    accept: headers['accept'] ?? '',
    params: match?.params ?? {},
    body: mapOf(body.value),
    ...(typeof who === 'string' ? {} : { token: who }),
  }
  const known = { caller, stranger: who === 'unknown', body }
  if (method === 'POST' && path === '/graphql') return { ...known, route: 'graphql' }
  if (!match) return { ...known, route: 'unknown route' }
  const open = openEndpoints.find(({ operation }) => operation === match.id)
  const endpoint = endpoints.find(({ operation }) => operation === match.id)
  const repository = endpoint && visibleRepository(caller)
  return {
    ...known,
    route: match.id,
    ...(open ? { open } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(repository ? { call: { ...caller, repository } } : {}),
  }
}

/** The permission that a request needs, as GitHub's header has it; empty when it needs none. */
export const needsOf = ({ endpoint, call }: Request): string => (endpoint && call ? permissionOf(endpoint, call) : '')

function parse(bytes: Uint8Array): Request['body'] {
  const text = Buffer.from(bytes).toString()
  if (text === '') return {}
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return { fault: true }
  }
}
