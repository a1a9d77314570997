import type { Json } from '../base/json.js'
import type { Answer } from './answer.js'
import type { Repository, Token } from './state.js'
import type { World } from './world.js'

/** Who asks for what, wherever it leads. */
export interface Caller {
  readonly world: World
  /** Absent without authorization. */
  readonly token?: Token
  /** The path as it came. */
  readonly path: string
  readonly params: { readonly [name: string]: string }
  readonly query: URLSearchParams
  /** The body, as described; empty when the request has none. */
  readonly body: { readonly [key: string]: Json | undefined }
  /** The header `Accept`. */
  readonly accept: string
}

/** A request about a repository. */
export interface Call extends Caller {
  readonly repository: Repository
}

/**
 * One operation on a repository. `permission` is written as GitHub writes it: `checks=write`, or `issues=write; pull_requests=write`
 * where either will do. What only reads is open to all in a public repository, unless `always`.
 */
export interface Endpoint {
  readonly operation: string
  readonly permission: string | ((call: Call) => string)
  readonly always?: true
  handle(call: Call): Answer
}

/** An operation that concerns no repository, and needs no permission. */
export interface OpenEndpoint {
  readonly operation: string
  answer(caller: Caller): Answer
}

/** A text of the body, if there is one. */
export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** A mapping of the body, empty if there is none. */
export const mapOf = (value: Json | undefined): { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
