import type { Json } from '../base/json.js'
import type { Ending } from '../journal/events.js'
import type { Ports, Room } from '../ports.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Body } from '../workflow/model.js'
import type { Halt } from './halt.js'

/** What one attempt of a step is given. All texts are its own; nothing here is shared with another attempt. */
export interface StepCall<B extends Body = Body> {
  body: B
  /** What its expressions see. */
  expressions: Environment
  /** The whole environment of its processes. */
  variables: Record<string, string>
  /** The folder to work in, and the workspace that it may not leave; absolute. */
  folder: string
  workspace: string
  /** A folder of this run for temporary files. */
  temporary: string
  /** It shall stop; `kill`: it shall be gone at once. */
  stop: Halt
  kill: Halt
  print: (stream: 'stdout' | 'stderr', chunk: Uint8Array | string) => void
  /** Told when its program has been started. */
  started?: () => void
  /** Pending while it shall print nothing more. */
  room?: Room
  ports: Ports
}

/** How the attempt ended, and what it leaves beside files. */
export interface StepAnswer {
  ending: Ending
  outputs?: Record<string, Json>
  warnings?: string[]
  /** How long a service asked to wait before it is asked again, in milliseconds. */
  retryAfter?: number
}

/** A kind of step: it does its work once and answers; it never throws for what a user can cause. */
export type StepKind<B extends Body = Body> = (call: StepCall<B>) => Promise<StepAnswer>

/** Every kind of the language has exactly one implementation. */
export type StepKinds = { [K in Body['kind']]: StepKind<Extract<Body, { kind: K }>> }

export const succeeded: Ending = { kind: 'exit', code: 0 }

/** The step kind could not do its work; `outside` when a service failed that it needed. */
export const failed = (message: string, outside = false): StepAnswer => ({
  ending: { kind: 'error', message, ...(outside ? { outside } : {}) },
})
