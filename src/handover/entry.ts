import type { Json } from '../base/json.js'
import { stripControls, truncate } from '../base/text.js'

/** A file of a pack. Its content follows the head of the pack. */
export interface PackedFile {
  kind: 'file'
  /** With `/`, from the folder that the pack is of. */
  path: string
  executable: boolean
  /** Bytes. */
  size: number
  sha256: string
}

/** A symbolic link, and where it leads as it is written, with `/`. */
export interface PackedLink {
  kind: 'link'
  path: string
  target: string
}

/** A folder in which nothing is. */
export interface PackedFolder {
  kind: 'folder'
  path: string
}

export type PackEntry = PackedFile | PackedLink | PackedFolder

/** What is packed: a file's size and hash are found when it is read. */
export type PackSource = Omit<PackedFile, 'size' | 'sha256'> | PackedLink | PackedFolder

/** No path and no target of a link has more characters. */
export const longestPath = 4096

/** Code points that a disk of Apple's leaves out of names: `.g\u200Cit` is `.git` there. */
const unseen = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g

/** Whether some file system takes a name for git's own folder. */
export function isGitFolder(name: string): boolean {
  const [seen = ''] = name.replaceAll(unseen, '').toLowerCase().split(':')
  return /^(?:\.git|git~1)[. ]*$/.test(seen)
}

/** Why a path cannot be that of an entry on every machine; nothing when it can. */
export function whyNoPath(path: string): string | undefined {
  if (path === '') return 'it is empty'
  if (path.length > longestPath) return `it is longer than ${longestPath} characters`
  if (/[\u0000-\u001F\u007F]/.test(path)) return 'it holds a control character'
  if (path.includes('\\')) return 'it holds a backslash, which parts folders on some machines'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is absolute'
  const parts = path.split('/')
  // Some disks drop dots and blanks at the end of a name.
  if (parts.some((part) => /^[. ]*$/.test(part))) return 'it has a part that names no file'
  if (parts.some(isGitFolder)) return "it lies in git's own folder"
  return undefined
}

/** All folders above a path, the outermost first. */
export function foldersAbove(path: string): string[] {
  const found: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at))
  return found
}

/** Why some entries together are no tree: a path that cannot be, twice the same one, a file or link with something in it. */
export function whyNoTree(entries: readonly PackSource[]): string | undefined {
  const kinds = new Map<string, PackSource['kind']>()
  for (const { path, kind } of entries) {
    const why = whyNoPath(path)
    if (why !== undefined) return `${shown(path)} cannot be a path of it: ${why}`
    if (kinds.has(path)) return `${shown(path)} is in it twice`
    kinds.set(path, kind)
  }
  for (const { path } of entries)
    for (const folder of foldersAbove(path)) {
      const kind = kinds.get(folder)
      if (kind === 'file' || kind === 'link') return `${shown(path)} lies in ${shown(folder)}, which is a ${kind}`
    }
  return undefined
}

/** Entries as they were read from JSON; nothing when they are none. */
export function readEntries(json: Json | undefined): PackEntry[] | undefined {
  if (!Array.isArray(json)) return undefined
  const entries = json.map(readEntry)
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

function readEntry(json: Json): PackEntry | undefined {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return undefined
  const { kind, path, executable, size, sha256, target } = json
  if (typeof path !== 'string') return undefined
  if (kind === 'folder') return { kind, path }
  if (kind === 'link') return typeof target === 'string' ? { kind, path, target } : undefined
  if (kind !== 'file' || typeof executable !== 'boolean') return undefined
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  return { kind, path, executable, size, sha256 }
}

/** Another's text in a message: one line without controls, not too long. */
export const shown = (text: string): string => truncate(stripControls(text).replaceAll(/\s+/g, ' '), 200)
