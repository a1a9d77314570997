import {
  Array as DataArray,
  BooleanData,
  Dictionary,
  Null,
  NumberData,
  StringData,
} from '@actions/expressions/data/index'
import type { ExpressionData } from '@actions/expressions/data/index'
import type { Json } from '../../base/json.js'

/** A value that an expression can see: JSON, or a mapping whose members are made when they are asked for. */
export type Value = Json | LazyMap
export class LazyMap {
  constructor(
    readonly keys: () => Iterable<string>,
    readonly get: (key: string) => Value | undefined,
  ) {}
}

/**
 * A mapping as GitHub's expressions know it: keys are found whatever their case, the first of two wins. The library's own loses
 * keys such as `constructor` and `__proto__`; this one keeps its members in a Map and converts a member when it is read.
 */
class SafeDictionary extends Dictionary {
  readonly #source: LazyMap
  readonly #read = new Map<string, ExpressionData>()
  #names: Map<string, string> | undefined

  constructor(source: LazyMap) {
    super()
    this.#source = source
  }

  override get(key: string): ExpressionData | undefined {
    const known = this.#read.get(key)
    if (known) return known
    let value = this.#source.get(key)
    if (value === undefined) {
      this.#names ??= firstByLowerCase(this.#source.keys())
      const name = this.#names.get(key.toLowerCase())
      value = name === undefined ? undefined : this.#source.get(name)
    }
    if (value === undefined) return undefined
    const data = toData(value)
    this.#read.set(key, data)
    return data
  }

  override values(): ExpressionData[] {
    return this.pairs().map((pair) => pair.value)
  }

  override pairs(): { key: string; value: ExpressionData }[] {
    this.#names ??= firstByLowerCase(this.#source.keys())
    return [...this.#names.values()].map((key) => ({ key, value: this.get(key) ?? new Null() }))
  }
}

function firstByLowerCase(keys: Iterable<string>): Map<string, string> {
  const names = new Map<string, string>()
  for (const key of keys) if (!names.has(key.toLowerCase())) names.set(key.toLowerCase(), key)
  return names
}

/** JSON or a lazy mapping as the library's data. */
export function toData(value: Value): ExpressionData {
  if (value === null) return new Null()
  if (typeof value === 'string') return new StringData(value)
  if (typeof value === 'number') return new NumberData(value)
  if (typeof value === 'boolean') return new BooleanData(value)
  if (Array.isArray(value)) return new DataArray(...value.map(toData))
  if (value instanceof LazyMap) return new SafeDictionary(value)
  const own = value
  return new SafeDictionary(
    new LazyMap(
      () => Object.keys(own),
      (key) => (Object.hasOwn(own, key) ? own[key] : undefined),
    ),
  )
}

/** The library's data as JSON; mappings have no prototype, so that no key of a stranger reaches one. */
export function fromData(data: ExpressionData): Json {
  if (data instanceof StringData || data instanceof BooleanData) return data.value
  if (data instanceof NumberData) return data.value
  if (data instanceof DataArray) return data.values().map(fromData)
  if (data instanceof Dictionary) {
    const object = Object.create(null) as { [key: string]: Json }
    for (const { key, value } of data.pairs()) object[key] = fromData(value)
    return object
  }
  return null
}
