import { truncate } from '../base/text.js'

/**
 * A copy of plain data in which no text is longer than `max` characters, nor any list of texts longer than `max`
 * entries; the last entry of a cut list says how many are missing.
 */
export function cutTexts<T>(value: T, max: number): T {
  return cut(value, max) as T
}

function cut(value: unknown, max: number): unknown {
  if (typeof value === 'string') return truncate(value, max)
  if (Array.isArray(value)) {
    const texts = value.length > max && value.every((item) => typeof item === 'string')
    const kept: unknown[] = texts ? value.slice(0, max) : value
    const list = kept.map((item) => cut(item, max))
    return texts ? [...list, `… and ${value.length - max} more`] : list
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, max)]))
}
