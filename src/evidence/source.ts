import { decodeChunks, encodingOf } from './decode.js'
import type { ReportInput } from './evidence.js'
import type { ReadContext } from './reader.js'

/** So much of a report is looked at to recognise its encoding and format. */
export const headBytes = 64 * 1024

/** A report's content after a look at its beginning. */
export interface Opened {
  /** The first characters, decoded. */
  head: string
  text(): AsyncIterable<string>
  /** In UTF-8, whatever the report's encoding is. */
  bytes(): AsyncIterable<Uint8Array>
}

/** Takes a first look; undefined for a report of 0 bytes. The bytes are asked for once. */
export async function openReport(input: ReportInput, context: ReadContext): Promise<Opened | undefined> {
  const chunks = input.chunks()[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  let ended = false
  while (size < headBytes) {
    const next = await chunks.next()
    if (next.done) {
      ended = true
      break
    }
    first.push(next.value)
    size += next.value.length
  }
  if (size === 0) return undefined
  const head = joined(first, headBytes)
  const encoding = encodingOf(head)
  const decoded = new TextDecoder(encoding).decode(head, { stream: true })
  const bytes = (): AsyncIterable<Uint8Array> => rest(first, ended ? undefined : chunks)
  const text = (): AsyncIterable<string> =>
    decodeChunks(bytes(), encoding, () =>
      context.problems.warning(`holds bytes that are no ${encoding.toUpperCase()}; they are shown as \uFFFD`),
    )
  const plain = encoding === 'utf-8'
  return { head: decoded, text, bytes: plain ? () => withoutMark(bytes()) : () => encoded(text()) }
}

function joined(chunks: readonly Uint8Array[], max: number): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all.subarray(0, max)
}

async function* rest(first: Uint8Array[], chunks: AsyncIterator<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  try {
    for (let chunk = first.shift(); chunk; chunk = first.shift()) yield chunk
    if (!chunks) return
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  } finally {
    // Whoever stops early lets go of the file.
    await chunks?.return?.()
  }
}

async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let started = false
  for await (const chunk of chunks) {
    const marked = !started && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
    started = true
    yield marked ? chunk.subarray(3) : chunk
  }
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const text of texts) yield encoder.encode(text)
}
