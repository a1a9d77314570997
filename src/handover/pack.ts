import { createHash } from 'node:crypto'
import { sha256 } from '../base/hash.js'
import type { Json } from '../base/json.js'
import { formatSize } from '../base/size.js'
import type { Files } from '../ports.js'
import { readEntries, shown, whyNoTree } from './entry.js'
import type { PackedFile, PackEntry, PackSource } from './entry.js'
import { Pieces, piecesOf } from './pieces.js'

/*
 * A pack is a file: a line with the mark and the SHA-256 of the head, the head as one line of JSON, and the contents of its files one
 * after another. The head holds size and SHA-256 of each content, so that the hash of the head stands for all of it.
 */

const mark = 'wf-pack 1'
const longestMark = 100

/** What a pack may hold: bytes of its head, bytes of all contents, and entries. */
export const packLimits = { head: 64 * 2 ** 20, contents: 10 * 2 ** 30, entries: 200_000 } as const

/** Where the content of a file comes from: an absolute path, or memory. */
export type Content = { file: string } | { bytes: Uint8Array }

export interface PackParts {
  /** What whoever packs wants to say about it. */
  head: Json
  entries: readonly PackSource[]
  /** Asked twice of each file, with what `entries` holds: the content must be the same. */
  contentOf: (entry: PackSource) => Content
}

/**
 * Writes a pack under its name when it is whole, in place of what is there. Answers its size, and the hash that stands for all of it; or why
 * it cannot be: too much, a path that not every machine takes, a file that is gone or changes meanwhile.
 */
export async function writePack(
  files: Files,
  path: string,
  { head, entries: sources, contentOf }: PackParts,
): Promise<{ bytes: number; id: string } | { reason: string }> {
  const wrong = sources.length > packLimits.entries ? tooMany(sources.length) : whyNoTree(sources)
  if (wrong !== undefined) return { reason: wrong }
  const entries: PackEntry[] = []
  let contents = 0
  for (const source of sources) {
    if (source.kind !== 'file') {
      entries.push(source)
      continue
    }
    const read = await digest(files, contentOf(source))
    if (!read) return { reason: `${shown(source.path)} is not there any more` }
    contents += read.size
    if (contents > packLimits.contents) return { reason: tooLarge(contents) }
    entries.push({ kind: 'file', path: source.path, executable: source.executable, ...read })
  }
  const text = JSON.stringify({ head, entries: entries.map(written) })
  if (Buffer.byteLength(text) > packLimits.head) return { reason: headTooLarge }
  const id = sha256(text)
  const begin = `${mark} ${id}\n${text}\n`
  const part = `${path}.part`
  files.remove(part)
  try {
    const changed = await fill(files, part, { begin, sources, entries, contentOf })
    if (changed !== undefined) return { reason: `${shown(changed)} changed while it was packed` }
    files.move(part, path)
  } finally {
    files.remove(part)
  }
  return { bytes: Buffer.byteLength(begin) + contents, id }
}

/** An entry with its keys in order, and no others. */
function written(entry: PackEntry): PackEntry {
  const { kind, path } = entry
  if (kind === 'folder') return { kind, path }
  if (kind === 'link') return { kind, path, target: entry.target }
  return { kind, path, executable: entry.executable, size: entry.size, sha256: entry.sha256 }
}

/** Writes all of a pack; answers the path of a content that is not what it was. */
async function fill(
  files: Files,
  path: string,
  parts: {
    begin: string
    sources: readonly PackSource[]
    entries: readonly PackEntry[]
    contentOf: PackParts['contentOf']
  },
): Promise<string | undefined> {
  const appender = files.append(path)
  try {
    appender.write(parts.begin)
    for (const [i, source] of parts.sources.entries()) {
      const entry = parts.entries[i]
      if (entry?.kind !== 'file') continue
      const read = await digest(files, parts.contentOf(source), (piece) => appender.write(piece))
      if (read?.size !== entry.size || read.sha256 !== entry.sha256) return entry.path
    }
    return undefined
  } finally {
    appender.close()
  }
}

/** Reads a content once; nothing when it is no file any more. */
async function digest(
  files: Files,
  content: Content,
  take: (piece: Uint8Array) => void = () => undefined,
): Promise<{ size: number; sha256: string } | undefined> {
  if ('bytes' in content) {
    take(content.bytes)
    return { size: content.bytes.length, sha256: sha256(content.bytes) }
  }
  if (files.stat(content.file)?.kind !== 'file') return undefined
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of piecesOf(files, content.file)) {
    size += piece.length
    hash.update(piece)
    if (piece.length) take(piece)
  }
  return { size, sha256: hash.digest('hex') }
}

/** A pack whose head is whole and whose size is right. The contents are read one after another. */
export interface OpenPack {
  /** What whoever packed said; not checked. */
  readonly head: Json
  /** A tree of paths that every machine takes, none of which leaves the folder by its name. */
  readonly entries: readonly PackEntry[]
  /** The hash that stands for all of it, as `writePack` answered it. */
  readonly id: string
  /**
   * Hands the content of the next file of `entries` over in pieces, and then says whether it was what was packed: until then nothing may
   * rely on it. Nothing after the last one.
   */
  next(take?: (piece: Uint8Array) => void): Promise<{ entry: PackedFile } | { reason: string } | undefined>
  close(): Promise<void>
}

/** Opens a pack, or says why it is none that can be used. Whether the contents are right is known when they are read. */
export async function openPack(files: Files, path: string): Promise<OpenPack | { reason: string }> {
  const stat = files.stat(path)
  if (stat?.kind !== 'file') return { reason: stat ? 'it is no file' : 'it is not there' }
  const pieces = new Pieces(piecesOf(files, path))
  const opened = await openPieces(pieces, stat.size)
  if ('reason' in opened) await pieces.close()
  return opened
}

async function openPieces(pieces: Pieces, size: number): Promise<OpenPack | { reason: string }> {
  const first = (await pieces.line(longestMark))?.toString('latin1') ?? ''
  const [, version, id] = /^wf-pack (\d{1,9}) ([0-9a-f]{64})$/.exec(first) ?? []
  if (version === undefined || id === undefined) return { reason: 'it is no pack of wf' }
  if (`wf-pack ${version}` !== mark)
    return { reason: `it is of version ${version} of the format, which is not known here` }
  const line = await pieces.line(packLimits.head)
  if (!line) return { reason: size > packLimits.head ? headTooLarge : damaged }
  if (sha256(line) !== id) return { reason: damaged }
  const { head, entries } = readHead(line) ?? {}
  if (head === undefined || !entries) return { reason: 'its head is not that of a pack' }
  if (entries.length > packLimits.entries) return { reason: tooMany(entries.length) }
  const packed = entries.filter((entry) => entry.kind === 'file')
  const contents = packed.reduce((sum, file) => sum + file.size, 0)
  if (contents > packLimits.contents) return { reason: tooLarge(contents) }
  const whole = first.length + line.length + 2 + contents
  if (size !== whole) return { reason: size < whole ? 'it is cut off' : 'something was written after its end' }
  const wrong = whyNoTree(entries)
  if (wrong !== undefined) return { reason: wrong }
  return { head, entries, id, next: contentsOf(pieces, packed), close: async () => pieces.close() }
}

function contentsOf(pieces: Pieces, packed: readonly PackedFile[]): OpenPack['next'] {
  let at = 0
  let failed: { reason: string } | undefined
  return async (take = () => undefined) => {
    const entry = packed[at]
    if (failed || !entry) return failed
    const hash = createHash('sha256')
    const isWhole = await pieces.take(entry.size, (piece) => {
      hash.update(piece)
      take(piece)
    })
    if (!isWhole || hash.digest('hex') !== entry.sha256)
      return (failed = { reason: `${shown(entry.path)} is not what was packed` })
    at += 1
    return { entry }
  }
}

function readHead(line: Buffer): { head: Json; entries: PackEntry[] | undefined } | undefined {
  try {
    const json = JSON.parse(line.toString('utf8')) as Json
    if (json === null || typeof json !== 'object' || Array.isArray(json)) return undefined
    const { head, entries } = json
    return head === undefined ? undefined : { head, entries: readEntries(entries) }
  } catch {
    return undefined
  }
}

const damaged = 'it is damaged'
const headTooLarge = `its head is larger than ${formatSize(packLimits.head)}`
const tooMany = (entries: number): string => `it has ${entries} entries, and at most ${packLimits.entries} are allowed`
const tooLarge = (bytes: number): string =>
  `its files hold ${formatSize(bytes)}, and at most ${formatSize(packLimits.contents)} are allowed`
