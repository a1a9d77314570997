import { join } from 'node:path'
import type { Appender, Clock, Files, Random } from '../../../ports.js'
import type { NamedBytes, StoredEntry } from '../store.js'
import { readSegment, segmentEnd, segmentMark, writeRecord } from './segment-records.js'
import type { SegmentRecord } from './segment-records.js'

export interface SegmentPorts {
  files: Files
  clock: Clock
  random: Random
}

/** Larger entries are files of their own, and so is what a process keeps beyond `own`: all segments are read whole. */
export const segmentLimits = {
  entry: 64 * 2 ** 10,
  own: 16 * 2 ** 20,
  merged: 16 * 2 ** 20,
  all: 24 * 2 ** 20,
  count: 8,
}

const minute = 60_000
const day = 86_400_000
/** A segment that nobody has ended is another process's for so long after its last record; that one begins a new one much earlier. */
const idle = { others: 10 * minute, own: 5 * minute }

/** What is known of a name: its bytes, or that they were removed. */
interface Known {
  at: number
  used: number
  bytes: Uint8Array | undefined
  /** The segment that says so. */
  segment: string
}

interface Loaded {
  known: Map<string, Known>
  /** By name, and whether it may be merged. */
  segments: Map<string, boolean>
}

/**
 * Small entries, many to a file: each process appends to a segment of its own, a record with one write, and reads those of others whole
 * when it is first asked. The record with the latest time counts. Segments that nobody adds to are merged at the end of a run.
 */
export class Segments {
  #loaded: Loaded | undefined
  #own: { name: string; appender: Appender; last: number } | undefined
  #written = 0
  readonly #used = new Set<string>()
  readonly #removed = new Set<string>()

  /** `spill` gives an entry a file of its own that there is no room for any more. */
  constructor(
    private readonly folder: string,
    private readonly ports: SegmentPorts,
    private readonly spill: (entry: StoredEntry, bytes: Uint8Array) => void,
  ) {}

  get(name: string): Uint8Array | undefined {
    const known = this.#known.get(name)
    if (!known?.bytes) return undefined
    const now = this.ports.clock.now()
    if (now - known.used > day) this.#used.add(name)
    known.used = Math.max(now, known.used)
    return known.bytes
  }

  /** Keeps entries together, with one write; false when one is too large, or there is no more room. */
  put(entries: readonly NamedBytes[]): boolean {
    if (entries.some(([, bytes]) => bytes.length > segmentLimits.entry) || this.#written > segmentLimits.own)
      return false
    const records = entries.map(([name, bytes]) => {
      const at = this.#after(name)
      return { kind: 'put', name, at, used: at, bytes } as const
    })
    const own = this.#append(records)
    for (const { name, at, used, bytes } of records) {
      this.#known.set(name, { at, used, bytes, segment: own })
      this.#removed.delete(name)
    }
    return true
  }

  remove(name: string): void {
    const known = this.#known.get(name)
    if (!known?.bytes) return
    this.#known.set(name, { ...known, at: this.#after(name), bytes: undefined })
    this.#removed.add(name)
  }

  list(): StoredEntry[] {
    return [...this.#known].flatMap(([name, { bytes, used }]) => (bytes ? [{ name, bytes: bytes.length, used }] : []))
  }

  /** Writes down what was used and removed, says that no more follows, and merges where that is due. */
  end(): void {
    if (!this.#loaded) return
    const { known, segments } = this.#loaded
    const notes = [
      ...[...this.#used].map((name) => ({ kind: 'used', name, at: known.get(name)?.used ?? 0 }) as const),
      ...[...this.#removed].map((name) => ({ kind: 'removed', name, at: known.get(name)?.at ?? 0 }) as const),
    ]
    if (notes.length) this.#append(notes)
    this.#finish()
    const all = [...known.values()]
    const bytes = all.reduce((sum, entry) => sum + (entry.bytes?.length ?? 0), 0)
    // What was removed, in whichever run, is to leave the disk.
    const isDue = all.some((entry) => !entry.bytes) || segments.size >= segmentLimits.count || bytes > segmentLimits.all
    this.#used.clear()
    this.#removed.clear()
    if (isDue) this.#merge()
  }

  get #known(): Map<string, Known> {
    return (this.#loaded ??= load(this.folder, this.ports)).known
  }

  /** A time for what is now said of a name: later than all that was said before, whatever the clock does. */
  #after(name: string): number {
    return Math.max(Math.floor(this.ports.clock.now()), (this.#known.get(name)?.at ?? 0) + 1)
  }

  /** Answers the segment's name. */
  #append(records: readonly SegmentRecord[]): string {
    const now = this.ports.clock.now()
    // By the clock of the file's time, which goes on while a machine sleeps.
    if (this.#own && Math.abs(now - this.#own.last) > idle.own) this.#finish()
    const own = (this.#own ??= this.#begin(now))
    const written = records.map(writeRecord)
    const whole = written.length === 1 && written[0] ? written[0] : Buffer.concat(written)
    try {
      own.appender.write(whole)
    } catch (cause) {
      // What may be torn is not added to.
      this.#own = undefined
      own.appender.close()
      throw cause
    }
    own.last = now
    this.#written += whole.length
    return own.name
  }

  #begin(now: number): { name: string; appender: Appender; last: number } {
    const name = this.ports.random.hex(24)
    const appender = this.ports.files.append(join(this.folder, name))
    try {
      appender.write(segmentMark)
    } catch (cause) {
      appender.close()
      throw cause
    }
    this.#loaded?.segments.set(name, false)
    return { name, appender, last: now }
  }

  #finish(): void {
    const own = this.#own
    this.#own = undefined
    if (!own) return
    try {
      own.appender.write(segmentEnd)
    } finally {
      own.appender.close()
    }
  }

  /** Makes one segment of all that nobody adds to. It is there before they go, so that nothing is ever missing. */
  #merge(): void {
    const { files, random } = this.ports
    const now = load(this.folder, this.ports)
    // Others go on with what they have read; this process reads again.
    this.#loaded = undefined
    const free = [...now.segments].flatMap(([name, isFree]) => (isFree ? [name] : []))
    if (!free.length) return
    const isAll = free.length === now.segments.size
    const records: Buffer[] = []
    let size = 0
    const merged = [...now.known]
      .filter(([, { segment }]) => now.segments.get(segment))
      .sort(([, a], [, b]) => b.used - a.used)
    for (const [name, { at, used, bytes }] of merged) {
      if (bytes && size + bytes.length > segmentLimits.merged) this.spill({ name, bytes: bytes.length, used }, bytes)
      else if (bytes) records.push(writeRecord({ kind: 'put', name, at, used, bytes }))
      // Another segment may hold what was removed.
      else if (!isAll) records.push(writeRecord({ kind: 'removed', name, at }))
      size += bytes?.length ?? 0
    }
    if (records.length)
      files.write(join(this.folder, random.hex(24)), Buffer.concat([segmentMark, ...records, segmentEnd]))
    for (const name of free) files.remove(join(this.folder, name))
  }
}

const segmentName = /^[0-9a-f]{24}$/

/** All that the segments of a folder say. */
function load(folder: string, { files, clock }: SegmentPorts): Loaded {
  for (let tries = 0; ; tries += 1) {
    const known = new Map<string, Known>()
    const segments = new Map<string, boolean>()
    const uses: SegmentRecord[] = []
    const names = files
      .list(folder)
      .flatMap(({ name, kind }) => (kind === 'file' && segmentName.test(name) ? [name] : []))
    let isMissing = false
    for (const name of names) {
      const path = join(folder, name)
      // Before it is read: what is added meanwhile must not look old.
      const changed = files.stat(path)?.changed ?? 0
      const content = files.readBytes(path)
      isMissing ||= !content
      const read = content && readSegment(content)
      if (!read) continue
      segments.set(name, read.ended || clock.now() - changed > idle.others)
      for (const record of read.records)
        if (record.kind === 'used') uses.push(record)
        else if (record.at >= (known.get(record.name)?.at ?? 0)) known.set(record.name, knownOf(record, name))
    }
    // A merge has taken what was listed: what it made of it is there by now.
    if (isMissing && tries < 5) continue
    for (const { name, at } of uses) {
      const entry = known.get(name)
      if (entry && entry.used < at) entry.used = at
    }
    return { known, segments }
  }
}

const knownOf = (record: Exclude<SegmentRecord, { kind: 'used' }>, segment: string): Known =>
  record.kind === 'put'
    ? { at: record.at, used: record.used, bytes: record.bytes, segment }
    : { at: record.at, used: record.at, bytes: undefined, segment }
