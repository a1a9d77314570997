import type { Json } from '../base/json.js'
import type { Status } from '../journal/outcome.js'
import type { Attempt } from './attempt.js'

/** How a step ended, before it is recorded. */
export interface Ended {
  status: Status
  reason?: string
  outside?: boolean
  outputs?: Record<string, Json>
  attempts?: readonly Attempt[]
}
