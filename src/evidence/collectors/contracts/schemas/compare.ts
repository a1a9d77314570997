import { resolved } from '../library.js'
import type { Library } from '../library.js'
import { isMembers } from '../values.js'
import { alternativeAtoms } from './alternatives.js'
import { atom, tooLarge, untold } from './atom.js'
import type { Atom, Context } from './atom.js'
import { flatten } from './flat.js'
import type { Flat } from './flat.js'
import { propertyAtoms } from './properties.js'
import { valueAtoms } from './scalars.js'
import type { Compare, Sides } from './sides.js'

const maxDepth = 150

/** What breaks, or may break, between a schema of the base and the one of now. Each pair is compared once; circles end. */
export const compareSchemas: Compare = (context, one, other) => {
  const [before, after] = [ended(context.before, one), ended(context.after, other)]
  const known = context.known.get(before)?.get(after)
  if (known) {
    for (const one of known) one.users.add(context.user)
    return known
  }
  const found: Atom[] = []
  const pairs = context.known.get(before) ?? new Map<unknown, Atom[]>()
  // Equal schemas of no identity of their own (`true`, nothing) are soon compared again.
  if (typeof before === 'object' && typeof after === 'object') context.known.set(before, pairs.set(after, found))
  if (context.depth > maxDepth || --context.budget.left < 0) {
    found.push({ ...untold(context, 'is too large to be compared'), rule: tooLarge })
    return found
  }
  const [old, now] = [flatten(context.before, before), flatten(context.after, after)]
  const sides: Sides = context.mode === 'in' ? { from: old, to: now, now } : { from: now, to: old, now }
  found.push(...flatAtoms({ ...context, place: placed(context, now) }, sides))
  return found
}

/** What a mere reference leads to, so that circles close at the same place. */
const ended = (library: Library, schema: unknown): unknown =>
  isMembers(schema) && Object.keys(schema).length === 1 ? (resolved(library, schema) ?? schema) : schema

const placed = (context: Context, { at }: Flat): Context['place'] =>
  (at && context.after.owner(at)?.places.of(at)) ?? context.place

function flatAtoms(context: Context, sides: Sides): Atom[] {
  const { from, to, now } = sides
  const unknown = from.unknown ?? to.unknown
  if (unknown !== undefined && from.unknown !== to.unknown)
    return [untold(context, `has a part that is not known (${unknown})`, now.at)]
  if (to.isNever !== from.isNever && to.isNever)
    return [
      atom(
        context,
        ['type-changed', 'breaking'],
        [context.mode === 'in' ? 'takes nothing any more' : 'was never there, and now may be', 'keep what it was'],
        now.at,
      ),
    ]
  const [isSplit, isChosen] = [from.alternatives.length > 0, to.alternatives.length > 0]
  // What is a choice here and is none there is compared branch by branch.
  if (isSplit && !isChosen) return [...alternativeAtoms(context, sides, compareSchemas), ...opaqueAtoms(context, sides)]
  const types = typeAtoms(context, sides)
  if (types.some(({ rule }) => rule === 'type-changed')) return types
  const properties = propertyAtoms(context, sides, compareSchemas)
  return [
    ...types,
    ...valueAtoms(context, sides),
    // What is no longer named here may be named by an alternative.
    ...(isChosen && !isSplit ? properties.filter(({ level }) => level === 'breaking') : properties),
    ...itemAtoms(context, sides),
    ...(isChosen ? alternativeAtoms(context, sides, compareSchemas) : []),
    ...opaqueAtoms(context, sides),
  ]
}

const typeNames = (types: ReadonlySet<string> | undefined): string =>
  types === undefined ? 'of any type' : [...types].sort().join(' or ') || 'nothing'

function typeAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  const [given, taken] = [from.types, to.types]
  if (taken === undefined || (given === undefined && (from.values !== undefined || from.alternatives.length > 0)))
    return []
  const isTaken = (type: string): boolean =>
    taken.has(type) ||
    (type === 'integer' && taken.has('number')) ||
    (context.isText === true && taken.has('string') && plain.has(type))
  const lost = [...(given ?? [])].filter((one) => !isTaken(one))
  if (given && lost.length === 0) return []
  const [was, is] = context.mode === 'in' ? [given, taken] : [taken, given]
  const changed = `was ${typeNames(was)} and is ${typeNames(is)} now`
  const say = (rule: string, said = changed, keep = 'keep the type'): Atom[] => [
    atom(context, [rule, 'breaking'], [said, keep], now.at),
  ]
  const isApart = ![...taken].some((one) => given?.has(one) || (one === 'integer' && given?.has('number')))
  if (given && isApart) return say('type-changed')
  const isNull = lost.length === 1 && lost[0] === 'null'
  if (context.mode === 'in')
    return isNull ? say('null-refused', 'no longer takes null', 'keep taking it') : say('type-narrowed')
  return isNull ? say('null-added', 'may be null now', 'never send it') : say('type-widened')
}

/** Types that are read out of a text. */
const plain: ReadonlySet<string> = new Set(['integer', 'number', 'boolean'])

function itemAtoms(context: Context, { from, to }: Sides): Atom[] {
  const [old, now] = context.mode === 'in' ? [from, to] : [to, from]
  const inner = (name: string): Context => ({
    ...context,
    depth: context.depth + 1,
    path: [...context.path.slice(0, -1), `${context.path.at(-1) ?? ''}${name}`],
  })
  const length = Math.max(old.tuple.length, now.tuple.length)
  const members = Array.from({ length: Math.min(length, 1000) }, (_, i) =>
    compareSchemas(inner(`[${i}]`), old.tuple[i] ?? old.items, now.tuple[i] ?? now.items),
  ).flat()
  return old.items === true && now.items === true
    ? members
    : [...members, ...compareSchemas(inner('[]'), old.items, now.items)]
}

function opaqueAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  return [...new Set([...from.opaque.keys(), ...to.opaque.keys()])].flatMap((key) =>
    from.opaque.get(key) === to.opaque.get(key) ? [] : [untold(context, `has another \`${key}\``, now.at)],
  )
}
