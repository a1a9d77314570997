import { isTableHead } from './markdown.js'

/** A part of a document. Its head is shown with at least one item or not at all, so that nothing stands cut in half. */
export interface Section {
  /** What it is called where it had to be left out: `failing tests`. */
  name: string
  head: string
  items: string[]
  /** How many more there are than `items` holds. */
  omitted: number
  foot?: string
  /** One line that says how many items are not shown. */
  more(left: number): string
  /** Stands between items; a line break unless given. */
  between?: string
}

/** How much room there is, and how it is counted. */
export interface Budget {
  max: number
  size: (text: string) => number
}

/** Counted in UTF-16 units, never fewer than the characters that GitHub counts. */
export const characters = (max: number): Budget => ({ max, size: (text) => text.length })

/** Counted in bytes of UTF-8. */
export const bytes = (max: number): Budget => ({ max, size: (text) => Buffer.byteLength(text) })

const gap = '\n\n'
const noteRoom = 400
const longestName = 60

/**
 * Writes sections in their order, most important first, until the room is used up; whole items only. What did not fit
 * is said: in a section by its `more` line, of whole sections in a last line.
 */
export function fit(sections: readonly Section[], { max, size }: Budget): string {
  const parts: string[] = []
  const left: string[] = []
  let room = max - noteRoom
  for (const section of sections) {
    const written = write(section, size, room - size(gap))
    if (written === undefined) left.push(section.name)
    else if (written !== '') {
      parts.push(written)
      room -= size(written) + size(gap)
    }
  }
  if (left.length > 0) parts.push(leftOut(left))
  return parts.join(gap)
}

function leftOut(names: readonly string[]): string {
  // A gate of a stranger's outcome may bring lists of any name.
  const unique = [...new Set(names.map((name) => name.replaceAll(/[^\p{L}\p{N} ,'-]/gu, ' ').slice(0, longestName)))]
  const shown = unique.slice(0, 5)
  const rest = unique.length > shown.length ? ` and ${unique.length - shown.length} more parts` : ''
  return `Left out, because there is no more room: ${shown.join(', ')}${rest}.`
}

/** The section as far as there is room; `''` when it is empty, undefined when not even one item fits. */
function write(section: Section, size: Budget['size'], room: number): string | undefined {
  const { head, items, omitted, foot = '', between = '\n' } = section
  if (items.length === 0 && omitted === 0) return ''
  // Room for the line that says what is left, at its longest.
  const ends = size(foot) + size(section.more(items.length + omitted)) + 2 * size(gap)
  let used = size(head) + size(gap) + ends
  let shown = 0
  for (const item of items) {
    used += size(item) + size(between)
    if (used > room) break
    shown++
  }
  if (shown === 0 && (items.length > 0 || used > room)) return undefined
  const left = items.length - shown + omitted
  const body = items.slice(0, shown).join(between)
  const list = [body, ...(left > 0 ? [section.more(left)] : [])].filter((part) => part !== '')
  const joined = list.join(between)
  const text = isTableHead(head) ? joined : joined.replaceAll(/^\n+|\n+$/g, '')
  return head + joinHead(head) + text + (foot === '' ? '' : gap + foot)
}

/** A table's rows follow its head at once, everything else after a blank line. */
const joinHead = (head: string): string => (head === '' ? '' : isTableHead(head) ? '\n' : gap)

/** A section of one piece. */
export const piece = (name: string, text: string): Section => ({
  name,
  head: '',
  items: text === '' ? [] : [text],
  omitted: 0,
  more: () => '',
})

/** A list in which at most `max` items are shown, the first ones first. */
export function listed<T>(
  list: readonly T[],
  max: number,
  item: (one: T) => string,
): Pick<Section, 'items' | 'omitted'> {
  return { items: list.slice(0, max).map(item), omitted: Math.max(0, list.length - max) }
}
