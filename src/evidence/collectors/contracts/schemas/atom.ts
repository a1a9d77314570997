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
  /** Of these, how many may be tried only. */
  trials: { left: number }
  /** Where it stands when nothing nearer is known. */
  place: Place | undefined
}

/** How much is compared of one document; what is beyond is told. */
export const bounds = (): Pick<Context, 'budget' | 'trials'> => ({ budget: { left: 50_000 }, trials: { left: 5000 } })

const maxShown = 10

/** The name of the place in the schema, in a message. */
function nameOf({ label, path }: Context): string {
  const shown = path.length > maxShown ? ['…', ...path.slice(-maxShown)] : path
  return path.length > 0 ? `${label}: \`${shown.join('.')}\`` : label
}

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
  place: placeIn(context.after, at, keywords[rule]) ?? context.place,
  users: new Set([context.user]),
})

/** The keyword that a rule speaks of, where there is one. */
const keywords: Readonly<Record<string, string>> = {
  'type-changed': 'type',
  'type-narrowed': 'type',
  'type-widened': 'type',
  'null-added': 'type',
  'enum-added': 'enum',
  'enum-value-removed': 'enum',
  'enum-value-added': 'enum',
  'property-required': 'required',
  'property-optional': 'required',
  'property-removed': 'properties',
  'property-dropped': 'properties',
  'property-refused': 'properties',
  'pattern-added': 'pattern',
  'format-changed': 'format',
  closed: 'additionalProperties',
}

/** What cannot be told is said, never passed over. */
export const untold = (context: Context, what: string, at?: object): Atom =>
  atom(
    context,
    ['cannot-tell', 'warning'],
    [`${what}, and whether that breaks anybody cannot be told`, 'look at it'],
    at,
  )

/** Each change once; that something is too large is said at one place. */
export function eachOnce(atoms: readonly Atom[]): Atom[] {
  const large = atoms.find(({ rule }) => rule === tooLarge)
  const seen = new Set<string>()
  return [...new Set(atoms)].filter((one) => {
    const [user] = one.users
    const key = `${user}:${one.place?.file}:${one.place?.line}:${one.text}`
    return (one.rule !== tooLarge || one === large) && !seen.has(key) && seen.add(key)
  })
}

/** The rule of what is beyond the bounds of a comparison. */
export const tooLarge = 'too-large'
