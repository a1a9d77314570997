import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Json } from '../../base/json.js'
import type { ReadReport } from '../../evidence/evidence.js'
import type { Files } from '../../ports.js'
import { sha256 } from '../../base/hash.js'

/** What a step told when it succeeded. */
export interface StepRecord {
  outputs: Record<string, Json>
  env: Record<string, string>
  paths: string[]
  summary: string
  warnings: string[]
  reports: ReadReport[]
}

/** A file that a step left, from the root of the workspace. */
export interface PackedFile {
  path: string
  /** Mode and content as git writes them. */
  state: string
  size: number
  sha256: string
  /** Where a link leads; it has no content of its own then. */
  link?: string
}

/** The head of a stored entry. The contents of log and files follow it, in this order. */
export interface PackHead {
  version: 1
  key: string
  /** Whose run wrote it: `trusted`, `pull-7`. */
  scope: string
  /** Milliseconds since the epoch. */
  created: number
  duration_ms: number
  record: StepRecord
  log: { size: number; sha256: string }
  files: PackedFile[]
}

/** Signs heads and knows its own again; `undefined` where nothing is signed. */
export type Signer = ((head: string) => string) | undefined

/** HMAC-SHA256 with a secret of the user's. */
export const signerOf = (secret: string | undefined): Signer =>
  secret === undefined ? undefined : (head) => createHmac('sha256', secret).update(head).digest('hex')

const mark = 'wf-cache 1'
/** A head names every file of the step; a longer one is none of ours. */
const maxHead = 64 * 2 ** 20
const maxFirst = 300
const newline = 10
/** Smaller packs are read at once. */
const wholeBytes = 4 * 2 ** 20

/** What an entry is written of; its files' contents are asked for one after another. */
export interface NewPack {
  head: PackHead
  log: Uint8Array
  sign: Signer
  content: (file: PackedFile) => Uint8Array
}

/** The parts of an entry in their order: a line with the mark and the hash of the head, the head, and the contents. */
function* partsOf({ head, log, sign, content }: NewPack): Iterable<Uint8Array> {
  const text = JSON.stringify(head)
  yield Buffer.from(`${mark} ${sha256(text)}${sign ? ` ${sign(text)}` : ''}\n${text}\n`)
  if (log.length) yield log
  for (const file of head.files) if (file.link === undefined && file.size > 0) yield content(file)
}

/** How many bytes the contents of an entry have. */
export const contentSize = ({ log, files }: Pick<PackHead, 'log' | 'files'>): number =>
  files.reduce((sum, { size }) => sum + size, log.size)

/** Writes an entry to a file. */
export function writePack(files: Files, path: string, pack: NewPack): void {
  const appender = files.append(path)
  try {
    for (const part of partsOf(pack)) appender.write(part)
  } finally {
    appender.close()
  }
}

/** The same as bytes. */
export function packBytes(pack: NewPack): Uint8Array {
  const parts = [...partsOf(pack)]
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

/** An entry whose head is whole and of this key; contents are read one after another, each checked. */
export interface OpenPack {
  head: PackHead
  /** The next content, of the log first; nothing when it is not what was stored. */
  next(expected: Content): Uint8Array | undefined | Promise<Uint8Array | undefined>
  close(): Promise<void> | undefined
}

interface Content {
  size: number
  sha256: string
}

/** Which entry is asked for, and whose are believed. */
export interface Expected {
  key: string
  sign: Signer
  reads: readonly string[]
}

/** Opens an entry of one of the scopes that are read, or says why it cannot be used. */
export async function openPack(files: Files, path: string, expected: Expected): Promise<OpenPack | { broken: string }> {
  const pieces = new Pieces(chunksOf(files, path))
  const head = checkHead((await pieces.line(maxFirst)) ?? '', await pieces.line(maxHead), expected)
  if ('broken' in head) {
    await pieces.close()
    return head
  }
  return {
    head,
    next: async (wanted) => checked(await pieces.take(wanted.size), wanted),
    close: async () => pieces.close(),
  }
}

/** The same for one that is in memory. */
export function readPack(bytes: Uint8Array, expected: Expected): OpenPack | { broken: string } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = all.indexOf(newline)
  const second = first === -1 ? -1 : all.indexOf(newline, first + 1)
  const text = second === -1 ? undefined : all.toString('utf8', first + 1, second)
  const head = checkHead(all.toString('utf8', 0, Math.max(0, first)), text, expected)
  if ('broken' in head) return head
  let at = second + 1
  return {
    head,
    next(wanted) {
      at += wanted.size
      return at <= all.length ? checked(all.subarray(at - wanted.size, at), wanted) : undefined
    },
    close: () => undefined,
  }
}

/** An entry's head, when both of its first lines are what was written. */
function checkHead(
  first: string,
  text: string | undefined,
  { key, sign, reads }: Expected,
): PackHead | { broken: string } {
  const [hash, signature] = first.startsWith(`${mark} `) ? first.slice(mark.length + 1).split(' ') : []
  if (text === undefined || hash !== sha256(text)) return { broken: 'the entry is damaged' }
  if (sign && !isEqual(signature, sign(text))) return { broken: 'the entry is not signed with this key' }
  const head = readHead(text)
  if (head?.key !== key) return { broken: 'the entry is another one' }
  if (!reads.includes(head.scope)) return { broken: `the entry is not one of ${reads.join(' or ')}` }
  return head
}

const checked = (bytes: Uint8Array | undefined, { size, sha256: expected }: Content): Uint8Array | undefined =>
  bytes && (size === 0 || sha256(bytes) === expected) ? bytes : undefined

function readHead(text: string): PackHead | undefined {
  try {
    const head = JSON.parse(text) as PackHead
    return head.version === 1 && Array.isArray(head.files) ? head : undefined
  } catch {
    return undefined
  }
}

/** Whether a signature is the one that is expected, compared in constant time. */
export function isEqual(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function* chunksOf(files: Files, path: string): AsyncIterable<Uint8Array> {
  const size = files.stat(path)?.size ?? 0
  if (size > wholeBytes) yield* files.stream(path)
  else yield files.readBytes(path) ?? new Uint8Array()
}

/** A stream, read by lines and by numbers of bytes. */
class Pieces {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** A line without its end; nothing when there is none of at most so many bytes. */
  async line(most: number): Promise<string | undefined> {
    const parts: Buffer[] = []
    for (let length = 0; length <= most;) {
      const end = this.#rest.indexOf(newline)
      if (end !== -1) {
        parts.push(this.#rest.subarray(0, end))
        this.#rest = this.#rest.subarray(end + 1)
        return Buffer.concat(parts).toString('utf8')
      }
      parts.push(this.#rest)
      length += this.#rest.length
      if (!(await this.#more())) return undefined
    }
    return undefined
  }

  /** So many bytes; nothing when there are fewer. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const parts: Buffer[] = []
    for (let left = count; ;) {
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      parts.push(part)
      left -= part.length
      if (left === 0) return parts.length === 1 ? part : Buffer.concat(parts)
      if (!(await this.#more())) return undefined
    }
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next()
    this.#rest = done ? Buffer.alloc(0) : Buffer.from(value)
    return !done
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
