import { Type } from 'typebox'
import type { Static, TProperties, TSchema } from 'typebox'
import { datePattern } from '../base/date.js'
import { durationPattern } from '../base/duration.js'
import { sizePattern } from '../base/size.js'
import { sharePattern } from '../base/share.js'
import type { Json } from '../base/json.js'
import type { Scope } from './scopes.js'

/**
 * The vocabulary in which the workflow file is defined. A definition is a JSON Schema with a TypeScript type; from it come the
 * published schema, the compiled validator, the types and the reference page. Unions are decided by the JSON type or by a key,
 * never by trying: so one slip gives one message.
 *
 * `x-expression` names the scope of the expressions that a text may hold; `x-say` is the message for a value that does not fit.
 */
interface Hints {
  'x-expression'?: Scope
  'x-say'?: string
  'x-example'?: unknown
  default?: unknown
}

/** A mapping with exactly these keys. */
export const object = <P extends TProperties>(description: string, properties: P, hints: Hints = {}) =>
  Type.Object(properties, { description, additionalProperties: false, ...hints })

export const optional = Type.Optional

/** A text that is taken as it stands; an expression in it is a mistake. */
export const text = (description: string, hints: Hints = {}) => Type.String({ description, ...hints })

/** A text in which `${{ }}` is replaced. */
export const template = (scope: Scope, description: string, hints: Hints = {}) =>
  Type.String({ description, 'x-expression': scope, ...hints })

/** A condition: an expression with or without its marks, or a plain truth value. */
export const condition = (scope: Scope, description: string, hints: Hints = {}) =>
  byType(
    description,
    { string: template(scope, description), boolean: flag(description) },
    { 'x-expression': scope, ...hints },
  )

/** A text of a stated form. */
export const pattern = (form: string, say: string, description: string, hints: Hints = {}) =>
  Type.String({ description, pattern: form, 'x-say': say, ...hints })

export const duration = (description: string, hints: Hints = {}) =>
  pattern(
    durationPattern,
    'a duration is a number and `ms`, `s`, `m`, `h` or `d`, such as `90s` or `20m`',
    description,
    hints,
  )

export const size = (description: string, hints: Hints = {}) =>
  pattern(sizePattern, 'a size is a number and `KB`, `MB` or `GB`, such as `500MB`', description, hints)

export const share = (description: string) =>
  pattern(sharePattern, 'a share is a percentage from `0%` to `100%`, such as `80%`', description)

export const date = (description: string) =>
  pattern(datePattern, 'a date such as `2027-03-31`; it holds to the end of that day, UTC', description)

export const choice = <const V extends readonly string[]>(description: string, values: V, hints: Hints = {}) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description, ...hints })

export const whole = (description: string, minimum = 0, hints: Hints = {}) =>
  Type.Integer({ description, minimum, ...hints })

export const flag = (description: string, hints: Hints = {}) => Type.Boolean({ description, ...hints })

/** A map from names to values; the names follow `form` where it is given. */
export const mapOf = <V extends TSchema>(description: string, value: V, form?: string, say?: string) =>
  Type.Unsafe<Record<string, Static<V>>>({
    type: 'object',
    description,
    additionalProperties: value,
    ...(form ? { propertyNames: { pattern: form, ...(say ? { 'x-say': say } : {}) } } : {}),
  })

export const listOf = <V extends TSchema>(description: string, items: V, minItems = 0) =>
  Type.Unsafe<Static<V>[]>({ type: 'array', description, items, ...(minItems ? { minItems } : {}) })

type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null'

/** One of several shapes, told apart by the JSON type of the value. */
export function byType<const S extends Partial<Record<JsonType, TSchema>>>(
  description: string,
  shapes: S,
  hints: Hints = {},
) {
  const entries = Object.entries(shapes)
  return Type.Unsafe<Static<NonNullable<S[keyof S]>>>({
    description,
    type: entries.map(([type]) => type),
    allOf: entries.map(([type, shape]) => ({ if: { type }, then: shape })),
    ...hints,
  })
}

/** One value or a list of them. */
export const oneOrMany = <V extends TSchema>(description: string, value: V) => {
  const { description: _, ...bare } = value as V & { description?: string }
  return byType(description, { string: value, array: listOf(description, bare as V, 1) })
}

/**
 * One of several mappings, told apart by which key is present; the first that fits in the order given decides.
 * Where none is present, `say` is the message.
 */
export function byKey<const S extends Record<string, TSchema>>(
  description: string,
  shapes: S,
  say: string,
  hints: Hints = {},
) {
  const none: object = { not: {}, 'x-say': say }
  const chain = Object.entries(shapes).reduceRight<object>(
    (otherwise, [key, shape]) => ({ if: { required: [key] }, then: shape, else: otherwise }),
    none,
  )
  return Type.Unsafe<Static<S[keyof S]>>({
    type: 'object',
    description,
    'x-kinds': Object.keys(shapes),
    ...chain,
    ...hints,
  })
}

export const decimal = (description: string, minimum: number, maximum: number, hints: Hints = {}) =>
  Type.Number({ description, minimum, maximum, ...hints })

/** Any JSON; expressions in its texts are replaced where a scope is given. */
export const json = (description: string, scope: Scope) => Type.Unsafe<Json>({ description, 'x-expression': scope })

/** A mapping of any JSON. */
export const jsonMap = (description: string, scope: Scope) =>
  Type.Unsafe<Record<string, Json>>({ type: 'object', description, 'x-expression': scope })

/** Gives a definition a name: the published schema holds it once under `definitions` and refers to it. */
export const named = <S extends TSchema>(name: string, schema: S): S => Object.assign(schema, { 'x-name': name })

/** Names each of several keys, for keys that many mappings have in common. */
export const shared = <P extends TProperties>(prefix: string, properties: P): P => {
  for (const [key, schema] of Object.entries(properties)) if (!('x-name' in schema)) named(`${prefix}-${key}`, schema)
  return properties
}
