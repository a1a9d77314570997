import type { Json } from '../../base/json.js'

export type JsonMap = { [key: string]: Json }
type Path = readonly (string | number)[]

/** How data stands on the page; what it says does not depend on it. */
export interface Layout {
  /** A remark behind the line of a value. */
  note(path: Path, value: Json): string | undefined
  /** Whether an empty line stands before a key. */
  apart(path: Path): boolean
  /** Whether a collection takes a line for each of its members; else it stands in one line where it fits. */
  block(path: Path): boolean
  /** Lines that follow the members of such a collection, as they are. */
  rest(path: Path): readonly string[]
}

/** A line of its own is easier to read than a longer one. */
const widest = 100

/**
 * A mapping as YAML. Texts that any reader of YAML 1.1 or 1.2 could take for something else are quoted, so that reading it gives the same
 * data again.
 */
export function yamlText(data: JsonMap, layout: Layout): string {
  const lines: string[] = []
  mapLines(data, { path: [], indent: '' }, layout, lines)
  return `${lines.join('\n')}\n`
}

interface At {
  path: Path
  indent: string
}

function mapLines(map: JsonMap, { path, indent }: At, layout: Layout, lines: string[]): void {
  for (const [key, value] of Object.entries(map)) {
    const at = [...path, key]
    if (layout.apart(at)) lines.push('')
    // The one key that YAML 1.1 takes for a truth value and everybody writes all the same.
    const name = path.length === 0 && key === 'on' ? key : scalar(key, true)
    memberLines(`${indent}${name}:`, value, { path: at, indent: `${indent}  ` }, { layout, lines })
  }
  lines.push(...layout.rest(path))
}

function memberLines(head: string, value: Json, at: At, to: { layout: Layout; lines: string[] }): void {
  const { layout, lines } = to
  const note = layout.note(at.path, value)
  const behind = note === undefined ? '' : ` # ${note}`
  const inline = inLine(value, at, layout)
  if (inline !== undefined) lines.push(`${head} ${inline}${behind}`)
  else if (Array.isArray(value)) {
    lines.push(`${head}${behind}`)
    for (const [i, item] of value.entries())
      itemLines(item, { path: [...at.path, i], indent: at.indent }, layout, lines)
    lines.push(...layout.rest(at.path))
  } else {
    lines.push(`${head}${behind}`)
    mapLines(value as JsonMap, at, layout, lines)
  }
}

/** A member of a list; the first line of a mapping stands behind the dash. */
function itemLines(item: Json, { path, indent }: At, layout: Layout, lines: string[]): void {
  const within = `${indent}  `
  if (isMap(item) && inLine(item, { path, indent }, layout) === undefined) {
    const own: string[] = []
    mapLines(item, { path, indent: within }, layout, own)
    lines.push(`${indent}- ${(own[0] ?? '').slice(within.length)}`, ...own.slice(1))
  } else memberLines(`${indent}-`, item, { path, indent: within }, { layout, lines })
}

/** A value that stands behind its key; nothing where it takes lines of its own. */
function inLine(value: Json, { path, indent }: At, layout: Layout): string | undefined {
  if (value === null || typeof value !== 'object') return scalar(value, false)
  const members: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  if (layout.block(path)) return undefined
  if (members.length === 0) return flow(value)
  if (members.some(([key, member]) => layout.note([...path, key], member) !== undefined)) return undefined
  const text = flow(value)
  return depth(value) <= 2 && indent.length + text.length <= widest ? text : undefined
}

function flow(value: Json): string {
  if (value === null || typeof value !== 'object') return scalar(value, true)
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  const members = Object.entries(value).map(([key, member]) => `${scalar(key, true)}: ${flow(member)}`)
  return members.length ? `{ ${members.join(', ')} }` : '{}'
}

const depth = (value: Json): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depth))

export const isMap = (value: Json): value is JsonMap =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Words that some reader takes for null, a truth value or a number. */
const words = /^(?:null|true|false|yes|no|on|off|y|n|\.inf|\.nan|[._]*e[-+]?[\d_]+)$/i
/** Characters that need an escape, or that an editor shows as the end of a line. */
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF]/

/** What ends a text between brackets; some readers take a question mark there for the beginning of a key. */
const notInFlow = /[,[\]{}?]/

/** A plain value; `inFlow` says that it stands between brackets, or as a key, where fewer characters are plain. */
function scalar(value: string | number | boolean | null, inFlow: boolean): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (isPlain(value) && !(inFlow && notInFlow.test(value))) return value
  return unprintable.test(value) ? escaped(value) : `'${value.replaceAll("'", "''")}'`
}

const isPlain = (text: string): boolean =>
  /^(?:\.?[A-Za-z_/]|\$\{\{)[\u0020-\u007E]*$/.test(text) && !words.test(text) && !/: | #|[: ]$/.test(text)

const escaped = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007F-\u009F\u2028\u2029\uFEFF]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
