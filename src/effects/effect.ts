import type { Journal } from '../journal/journal.js'
import type { GitHubAnswer } from '../ports.js'
import { explain } from './explain.js'
import type { Explained } from './explain.js'

/** Something that stands outside: its id there, and where people find it. */
export interface Remote {
  id: string
  url: string | null
}

export type Failure = Extract<GitHubAnswer, { ok: false }>
export type Answer<T> = { ok: true; value: T } | Failure

/** Something done to the outside that must happen once. */
export interface Effect {
  /** What the journal calls it: `check`, `comment`. */
  id: string
  /** The permission that GitHub asks for: `checks: write`; empty where it is asked for none. */
  permission: string
  /** Whether it is there already, by whichever run of the same work made it. */
  look: () => Promise<Answer<Remote | undefined>>
  make: () => Promise<Answer<Remote>>
  change: (remote: Remote) => Promise<Answer<Remote>>
  /** Why it failed, where it is not GitHub that is asked. */
  explain?: (failure: Failure) => Explained
}

/**
 * Does an effect once: intended in the journal, looked for (unless this run made it), made or changed, recorded. What was made but
 * whose answer was lost is found by looking again; what somebody deleted is made anew. A failure is recorded, and is the answer.
 */
export async function perform(effect: Effect, journal: Journal, about: { foreign: boolean }): Promise<Answer<Remote>> {
  journal.append({ type: 'effect.intended', effect: effect.id })
  const done = await attempt(effect, recorded(effect.id, journal))
  if (done.ok) {
    const { id, url } = done.value.remote
    journal.append({ type: 'effect.done', effect: effect.id, did: done.value.did, id, url })
    return { ok: true, value: done.value.remote }
  }
  const why = effect.explain?.(done) ?? explain(done, effect.permission, about)
  journal.append({ type: 'effect.failed', effect: effect.id, ...why })
  return done
}

/** What the journal says of an effect that was done before. */
export function recorded(id: string, journal: Journal): Remote | undefined {
  const line = journal.lines.findLast(({ event }) => event.type === 'effect.done' && event.effect === id)
  return line?.event.type === 'effect.done' ? { id: line.event.id, url: line.event.url } : undefined
}

type Done = Answer<{ remote: Remote; did: 'created' | 'updated' }>

async function attempt(effect: Effect, known: Remote | undefined): Promise<Done> {
  const found = known ? { ok: true as const, value: known } : await effect.look()
  if (!found.ok) return found
  if (found.value) {
    const changed = await effect.change(found.value)
    if (changed.ok) return { ok: true, value: { remote: changed.value, did: 'updated' } }
    if (changed.kind !== 'refused' || changed.status !== 404) return changed
  }
  return make(effect)
}

async function make(effect: Effect): Promise<Done> {
  const made = await effect.make()
  if (made.ok) return { ok: true, value: { remote: made.value, did: 'created' } }
  // The answer was lost on the way: perhaps it was done.
  if (made.kind !== 'network') return made
  const found = await effect.look()
  if (!found.ok) return made
  const again = found.value ? await effect.change(found.value) : await effect.make()
  return again.ok ? { ok: true, value: { remote: again.value, did: 'created' } } : again
}
