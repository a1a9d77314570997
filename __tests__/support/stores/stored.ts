import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheStore, StoredEntry } from '../../../src/engine/cache/store.js'
import { folderStore } from '../../../src/engine/cache/stores/folder.js'
import { readSegment, segmentEnd, segmentMark, writeRecord } from '../../../src/engine/cache/stores/segment-records.js'
import type { SegmentRecord } from '../../../src/engine/cache/stores/segment-records.js'
import { hostPorts } from '../../../src/host/index.js'

/** What lies in the folder of a folder store, small entries and large ones, and what can happen to it. */
const never = new AbortController().signal
export const storeIn = (folder: string): CacheStore => folderStore(folder, hostPorts())

/** The results alone, not what tells how steps were. */
export const resultsIn = async (folder: string): Promise<StoredEntry[]> =>
  (await storeIn(folder).list(never)).filter(({ name }) => !name.startsWith('last-'))

/** Takes entries out as `wf cache clear` does. */
export async function removeFrom(folder: string, entries: readonly StoredEntry[]): Promise<void> {
  const store = storeIn(folder)
  for (const { name } of entries) await store.remove(name, never)
  await store.end?.(never)
}

export const segmentsIn = (folder: string): string[] => {
  const at = join(folder, 'segments')
  return readdirSync(at).map((name) => join(at, name))
}

/** Lets something happen to the records of all segments. */
export function rewrite(folder: string, change: (record: SegmentRecord) => SegmentRecord[]): void {
  for (const path of segmentsIn(folder)) {
    const records = readSegment(readFileSync(path))?.records ?? []
    writeFileSync(path, Buffer.concat([segmentMark, ...records.flatMap(change).map(writeRecord), segmentEnd]))
  }
}

/** Lets something happen to the bytes of small results, in their places. */
export const spoil = (folder: string, change: (bytes: Buffer) => Uint8Array): void =>
  rewrite(folder, (record) =>
    record.kind === 'put' && !record.name.startsWith('last-')
      ? [{ ...record, bytes: change(Buffer.from(record.bytes)) }]
      : [record],
  )
