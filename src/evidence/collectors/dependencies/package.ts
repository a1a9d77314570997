/** A package that a lock file or a manifest names. */
export interface Package {
  name: string
  version: string | null
  /** Where the file names it, from 1. */
  line: number
  /** As an SPDX expression, where the file tells. */
  licence?: string
  /** Where it is installed, from the file's folder, where the file tells. */
  folder?: string
}

/** Something that a lock file and a manifest do not agree on. */
export interface Disagreement {
  file: string
  line: number
  message: string
}

/** What is asked to compare a lock file with manifests; paths are from the root of the repository. */
export interface Sources {
  /** The folder of the lock file, with a `/` at its end unless it is the root. */
  folder: string
  /** The text of a tracked file. */
  text: (path: string) => string | undefined
  /** All paths that git tracks. */
  tracked: ReadonlySet<string>
}

/** A kind of lock file. */
export interface LockReader {
  ecosystem: string
  /** By the name of the file. */
  name: RegExp
  /** It tells licences itself. */
  licences: boolean
  /** The command that writes it anew. */
  renew: string
  /** The packages of others that it names, or why it cannot be read. */
  read: (text: string) => Package[] | { unread: string }
  agree?: (text: string, path: string, sources: Sources) => Disagreement[]
}

export type Members = Readonly<Record<string, unknown>>

/** A JSON text that holds a mapping. */
export function jsonMap(text: string | undefined): Members | undefined {
  try {
    return mapIn(JSON.parse((text ?? '').replace(/^\uFEFF/, '')))
  } catch {
    return undefined
  }
}

export const mapIn = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined

/** The members of a mapping that are texts. */
export const textsIn = (value: unknown): [name: string, text: string][] =>
  Object.entries(mapIn(value) ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string')

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The line on which a JSON text has a key first, from 1; its first line when it has none. */
export function lineOfKey(text: string, key: string): number {
  const at = text.indexOf(`${JSON.stringify(key)}:`)
  const spaced = at === -1 ? text.indexOf(`${JSON.stringify(key)} :`) : at
  return spaced === -1 ? 1 : text.slice(0, spaced).split('\n').length
}

/** The line of each key of a JSON text that stands alone on its line with an opening brace, the first of equal ones. */
export function linesOfKeys(text: string): Map<string, number> {
  const found = new Map<string, number>()
  text.split('\n').forEach((line, i) => {
    const [, key] = /^\s*"((?:[^"\\]|\\.)*)": \{/.exec(line) ?? []
    if (key !== undefined && !found.has(key)) found.set(key, i + 1)
  })
  return found
}

/** The licence of a manifest: a text, or as old ones write it; several are a choice. */
export function licenceIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined
  if (!Array.isArray(value)) return textIn(mapIn(value)?.['type'])
  const all = value.flatMap((one) => licenceIn(one) ?? [])
  return all.length > 1 ? all.map((one) => `(${one})`).join(' OR ') : all[0]
}
