import type { Place } from '../base/diagnostic.js'

/** A path into the file: keys and indexes from the top. */
export type Path = readonly (string | number)[]

/** The way from a path in a file's value back to its text. */
export interface Places {
  /** Where the key of a member stands; for a member of a list, its value. */
  key(path: Path): Place
  /** Where a value stands; where there is none, its nearest parent's key. */
  place(path: Path): Place
  /** Where a part of a text stands: `offset` and `length` count in the value, which quoting and folding may have moved. */
  within(path: Path, value: string, part: { offset: number; length: number }): Place
  /** A scalar as it is written: YAML reads `3.10` as the number 3.1. */
  written(path: Path): string | undefined
  /** Whether the file itself writes something at a path. */
  has(path: Path): boolean
}
