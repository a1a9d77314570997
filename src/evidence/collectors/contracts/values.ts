/** A mapping of a document: without a prototype, so that `__proto__` is a key like any other. */
export type Members = Record<string, unknown>

/** What one file may be: larger, deeper or with more parts, aliases counted where they are used, it is not read. */
export const caps = { yamlBytes: 2 * 2 ** 20, jsonBytes: 20 * 2 ** 20, depth: 200, parts: 1_000_000 } as const

/** Why a file cannot be read, and in which line. */
export class Unreadable extends Error {
  constructor(
    readonly reason: string,
    readonly line = 1,
  ) {
    super(reason)
  }
}

/** Whether a value is a mapping. */
export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as a mapping; an empty one where it is none. */
export const membersOf = (value: unknown): Members => (isMembers(value) ? value : (Object.create(null) as Members))

/** A value as a list; an empty one where it is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A value as a text; nothing where it is none. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The texts of a list. */
export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((one): one is string => typeof one === 'string')
