import { join } from 'node:path'
import type { CacheStore, NamedBytes, StoredEntry } from '../store.js'
import { segmentLimits, Segments } from './segments.js'
import type { SegmentPorts } from './segments.js'

const day = 86_400_000

/**
 * Entries in a folder: small ones together in `segments/`, larger ones in `<first two characters>/<name>`. `allowed` is awaited before
 * the first of them is read or written; it throws where they are not to be used.
 */
export function folderStore(
  folder: string,
  ports: SegmentPorts,
  allowed = async (): Promise<void> => undefined,
): CacheStore {
  const { files, clock } = ports
  const large = largeEntries(folder, ports)
  const small = new Segments(join(folder, 'segments'), ports, ({ name, used }, bytes) => large.write(name, bytes, used))
  let waiting: Promise<void> | undefined
  let isAllowed = false
  const ready = async (): Promise<void> => (waiting ??= allowed().then(() => void (isAllowed = true)))
  const putSmall = (entries: readonly NamedBytes[]): boolean => {
    if (!small.put(entries)) return false
    for (const [name] of entries) large.remove(name)
    return true
  }
  const find = (name: string): Uint8Array | string | undefined => {
    const bytes = small.get(name)
    if (bytes) return bytes
    const found = large.find(name)
    if (!found) return undefined
    if (clock.now() - found.used > day) files.touch(found.path, clock.now())
    return found.path
  }
  return {
    name: 'folder',
    immediate: true,
    atHand: {
      get isReady() {
        return isAllowed
      },
      ready,
      get: find,
      put: putSmall,
    },
    async get(name, into) {
      await ready()
      const found = find(name)
      if (typeof found === 'object') files.write(into, found)
      return typeof found === 'object' ? into : found
    },
    async put(name, file) {
      await ready()
      const bytes = (files.stat(file)?.size ?? 0) <= segmentLimits.entry ? files.readBytes(file) : undefined
      if (bytes && putSmall([[name, bytes]])) files.remove(file)
      else {
        large.put(name, file)
        small.remove(name)
      }
      return undefined
    },
    async remove(name) {
      small.remove(name)
      large.remove(name)
    },
    async list() {
      const all = small.list()
      const known = new Set(all.map(({ name }) => name))
      return [...all, ...large.list().filter(({ name }) => !known.has(name))]
    },
    end: async () => small.end(),
  }
}

/** Entries that are files of their own; when one was used is its time of modification. */
function largeEntries(folder: string, { files }: SegmentPorts) {
  const pathOf = (name: string): string => join(folder, name.slice(0, 2), name)
  // Most names that are asked for are not there: where there is no folder for one, nothing is looked for in it.
  let parts: Set<string> | undefined
  const known = (): Set<string> => (parts ??= new Set(files.list(folder).map(({ name }) => name)))
  const find = (name: string): { path: string; used: number } | undefined => {
    if (!known().has(name.slice(0, 2))) return undefined
    const path = pathOf(name)
    const stat = files.stat(path)
    return stat?.kind === 'file' ? { path, used: stat.modified } : undefined
  }
  return {
    find,
    put(name: string, file: string): void {
      files.move(file, pathOf(name))
      known().add(name.slice(0, 2))
    },
    write(name: string, bytes: Uint8Array, used: number): void {
      files.write(pathOf(name), bytes)
      files.touch(pathOf(name), used)
      known().add(name.slice(0, 2))
    },
    remove(name: string): void {
      const found = find(name)
      if (found) files.remove(found.path)
    },
    list: (): StoredEntry[] =>
      files.list(folder).flatMap(({ name: part, kind }) =>
        kind === 'directory' && part.length === 2
          ? files.list(join(folder, part)).flatMap(({ name }): StoredEntry[] => {
              const stat = files.stat(join(folder, part, name))
              return stat?.kind === 'file' ? [{ name, bytes: stat.size, used: stat.modified }] : []
            })
          : [],
      ),
  }
}
