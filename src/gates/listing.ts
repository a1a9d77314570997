import type { Listing } from './verdict.js'

/** So many things are listed by name; the rest are counted. */
const most = 50

/** Things by name under what they are called; nothing where there are none. */
export const listing = (name: string, items: readonly string[]): Listing[] =>
  items.length > 0 ? [{ name, items: items.slice(0, most), more: Math.max(0, items.length - most) }] : []
