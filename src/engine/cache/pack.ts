import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Json } from '../../base/json.js'
import type { ReadReport } from '../../evidence/evidence.js'
import type { Files } from '../../ports.js'
import { sha256 } from '../../base/hash.js'
import type { Manifest } from './manifest.js'

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
  manifest: Manifest
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
/** Smaller packs are read at once. */
const wholeBytes = 4 * 2 ** 20

/** Writes an entry to a file: a line with the mark and the hash of the head, the head, and the contents. */
export function writePack(
  files: Files,
  path: string,
  pack: { head: PackHead; log: Uint8Array; sign: Signer },
  content: (file: PackedFile) => Uint8Array,
): void {
  const head = JSON.stringify(pack.head)
  const signature = pack.sign ? ` ${pack.sign(head)}` : ''
  const appender = files.append(path)
  try {
    appender.write(`${mark} ${sha256(head)}${signature}\n${head}\n`)
    if (pack.log.length) appender.write(pack.log)
    for (const file of pack.head.files) if (file.link === undefined && file.size > 0) appender.write(content(file))
  } finally {
    appender.close()
  }
}

/** An entry whose head is whole and of this key; contents are read one after another, each checked. */
export interface OpenPack {
  head: PackHead
  /** The next content, of the log first; nothing when it is not what was stored. */
  next(expected: { size: number; sha256: string }): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

/** Opens an entry of one of the scopes that are read, or says why it cannot be used. */
export async function openPack(
  files: Files,
  path: string,
  { key, sign, reads }: { key: string; sign: Signer; reads: readonly string[] },
): Promise<OpenPack | { broken: string }> {
  const pieces = new Pieces(chunksOf(files, path))
  const broken = async (why: string): Promise<{ broken: string }> => {
    await pieces.close()
    return { broken: why }
  }
  const first = (await pieces.line(300)) ?? ''
  const text = await pieces.line(maxHead)
  const [hash, signature] = first.startsWith(`${mark} `) ? first.slice(mark.length + 1).split(' ') : []
  if (text === undefined || hash !== sha256(text)) return broken('the entry is damaged')
  if (sign && !isEqual(signature, sign(text))) return broken('the entry is not signed with this key')
  const head = readHead(text)
  if (head?.key !== key) return broken('the entry is another one')
  if (!reads.includes(head.scope)) return broken(`the entry is not one of ${reads.join(' or ')}`)
  return {
    head,
    async next(expected) {
      const bytes = await pieces.take(expected.size)
      return bytes && sha256(bytes) === expected.sha256 ? bytes : undefined
    },
    close: async () => pieces.close(),
  }
}

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
      const end = this.#rest.indexOf(10)
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
