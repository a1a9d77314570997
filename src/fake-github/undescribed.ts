import type { Json } from '../base/json.js'
import type { Schema } from './operation.js'

/** Finds what a reference to a shared schema means. */
export type Resolve = (reference: string) => Schema | undefined

/** The paths of all properties of `value` that the schema does not describe, such as `output.sumary`. */
export function undescribed(value: Json, schema: Schema, resolve: Resolve, path = ''): string[] {
  if (value === null || typeof value !== 'object') return []
  const parts = flatten(schema, resolve)
  if (Array.isArray(value)) {
    const items = parts.flatMap(({ schema: { items } }) => (items ? [items as Schema] : []))
    if (items.length === 0) return []
    return value.flatMap((item, index) => undescribed(item, { anyOf: items }, resolve, `${path}[${index}]`))
  }
  const described = parts.flatMap(({ schema: { properties } }) => (properties ? [properties as Properties] : []))
  if (described.length === 0 || parts.some(({ schema, narrows }) => !narrows && takesMore(schema))) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path ? `${path}.${key}` : key
    const own = described.flatMap((properties) => (Object.hasOwn(properties, key) ? [properties[key] ?? {}] : []))
    return own.length ? undescribed(item, { anyOf: own }, resolve, at) : [at]
  })
}

interface Properties {
  readonly [name: string]: Schema
}

const takesMore = ({ additionalProperties }: Schema): boolean =>
  additionalProperties === true || (typeof additionalProperties === 'object' && additionalProperties !== null)

/** The schema and all that it is made of. A part narrows when the schema around it already says which properties there are. */
function flatten(schema: Schema, resolve: Resolve, narrows = false): { schema: Schema; narrows: boolean }[] {
  const { $ref, allOf, anyOf, oneOf } = schema
  if (typeof $ref === 'string') {
    const found = resolve($ref)
    return found ? flatten(found, resolve, narrows) : []
  }
  const inner = narrows || schema['properties'] !== undefined
  const parts = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as Schema[]) : []))
  return [{ schema, narrows }, ...parts.flatMap((part) => flatten(part, resolve, inner))]
}
