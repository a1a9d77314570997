import type { CommandFiles } from './command-files.js'
import type { Placed } from './condition.js'
import type { Surroundings } from './sight.js'

/** One step on its way: where it stands, what it sees, and the slot that it holds. */
export interface StepRun extends Placed {
  surroundings: Surroundings
  slot: CommandFiles
  /** The number of its first attempt; after a fix it counts on. */
  from: number
}
