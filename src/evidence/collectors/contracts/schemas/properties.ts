import { atom } from './atom.js'
import type { Atom, Context } from './atom.js'
import { flatten } from './flat.js'
import type { Flat } from './flat.js'
import type { Compare, Sides } from './sides.js'

/** What changed of an object: which properties there are, which have to be there, and what each may be. */
export function propertyAtoms(context: Context, sides: Sides, compare: Compare): Atom[] {
  const [old, now] = context.mode === 'in' ? [sides.from, sides.to] : [sides.to, sides.from]
  const names = [...new Set([...old.properties.keys(), ...now.properties.keys()])]
  return [
    ...requiredAtoms(context, sides),
    ...names.flatMap((name) => {
      const inner: Context = { ...context, depth: context.depth + 1, path: [...context.path, name] }
      const pair = { before: old.properties.get(name), after: now.properties.get(name) }
      const isOut = [flatSide(context, pair.before, 'before'), flatSide(context, pair.after, 'after')].every((one) =>
        context.mode === 'in' ? (one?.isReadOnly ?? true) : (one?.isWriteOnly ?? true),
      )
      if (isOut && !context.isStrict) return []
      if (pair.before !== undefined && pair.after !== undefined) return compare(inner, pair.before, pair.after)
      return pair.after === undefined
        ? removed(inner, { old, now }, name)
        : added(inner, { old, now }, pair.after, compare)
    }),
    ...othersAtoms(context, sides, compare),
  ]
}

const flatSide = (context: Context, schema: unknown, side: 'before' | 'after'): Flat | undefined =>
  schema === undefined ? undefined : flatten(context[side], schema)

/** Properties that have to be there in `to` and not in `from`. */
function requiredAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  const side = context.mode === 'in' ? 'after' : 'before'
  return [...to.required].flatMap((name) => {
    if (from.required.has(name)) return []
    const property = flatSide(context, to.properties.get(name), side)
    const inner: Context = { ...context, path: [...context.path, name] }
    if (context.mode === 'in') {
      // Whoever fills it in with its default goes on without it.
      if (property?.hasDefault || (property?.isReadOnly && !context.isStrict)) return []
      const isNew = !from.properties.has(name)
      const said = isNew ? 'is new and required' : 'was optional and is required now'
      return [
        atom(inner, ['property-required', 'breaking'], [said, 'let it be optional, or give it a `default`'], now.at),
      ]
    }
    if (property?.isWriteOnly && !context.isStrict) return []
    if (!from.properties.has(name) && to.properties.has(name))
      return [atom(inner, ['property-removed', 'breaking'], ['was always there and is removed', 'keep it'], now.at)]
    return [
      atom(
        inner,
        ['property-optional', 'breaking'],
        ['was always there and is optional now', 'keep it required'],
        now.at,
      ),
    ]
  })
}

interface Ages {
  old: Flat
  now: Flat
}

/** A property that is no longer named. */
function removed(context: Context, { old, now }: Ages, name: string): Atom[] {
  const isClosed = now.others === false
  if (context.mode === 'in') {
    if (isClosed)
      return [atom(context, ['property-refused', 'breaking'], ['is no longer taken', 'keep taking it'], now.at)]
    return context.isStrict
      ? []
      : [atom(context, ['property-dropped', 'warning'], ['is no longer named', 'keep it'], now.at)]
  }
  if (old.required.has(name)) return []
  return context.isStrict
    ? []
    : [atom(context, ['property-removed', 'warning'], ['was there at times and is removed', 'keep it'], now.at)]
}

/** A property that was not named before. */
function added(context: Context, { old }: Ages, schema: unknown, compare: Compare): Atom[] {
  if (context.mode === 'out') {
    const isRefused = old.others === false && context.isStrict
    if (isRefused)
      return [
        atom(context, ['property-added', 'breaking'], ['is new, and the schema before knew no others', 'leave it out']),
      ]
  }
  // What others had to be before, this one was.
  const isTold = typeof old.others === 'object' && old.others !== null
  return isTold && context.isStrict ? compare(context, old.others, schema) : []
}

/** What holds of properties that are not named. */
function othersAtoms(context: Context, { from, to, now }: Sides, compare: Compare): Atom[] {
  const isAny = (one: unknown): boolean => one === true || one === undefined
  if (isAny(to.others) || from.others === false) return []
  const inner: Context = { ...context, depth: context.depth + 1, path: [...context.path, '*'] }
  if (to.others === false) {
    if (context.mode === 'in')
      return [
        atom(
          context,
          ['closed', 'breaking'],
          ['no longer takes properties that it does not name', 'keep taking them'],
          now.at,
        ),
      ]
    return context.isStrict
      ? [
          atom(
            context,
            ['opened', 'breaking'],
            ['may have properties that it does not name now', 'keep it closed'],
            now.at,
          ),
        ]
      : []
  }
  if (context.mode === 'out' && isAny(from.others) && !context.isStrict) return []
  return context.mode === 'in' ? compare(inner, from.others, to.others) : compare(inner, to.others, from.others)
}
