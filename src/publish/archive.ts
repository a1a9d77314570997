import { inflateRawSync } from 'node:zlib'

/** A file in a zip archive, still packed. */
export interface PackedFile {
  name: string
  /** Its content of at most `max` bytes. Unpacking ends there, whatever size the archive claims. */
  unpack(max: number): Uint8Array | 'too large' | 'broken'
}

const entrySign = 0x02014b50
const fileSign = 0x04034b50
const endSign = Buffer.from('PK\u0005\u0006', 'latin1')

/** The files that a zip archive lists; nothing when it is none. Numbers are those of APPNOTE.TXT 6.3, without its ZIP64. */
export function filesOf(archive: Uint8Array): PackedFile[] | undefined {
  const data = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  return reading(() => {
    const end = data.lastIndexOf(endSign)
    if (end === -1) return undefined
    const files: PackedFile[] = []
    let at = data.readUInt32LE(end + 16)
    for (let left = data.readUInt16LE(end + 10); left > 0; left--) {
      if (data.readUInt32LE(at) !== entrySign) return undefined
      const text = at + 46
      const next = text + data.readUInt16LE(at + 28)
      const entry = {
        method: data.readUInt16LE(at + 10),
        size: data.readUInt32LE(at + 20),
        offset: data.readUInt32LE(at + 42),
      }
      files.push({
        name: data.toString('utf8', text, next),
        unpack: (max) => reading(() => unpack(data, entry, max)) ?? 'broken',
      })
      at = next + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32)
    }
    return files
  })
}

/** What is read beyond the end of the data is not there. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

function unpack(
  data: Buffer,
  { method, size, offset }: { method: number; size: number; offset: number },
  max: number,
): ReturnType<PackedFile['unpack']> {
  if (data.readUInt32LE(offset) !== fileSign) return 'broken'
  const from = offset + 30 + data.readUInt16LE(offset + 26) + data.readUInt16LE(offset + 28)
  const packed = data.subarray(from, from + size)
  if (packed.length !== size || (method !== 0 && method !== 8)) return 'broken'
  if (method === 0) return size > max ? 'too large' : packed
  try {
    return inflateRawSync(packed, { maxOutputLength: max })
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'broken'
  }
}
