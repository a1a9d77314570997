import type { Library } from '../library.js'
import { placeIn } from '../library.js'
import type { Place } from '../places.js'

/** One thing that changed. */
export interface Atom {
  rule: string
  level: 'breaking' | 'warning'
  /** What changed, from what to what. */
  text: string
  /** What to do instead of a new major version. */
  keep: string
  place: Place | undefined
  /** Where it shows: operations, or nothing for an event. */
  users: Set<string>
}

/**
 * `in`: what fitted before has to fit now, as of requests, or events of old writers. `out`: what fits now has to have fitted before, as of
 * responses, or events for old readers.
 */
export type Mode = 'in' | 'out'

/** What a comparison of two schemas knows. */
export interface Context {
  mode: Mode
  /** Clients of an API pass over what they do not know; readers of events hold to the schema. */
  isStrict: boolean
  /** It is written as text, as parameters are: what takes any text takes numbers. */
  isText?: boolean
  before: Library
  after: Library
  /** What uses the schemas that are compared now. */
  user: string
  /** Of what the path tells: `request body`. */
  label: string
  path: readonly string[]
  depth: number
  /** Pairs that were compared, with what was found; a pair that is met again is not compared again. */
  known: Map<unknown, Map<unknown, Atom[]>>
  /** Pairs that may be compared yet, in all. */
  budget: { left: number }
  /** Where it stands when nothing nearer is known. */
  place: Place | undefined
}

/** The name of the place in the schema, in a message. */
export const nameOf = ({ label, path }: Context): string =>
  path.length > 0 ? `${label}: \`${path.join('.')}\`` : label

/** Something that changed at a part of the document as it is now, or where that is gone, at what was around it. */
export const atom = (
  context: Context,
  [rule, level]: readonly [rule: string, level: Atom['level']],
  [said, keep]: readonly [said: string, keep: string],
  at?: object,
): Atom => ({
  rule,
  level,
  text: `${nameOf(context)} ${said}`,
  keep,
  place: placeIn(context.after, at) ?? context.place,
  users: new Set([context.user]),
})

/** What cannot be told is said, never passed over. */
export const untold = (context: Context, what: string, at?: object): Atom =>
  atom(
    context,
    ['cannot-tell', 'warning'],
    [`${what}, and whether that breaks anybody cannot be told`, 'look at it'],
    at,
  )
