import type { Json } from '../base/json.js'
import type { JournalEvent } from './events.js'

/**
 * Members whose text is one of our own words, not what a step or a report said: a secret that happens to be `success` must not take the
 * meaning out of the journal.
 */
const ours = new Set([
  'type',
  'run',
  'status',
  'conclusion',
  'kind',
  'level',
  'gate',
  'format',
  'category',
  'severity',
  'event',
])

/** The event with every text in it cleaned; text by text, so that its shape cannot break. */
export const cleanEvent = (event: JournalEvent, clean: (text: string) => string): JournalEvent =>
  cleanMap(event as unknown as { [key: string]: Json }, clean, false) as unknown as JournalEvent

/** The same for what an event holds. */
export const cleaned = <T extends object>(part: T, clean: Clean): T =>
  cleanMap(part as unknown as { [key: string]: Json }, clean, false) as unknown as T

/** Whether a text of what is written as JSON would be cleaned. */
export function hidesSomething(json: string, clean: Clean): boolean {
  if (clean(json) !== json) return true
  if (!json.includes('\\')) return false
  // A line's end is a letter there, so that a token after it is no word of its own.
  const apart = json.replaceAll(/\\(?:u[\da-f]{4}|.)/g, ' ')
  return clean(apart) !== apart
}

type Clean = (text: string) => string

/** What a step told as outputs is its own, names and numbers too. */
function cleanMap(map: { [key: string]: Json }, clean: Clean, free: boolean): { [key: string]: Json } {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([key, value]) => [
      free ? clean(key) : key,
      !free && ours.has(key) && typeof value === 'string' ? value : cleanValue(value, clean, free || key === 'outputs'),
    ]),
  )
}

function cleanValue(value: Json, clean: Clean, free: boolean): Json {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, clean, free))
  if (typeof value === 'object' && value !== null) return cleanMap(value, clean, free)
  if (free && typeof value === 'number' && clean(String(value)) !== String(value)) return clean(String(value))
  return value
}
