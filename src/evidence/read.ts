import { OutsideError } from '../base/errors.js'
import type { Format } from '../language/formats.js'
import type { Category, ReadReport, ReportInput } from './evidence.js'
import { type Content, readBytes, readJson, readText, readXml } from './families.js'
import {
  type Caps,
  defaultCaps,
  Problems,
  type ReadContext,
  type Reader,
  type TextReader,
  Truncated,
  Unreadable,
} from './reader.js'
import { readerOf, readers } from './readers/table.js'
import { headBytes, type Opened, openReport } from './source.js'

export interface ReadOptions {
  /** The format, when it is not to be recognised by content. */
  format?: Format
  /** A reader of its own, for what a workflow describes. */
  reader?: Reader
  /** Which gate judges the findings, where the tool alone does not tell. */
  category?: Category
  /** The name under which the tests are shown. */
  suite?: string
  /** The tool exited 0: of a text format, nothing written means nothing found. */
  silentMeansNone?: boolean
  caps?: Partial<Caps>
}

/**
 * Reads a report, whatever it holds: bad input becomes problems, never an exception. Evidence with a problem of level
 * `error` is what could be read and must not pass; without evidence the report said nothing that can be judged.
 */
export async function readReport(input: ReportInput, options: ReadOptions = {}): Promise<ReadReport> {
  const problems = new Problems()
  const context: ReadContext = {
    path: input.path,
    category: options.category,
    suite: options.suite,
    silentMeansNone: options.silentMeansNone === true,
    caps: { ...defaultCaps, ...options.caps },
    problems,
    line: () => 1,
  }
  const forced = options.reader ?? (options.format === undefined ? undefined : readerOf(options.format))
  const content: Content = { reader: forced, evidence: null }
  try {
    await readInto(content, input, context)
  } catch (error) {
    if (error instanceof Unreadable) problems.add(error.problem)
    else if (error instanceof Truncated) problems.error(error.message)
    else if (error instanceof OutsideError) problems.error(`cannot be read: ${error.message}`)
    else throw error
  }
  const { reader, evidence } = content
  return {
    path: input.path,
    format: reader?.format ?? null,
    kind: evidence?.kind ?? reader?.kind ?? null,
    evidence:
      evidence?.kind === 'coverage' && options.suite !== undefined ? { ...evidence, suite: options.suite } : evidence,
    problems: problems.list(),
  }
}

/** The answer for a report that there is nothing to read of: missing, no file, outside of the repository. */
export const unreadReport = (path: string, message: string): ReadReport => ({
  path,
  format: null,
  kind: null,
  evidence: null,
  problems: [{ level: 'error', message }],
})

async function readInto(content: Content, input: ReportInput, context: ReadContext): Promise<void> {
  const source = await openReport(input, context)
  const { reader } = content
  if (source === undefined || source.head.trim() === '') return readNothing(content, source, context)
  if (reader) {
    if (reader.family === 'xml') return readXml(content, source, context)
    if (reader.family === 'json') return readJson(content, source, context)
    return reader.family === 'text'
      ? readText(content, reader, source, context)
      : readBytes(content, reader, source, context)
  }
  const head = pastComment(source.head)
  if (head.startsWith('<')) return readXml(content, source, context)
  // A log begins with a word in brackets: `[main] INFO …`.
  const json = /^(?:\{|\[(?![A-Za-z])|null\s*$)/.test(head)
  const lines = json ? readers.find((reader) => isJsonLines(reader) && reader.supports(source.head)) : undefined
  if (json && !lines) return readJson(content, source, context)
  for (const candidate of lines ? [lines] : readers) {
    if (candidate.family !== 'text' && candidate.family !== 'bytes') continue
    if (!candidate.supports(source.head)) continue
    content.reader = candidate
    return candidate.family === 'text'
      ? readText(content, candidate, source, context)
      : readBytes(content, candidate, source, context)
  }
  context.problems.error('is of no known format', 1)
}

/** People put what wrote a text into an XML comment above it; that makes it no XML. */
function pastComment(head: string): string {
  const start = head.trimStart()
  const end = start.startsWith('<!--') ? start.indexOf('-->') : -1
  const rest = end === -1 ? '' : start.slice(end + 3).trimStart()
  return rest === '' ? start : rest
}

const isJsonLines = (reader: Reader): reader is TextReader => reader.family === 'text' && reader.jsonLines === true

/** Nothing was written: with a text format of a tool that ended well that is an answer, otherwise it is none. */
async function readNothing(content: Content, source: Opened | undefined, context: ReadContext): Promise<void> {
  const { reader } = content
  if (reader?.family === 'text' && reader.kind === 'findings' && context.silentMeansNone) {
    content.evidence = reader.open(context).finish()
    return
  }
  if (source) {
    // White space over the size of the head may still be followed by something.
    for await (const text of source.text())
      if (text.trim() !== '') {
        context.problems.error(`begins with more than ${headBytes} bytes of white space`)
        return
      }
  }
  context.problems.error(source === undefined ? 'is empty (0 bytes)' : 'holds only white space')
}
