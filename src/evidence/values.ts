/** Values of a JSON document that comes from outside: each answers undefined where the type is another. */

export type Fields = Readonly<Record<string, unknown>>

/** The object, or undefined for everything else; its keys are read only by name or by `Object.entries`. */
export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

/** An own property's value; names that every object inherits are not there. */
export const at = (value: unknown, key: string): unknown => {
  const object = fields(value)
  return object && Object.hasOwn(object, key) ? object[key] : undefined
}

export const items = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined)

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The texts of a list; nothing where it is none. */
export const texts = (value: unknown): string[] => (items(value) ?? []).filter((one) => typeof one === 'string')

export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** An element of a list; undefined outside of it. */
export const element = (value: unknown, index: number | undefined): unknown =>
  index === undefined ? undefined : items(value)?.[index]
