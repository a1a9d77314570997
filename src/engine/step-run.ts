import type { Placed } from './condition.js'
import type { Seat } from './seat.js'
import type { Surroundings } from './sight.js'

/** One step on its way: where it stands, and what it sees. */
export interface Situated extends Placed {
  surroundings: Surroundings
}

/** A step that holds a seat; while it waits between two attempts it has none. */
export interface StepRun extends Situated, Seat {
  /** The number of its first attempt; after a fix it counts on. */
  from: number
}
