import type { Format } from '../../language/formats.js'
import type { Reader } from '../reader.js'
import { benchmarks } from './benchmarks/index.js'
import { coverage } from './coverage/index.js'
import { findings } from './findings/index.js'
import { security } from './security/index.js'
import { tests } from './tests/index.js'

/** All readers, in the order in which they are asked whether a report is theirs. A test holds it against the formats' names. */
export const readers: readonly Reader[] = [...tests, ...coverage, ...security, ...findings, ...benchmarks]

const byFormat = new Map(readers.map((reader) => [reader.format, reader]))

/** The reader of a format. Throws when a format has none, which a test would have told. */
export function readerOf(format: Format): Reader {
  const reader = byFormat.get(format)
  if (!reader) throw new Error(`the format ${format} has no reader`)
  return reader
}
