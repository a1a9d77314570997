import { canonicalJson } from '../../../../base/json.js'
import { follow } from '../library.js'
import type { Library } from '../library.js'
import { isMembers, listOf, membersOf, textOf, textsOf } from '../values.js'
import type { Members } from '../values.js'
import { tightened } from './bounds.js'
import type { Bounds } from './bounds.js'

/** Alternatives of which one has to fit. */
interface Alternatives {
  branches: readonly unknown[]
}

/** A schema with its references followed and its `allOf` laid together. */
export interface Flat {
  /** Where it stands: the first part that says something. */
  at: object | undefined
  /** Nothing: any type. */
  types: ReadonlySet<string> | undefined
  /** By canonical text. */
  values: ReadonlyMap<string, unknown> | undefined
  required: ReadonlySet<string>
  /** More than one schema where several parts speak of a property. */
  properties: ReadonlyMap<string, unknown>
  /** What holds of all other properties; `true` where nothing is said. */
  others: unknown
  items: unknown
  tuple: readonly unknown[]
  bounds: Bounds
  patterns: ReadonlySet<string>
  format: string | undefined
  alternatives: readonly Alternatives[]
  /** Parts without alternatives, for what is laid together anew. */
  rest: readonly Members[]
  /** What cannot be compared by its meaning, as text. */
  opaque: ReadonlyMap<string, string>
  isReadOnly: boolean
  isWriteOnly: boolean
  hasDefault: boolean
  /** Nothing fits it. */
  isNever: boolean
  /** A part of it is not known: a reference leads nowhere or outside. */
  unknown: string | undefined
}

const opaqueKeys = [
  'not',
  'if',
  'then',
  'else',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'contains',
  'minContains',
  'maxContains',
  'additionalItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  '$dynamicRef',
  '$recursiveRef',
] as const
const maxParts = 1000

interface Parts {
  parts: Members[]
  /** Alternatives that are no more than `null` or something else, as the latter. */
  orNull: Set<unknown>
  isNever: boolean
  unknown: string | undefined
}

/** All that a schema is made of: what it refers to and the members of its `allOf`, each once. */
function partsOf(library: Library, schema: unknown): Parts {
  const found: Parts = { parts: [], orNull: new Set(), isNever: false, unknown: undefined }
  const seen = new Set<unknown>()
  const queue = [schema]
  while (queue.length > 0) {
    const one = queue.shift()
    if (one === false) found.isNever = true
    if (!isMembers(one) || seen.has(one)) continue
    seen.add(one)
    if (seen.size > maxParts) return { ...found, unknown: 'it is made of too many parts' }
    found.parts.push(one)
    const ref = textOf(one['$ref'])
    if (ref !== undefined) {
      const target = follow(library, one, ref)
      if ('part' in target) queue.unshift(target.part)
      else found.unknown = 'outside' in target ? `\`${ref}\` is not fetched` : `\`${ref}\` leads nowhere`
    }
    queue.push(...listOf(one['allOf']))
    for (const key of choices) {
      const other = besidesNull(one[key])
      if (other === undefined) continue
      found.orNull.add(one[key])
      queue.push(other)
    }
  }
  return found
}

const choices = ['oneOf', 'anyOf'] as const

/** The one alternative besides `null`: what may be null is no choice. */
function besidesNull(branches: unknown): unknown {
  const list = listOf(branches)
  const others = list.filter((one) => !(isMembers(one) && one['type'] === 'null' && Object.keys(one).length === 1))
  return list.length === 2 && others.length === 1 ? others[0] : undefined
}

const withNull = (types: ReadonlySet<string> | undefined, isNull: boolean): ReadonlySet<string> | undefined =>
  isNull && types ? new Set([...types, 'null']) : types

/** Lays a schema together. */
export function flatten(library: Library, schema: unknown): Flat {
  const { parts, orNull, isNever, unknown } = partsOf(library, schema)
  const properties = new Map<string, unknown[]>()
  for (const part of parts)
    for (const [name, property] of Object.entries(membersOf(part['properties'])))
      properties.set(name, [...(properties.get(name) ?? []), property])
  const all = (key: string): unknown[] => parts.flatMap((part) => (Object.hasOwn(part, key) ? [part[key]] : []))
  const others = all('additionalProperties')
  const lists = all('items').filter(Array.isArray)
  return {
    at: parts.find((part) => Object.keys(part).some((key) => key !== '$ref')) ?? parts[0],
    types: withNull(typesOf(parts), orNull.size > 0),
    values: valuesOf(parts, orNull.size > 0),
    required: new Set(all('required').flatMap(textsOf)),
    properties: new Map([...properties].map(([name, list]) => [name, together(list)])),
    others: others.length === 0 ? true : together(others),
    items: together(all('items').filter((one) => !Array.isArray(one))) ?? true,
    tuple: [...all('prefixItems').flatMap(listOf), ...lists.flat()],
    bounds: parts.reduce<Bounds>(tightened, {}),
    patterns: new Set(all('pattern').filter((one): one is string => typeof one === 'string')),
    format: all('format')
      .map(textOf)
      .find((one) => one !== undefined),
    alternatives: parts.flatMap((part) =>
      choices.flatMap((key) =>
        Array.isArray(part[key]) && !orNull.has(part[key]) ? [{ branches: listOf(part[key]) }] : [],
      ),
    ),
    rest: parts.map((part) => without(part, ['oneOf', 'anyOf', '$ref', 'allOf'])),
    opaque: new Map(
      opaqueKeys.flatMap((key) => {
        const said = all(key)
        return said.length > 0 ? [[key, canonicalJson(said)]] : []
      }),
    ),
    isReadOnly: all('readOnly').includes(true),
    isWriteOnly: all('writeOnly').includes(true),
    hasDefault: parts.some((part) => Object.hasOwn(part, 'default')),
    isNever,
    unknown,
  }
}

/** Several schemas that hold together. */
function together(list: readonly unknown[]): unknown {
  if (list.length < 2) return list[0]
  return list.includes(false) ? false : { allOf: list.filter(isMembers) }
}

/** A part with some keys less; its inner parts stay where they stand. */
function without(part: Members, keys: readonly string[]): Members {
  const rest = Object.create(null) as Members
  for (const [key, value] of Object.entries(part)) if (!keys.includes(key)) rest[key] = value
  return rest
}

/** The types that fit all parts. Where a part tells no type, what it speaks of does. */
function typesOf(parts: readonly Members[]): ReadonlySet<string> | undefined {
  const told = parts.flatMap((part) => {
    const types = typeof part['type'] === 'string' ? [part['type']] : textsOf(part['type'])
    return types.length > 0 ? [new Set([...types, ...(part['nullable'] === true ? ['null'] : [])])] : []
  })
  const [first, ...others] = told
  if (first)
    return new Set(
      [...first].filter((type) => others.every((set) => set.has(type) || (type === 'integer' && set.has('number')))),
    )
  const speaks = (...keys: string[]): boolean => parts.some((part) => keys.some((key) => Object.hasOwn(part, key)))
  if (parts.some((part) => Array.isArray(part['enum']) || Object.hasOwn(part, 'const'))) return undefined
  if (speaks('properties', 'required', 'additionalProperties')) return new Set(['object'])
  return speaks('items', 'prefixItems') ? new Set(['array']) : undefined
}

function valuesOf(parts: readonly Members[], isNull: boolean): ReadonlyMap<string, unknown> | undefined {
  const lists = parts.flatMap((part) => [
    ...(Array.isArray(part['enum']) ? [listOf(part['enum'])] : []),
    ...(Object.hasOwn(part, 'const') ? [[part['const']]] : []),
  ])
  const [first, ...others] = lists.map((list) => new Map(list.map((value) => [canonicalJson(value), value])))
  const shared = first && [...first].filter(([key]) => others.every((map) => map.has(key)))
  return shared && new Map(isNull ? [...shared, ['null', null]] : shared)
}
