import { stepAddress } from '../base/address.js'
import type { InstanceRun } from './engine.js'

/** Notes the content of what a cached step left, by its hash: what comes after it is known by that and not by how it was made. */
export function noteLeft({ engine, address, stage }: InstanceRun, step: string, content: string): void {
  const at = stepAddress(address, step)
  engine.left.set(at, { instance: address, stage: stage.id, step, content })
  engine.journal.append({ type: 'cache.left', step: at, content })
}
