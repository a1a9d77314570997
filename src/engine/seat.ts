import type { CommandFiles } from './command-files.js'
import type { Engine } from './engine.js'
import type { Halt } from './halt.js'

/** What a step holds while it works: a slot of the run, and a place in its pool where it names one. */
export interface Seat {
  slot: CommandFiles
  leave(): void
}

/**
 * A seat for a step of this pool, as soon as there is one; nothing when `until` has ended before. Who waits for a place in a pool holds no
 * slot, and who holds a slot waits for nothing: so no two can wait for each other.
 */
export async function seatFor(engine: Engine, pool: string | undefined): Promise<Seat>
export async function seatFor(engine: Engine, pool: string | undefined, until?: Halt): Promise<Seat | undefined>
export async function seatFor(engine: Engine, pool: string | undefined, until?: Halt): Promise<Seat | undefined> {
  const { slots } = engine
  const places = pool === undefined ? undefined : engine.pools.get(pool)
  if (places) {
    const place = await places.acquire(until)
    if (!place) return undefined
    const slot = await slots.acquire(until)
    const leave = (): void => {
      if (slot) slots.release(slot)
      places.release(place)
    }
    if (slot) return { slot, leave }
    leave()
    return undefined
  }
  const slot = await slots.acquire(until)
  return slot && { slot, leave: () => slots.release(slot) }
}
