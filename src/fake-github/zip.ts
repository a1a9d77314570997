/** Packs files into a zip file, uncompressed; names are UTF-8. */
export function zip(files: { readonly [name: string]: string | Uint8Array }): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const path = Buffer.from(name)
    const data = Buffer.from(content)
    const about = description(data, path.length)
    const local = Buffer.concat([signature(0x04034b50), about, path, data])
    directory.push(signature(0x02014b50), uint16(20), about, central(offset), path)
    parts.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  return Buffer.concat([...parts, list, ending(Object.keys(files).length, list.length, offset)])
}

/** The checksum of zip files: CRC-32 with the reflected polynomial 0xedb88320. */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2))
  return bytes
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4))
  return bytes
}

const signature = (value: number): Buffer => uint32(value)

/** What both records of a file say: version 2.0, UTF-8 names, stored, 1980-01-01, checksum, sizes, lengths of name and extra field. */
const description = (data: Uint8Array, nameLength: number): Buffer =>
  Buffer.concat([uint16(20, 0x0800, 0, 0, 0x21), uint32(crc32(data), data.length, data.length), uint16(nameLength, 0)])

/** No comment, first disk, no attributes, and where the file's own record begins. */
const central = (offset: number): Buffer => Buffer.concat([uint16(0, 0, 0), uint32(0, offset)])

const ending = (count: number, size: number, offset: number): Buffer =>
  Buffer.concat([signature(0x06054b50), uint16(0, 0, count, count), uint32(size, offset), uint16(0)])
