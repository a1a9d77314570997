import { Buffer, isAscii } from 'node:buffer'
import { refuse } from './reader.js'

const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/

/**
 * The encoding of a report from its first bytes: the byte order mark, else the pattern of UTF-16, else what an XML
 * declaration says, else UTF-8. Throws `Unreadable` for binary content and for encodings that nobody can decode.
 */
export function encodingOf(head: Uint8Array): string {
  const [a, b, c, d] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw refuse('is in UTF-32, which is not read: write it in UTF-8')
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be'
  if (head.subarray(0, 8192).includes(0)) throw refuse('is a binary file')
  return declaredEncoding(head)
}

/** Some writers declare UTF-16 in a file of single bytes; a declaration that was read as bytes proves it wrong. */
function declaredEncoding(head: Uint8Array): string {
  const name = declared.exec(new TextDecoder('latin1').decode(head.subarray(0, 512)))?.[1]
  if (!name || /^(?:utf-?16|ucs-?2|iso-10646-ucs-2|unicode$)/i.test(name)) return 'utf-8'
  try {
    return new TextDecoder(name).encoding
  } catch {
    throw refuse(`declares the encoding "${name}", which is not known`, 1)
  }
}

/** Decodes chunks as they come, the byte order mark removed; calls `invalid` once when bytes do not fit the encoding. */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  invalid: () => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  let told = false
  const check = (text: string): string => {
    if (!told && text.includes('\uFFFD')) {
      told = true
      invalid()
    }
    return text
  }
  // Nearly every report is plain ASCII, of which bytes are characters; the decoder then has nothing pending either.
  const asciiFits = encoding === 'utf-8' || encoding === 'windows-1252'
  let settled = asciiFits
  for await (const chunk of chunks) {
    const ascii = settled && isAscii(chunk)
    yield ascii ? latin1(chunk) : check(decoder.decode(chunk, { stream: true }))
    settled = asciiFits && (chunk.length === 0 ? settled : (chunk.at(-1) as number) < 0x80)
  }
  const last = check(decoder.decode())
  if (last !== '') yield last
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
