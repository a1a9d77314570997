import type { Past } from './compare.js'
import { perform } from './effects/effect.js'
import { entryOfStates, noCommit, statesIn } from './history/breakers.js'
import type { BreakerStates } from './history/breakers.js'
import { within } from './history/limit.js'
import { isDefaultPush } from './history/start.js'
import type { Appended } from './history/store.js'
import { readingStore, writingStore } from './history/stores.js'
import { foldBreakers } from './journal/breakers.js'
import type { Journal } from './journal/journal.js'
import type { Ports } from './ports.js'
import { openClone } from './trigger/clone.js'

/** Milliseconds that asking for the states, and keeping them, may take. */
const patience = { asking: 10_000, keeping: 60_000 }

/** What earlier runs knew of the circuit breakers; nothing where that cannot be had in time. */
export const earlierBreakers = async (past: Past, ports: Ports, cancel: AbortSignal): Promise<BreakerStates> =>
  within({ clock: ports.clock, cancel }, patience.asking, async (signal) => askFor(past, ports, signal), new Map())

async function askFor(past: Past, ports: Ports, signal: AbortSignal): Promise<BreakerStates> {
  const clone = await openClone(ports.git, past.folder)
  const store = clone && (await readingStore(past.history, { ...past, clone }, ports))
  if (!store || typeof store === 'string') return new Map()
  const read = await store.read([noCommit], signal)
  return read.ok ? statesIn(read.entries) : new Map()
}

/**
 * Keeps the states of the breakers that a run changed, with those that others left: on a laptop in the folder of the history, on a runner
 * where the run may add to the branch. What fails is in the journal; the verdict is not touched.
 */
export async function rememberBreakers(
  past: Past,
  ports: Ports,
  { journal, cancel }: { journal: Journal; cancel: AbortSignal },
): Promise<void> {
  const { history, folder, event, onRunner } = past
  const changed = foldBreakers(journal.lines)
  if (!changed.size || (onRunner && (cancel.aborted || !(event && isDefaultPush(event))))) return
  const clone = await openClone(ports.git, folder)
  const store = clone && writingStore(history, { ...past, clone }, ports)
  if (!store) return
  // A run that was cancelled keeps them all the same: what it takes then is one write to a file.
  const never = new AbortController().signal
  const tools = { clock: ports.clock, cancel: onRunner ? cancel : never }
  const late: Appended = { ok: false, kind: 'network', message: 'it took too long' }
  const append = async (signal: AbortSignal): Promise<Appended> => {
    const states = new Map([...(await askFor(past, ports, signal)), ...changed])
    return store.append(entryOfStates(past.workflow, states, ports.clock.now()), history, signal)
  }
  const effect = {
    id: 'breakers',
    permission: 'contents: write',
    look: async () => ({ ok: true as const, value: undefined }),
    change: async () => make(),
    make: async () => make(),
  }
  async function make() {
    const done = await within(tools, patience.keeping, append, late)
    if (done.ok) return { ok: true as const, value: { id: done.id, url: done.url } }
    const { kind } = done
    const message = `the states of circuit breakers could not be kept: ${done.message}`
    return kind === 'refused'
      ? { ok: false as const, kind, status: 403, message }
      : { ok: false as const, kind, message }
  }
  await perform(effect, journal, { foreign: false })
}
