/** What a segment says of one name: its entry, that the entry was removed, or that it was used. Times are milliseconds since the epoch. */
export type SegmentRecord =
  | { kind: 'put'; name: string; at: number; used: number; bytes: Uint8Array }
  | { kind: 'removed'; name: string; at: number }
  | { kind: 'used'; name: string; at: number }

/** The records of a segment, and whether the process that wrote it has said that no more will follow. */
export interface ReadSegment {
  records: SegmentRecord[]
  ended: boolean
}

const mark = Buffer.from('wf-segment 1\n')
const last = Buffer.from('.\n')
const newline = 10
const signs = { put: '+', removed: '-', used: '~' } as const

/** How a segment begins and ends. */
export const segmentMark: Uint8Array = mark
export const segmentEnd: Uint8Array = last

/** A record as it stands in a segment: a line, and for an entry its bytes after it. */
export function writeRecord(record: SegmentRecord): Buffer {
  const head = `${signs[record.kind]}${record.name} ${Math.floor(record.at)}`
  if (record.kind !== 'put') return Buffer.from(`${head}\n`)
  const line = `${head} ${Math.floor(record.used)} ${record.bytes.length}\n`
  const whole = Buffer.allocUnsafe(line.length + record.bytes.length + 1)
  whole.write(line, 'latin1')
  whole.set(record.bytes, line.length)
  whole[whole.length - 1] = newline
  return whole
}

/**
 * Reads a segment up to where it is whole: what a process was writing when it was killed is no record. Nothing where it is no segment, or
 * one of another version.
 */
export function readSegment(content: Uint8Array): ReadSegment | undefined {
  const all = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const records: SegmentRecord[] = []
  const begin = all.subarray(0, mark.length)
  if (!begin.equals(mark.subarray(0, begin.length))) return undefined
  for (let at = mark.length; at < all.length;) {
    const end = all.indexOf(newline, at)
    if (end === -1) break
    const line = all.toString('latin1', at, end)
    if (line === '.') return { records, ended: true }
    const read = readLine(line)
    if (!read) break
    at = end + 1
    if (read.kind !== 'put') records.push(read)
    else {
      const bytes = all.subarray(at, at + read.size)
      at += read.size + 1
      if (all[at - 1] !== newline) break
      records.push({ kind: 'put', name: read.name, at: read.at, used: read.used, bytes })
    }
  }
  return { records, ended: false }
}

type Line =
  { kind: 'put'; name: string; at: number; used: number; size: number } | Exclude<SegmentRecord, { kind: 'put' }>

const form = /^(?:\+([\w-]+) (\d{1,15}) (\d{1,15}) (\d{1,9})|([-~])([\w-]+) (\d{1,15}))$/

function readLine(line: string): Line | undefined {
  const [, put, at, used, size, sign, name = '', when] = form.exec(line) ?? []
  if (put !== undefined) return { kind: 'put', name: put, at: Number(at), used: Number(used), size: Number(size) }
  if (sign === undefined) return undefined
  return { kind: sign === '-' ? 'removed' : 'used', name, at: Number(when) }
}
