/** Where an entry lies in one of the packs. */
export interface IndexedEntry {
  name: string
  /** The pack's key. */
  pack: string
  offset: number
  bytes: number
  /** Milliseconds since the epoch. */
  used: number
}

/** Of all entries that the packs of a branch hold, by name. */
export type PackIndex = Map<string, IndexedEntry>

/** An index as a text. */
export const writeIndex = (index: PackIndex): string => JSON.stringify({ version: 1, entries: [...index.values()] })

/** Reads an index; what in it is no entry is left out, and a text that is none is an empty one. */
export function readIndex(text: string | undefined): PackIndex {
  try {
    const read = JSON.parse(text ?? '') as { version?: unknown; entries?: unknown }
    const entries = read.version === 1 && Array.isArray(read.entries) ? (read.entries as unknown[]) : []
    return new Map(entries.filter(isEntry).map((entry) => [entry.name, entry]))
  } catch {
    return new Map()
  }
}

function isEntry(value: unknown): value is IndexedEntry {
  if (typeof value !== 'object' || value === null) return false
  const { name, pack, offset, bytes, used } = value as Record<string, unknown>
  return typeof name === 'string' && typeof pack === 'string' && [offset, bytes].every(isCount) && isCount(used)
}

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0
