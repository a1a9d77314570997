import type { Members } from '../values.js'

/** A bound, and whether the bound itself is out. */
interface Bound {
  value: number
  isOut: boolean
}

/** Bounds by the name under which they are told. */
export interface Bounds {
  readonly [name: string]: Bound
}

/** The least and the most of what, as keys of a schema. */
const least = ['minimum', 'minLength', 'minItems', 'minProperties']
const most = ['maximum', 'maxLength', 'maxItems', 'maxProperties']
const single = ['multipleOf']

const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** The bounds of a part laid over others: the tighter holds. */
export function tightened(bounds: Bounds, part: Members): Bounds {
  const all: Record<string, Bound> = { ...bounds }
  const add = (name: string, bound: Bound): void => {
    const before = all[name]
    if (!before || isTighter(name, bound, before)) all[name] = bound
  }
  for (const name of [...least, ...most, ...single]) {
    const value = numberIn(part[name])
    const exclusive = name === 'minimum' ? 'exclusiveMinimum' : name === 'maximum' ? 'exclusiveMaximum' : ''
    // A least length of 0 says nothing.
    if (value !== undefined && !(value === 0 && /^min(?:Length|Items|Properties)$/.test(name)))
      add(name, { value, isOut: part[exclusive] === true })
    const out = numberIn(part[exclusive])
    if (out !== undefined) add(name, { value: out, isOut: true })
  }
  if (part['uniqueItems'] === true) add('uniqueItems', { value: 1, isOut: false })
  return all
}

/** Whether a bound lets less through than another. */
function isTighter(name: string, one: Bound, other: Bound): boolean {
  if (name === 'multipleOf') return one.value % other.value === 0 && one.value !== other.value
  if (one.value === other.value) return one.isOut && !other.isOut
  return least.includes(name) ? one.value > other.value : one.value < other.value
}

/** Bounds of `to` that something which fits `from` may not fit. */
export const tighterBounds = (from: Bounds, to: Bounds): { name: string; from?: string; to: string }[] =>
  Object.entries(to).flatMap(([name, bound]) => {
    const before = from[name]
    const fits = before && (name === 'multipleOf' ? before.value % bound.value === 0 : !isTighter(name, bound, before))
    return fits ? [] : [{ name, ...(before ? { from: text(name, before) } : {}), to: text(name, bound) }]
  })

const text = (name: string, { value, isOut }: Bound): string =>
  name === 'uniqueItems' ? 'true' : `${value}${isOut ? ' (exclusive)' : ''}`
