import { driveXml } from './drive-xml.js'
import type { Evidence } from './evidence.js'
import { jsonFault } from './json-fault.js'
import {
  type Attributes,
  type BytesReader,
  type JsonReader,
  type ReadContext,
  type Reader,
  refuse,
  type TextReader,
  Truncated,
  type XmlHandler,
  type XmlReader,
} from './reader.js'
import { readers } from './readers/table.js'
import type { Opened } from './source.js'
import { fields } from './values.js'

/** What reading fills in: the format as soon as it is known, and the evidence unless there is none. */
export interface Content {
  reader: Reader | undefined
  evidence: Evidence | null
}

const ofFamily = <F extends 'xml' | 'json'>(family: F) =>
  readers.filter((reader): reader is F extends 'xml' ? XmlReader : JsonReader => reader.family === family)

/** Reads XML as a stream; the root element tells the format. */
export async function readXml(content: Content, source: Opened, context: ReadContext): Promise<void> {
  let handler: XmlHandler | undefined
  const choose = (root: string, attributes: Attributes): XmlHandler => {
    const candidates = content.reader ? [content.reader] : ofFamily('xml')
    const fits = candidates.find(
      (reader): reader is XmlReader => reader.family === 'xml' && reader.supports(root, attributes, source.head),
    )
    if (!fits)
      throw refuse(
        content.reader
          ? `is no ${content.reader.format}: its root element is <${root.slice(0, 100)}>`
          : `is XML of no known format: its root element is <${root.slice(0, 100)}>`,
        drive.line(),
      )
    content.reader = fits
    return (handler = fits.open(context))
  }
  const drive = await driveXml(choose)
  context.line = () => drive.line()
  const cut = await feed(source.text(), (text) => drive.write(text), context)
  if (!cut) drive.close()
  content.evidence = handler?.finish() ?? null
}

/** Reads a text format line by line, without the line breaks; a line beyond a million characters is cut. */
export async function readText(
  content: Content,
  reader: TextReader,
  source: Opened,
  context: ReadContext,
): Promise<void> {
  const handler = reader.open(context)
  let number = 0
  let carry = ''
  context.line = () => number
  const line = (text: string): void => {
    number++
    handler.line(text.endsWith('\r') ? text.slice(0, -1) : text)
  }
  const take = (text: string): void => {
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      line(carry + text.slice(start, end))
      carry = ''
      start = end + 1
    }
    if (carry.length < maxLine) carry += text.slice(start, start + maxLine)
  }
  const cut = await feed(source.text(), take, context)
  if (carry !== '' && !cut) line(carry)
  content.evidence = handler.finish()
}
const maxLine = 1_000_000

/** Hands UTF-8 bytes to a reader as they come. */
export async function readBytes(
  content: Content,
  reader: BytesReader,
  source: Opened,
  context: ReadContext,
): Promise<void> {
  const handler = reader.open(context)
  await feed(source.bytes(), (chunk) => handler.chunk(chunk), context)
  content.evidence = handler.finish()
}

/** Feeds chunks until the end or a cap; answers whether it was cut short, which is then a problem of the report. */
async function feed<T extends { length: number }>(
  chunks: AsyncIterable<T>,
  take: (chunk: T) => void,
  context: ReadContext,
): Promise<boolean> {
  let size = 0
  try {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > context.caps.streamBytes) throw new Truncated(`it is larger than ${bytes(context.caps.streamBytes)}`)
      take(chunk)
    }
    return false
  } catch (error) {
    if (!(error instanceof Truncated)) throw error
    context.problems.error(error.message)
    return true
  }
}

/** Reads JSON, which is in memory whole; the content tells the format. */
export async function readJson(content: Content, source: Opened, context: ReadContext): Promise<void> {
  const { value, behind, fault } = await parse(source, context)
  const { reader } = content
  const fits = reader?.family === 'json' ? (fitsForced(reader, value) ? reader : undefined) : recognise(value, context)
  if (behind.some((line) => fits?.trailer?.test(line.trimEnd()) !== true)) throw fault()
  if (!fits) throw refuse(reader ? `is no ${reader.format}: the JSON has another shape` : 'is JSON of no known format')
  content.reader = fits
  content.evidence = fits.parse(value, context)
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0
const fitsForced = (reader: JsonReader, value: unknown): boolean =>
  reader.supports(value) ||
  (reader.emptyList !== undefined && isEmpty(reader, value)) ||
  (reader.emptyObject === true && Object.keys(fields(value) ?? { none: true }).length === 0)
/** What tools written in Go call an empty list is `null` in some of them. */
const isEmpty = (reader: JsonReader, value: unknown): boolean =>
  isEmptyList(value) || (value === null && reader.emptyNull === true)

function recognise(value: unknown, context: ReadContext): JsonReader | undefined {
  const candidates = ofFamily('json')
  if (!isEmptyList(value) && value !== null) return candidates.find((reader) => reader.supports(value))
  // Several tools write the same `[]` when they find nothing; only here a name may tell which it was.
  const path = context.path.toLowerCase().replaceAll('_', '-')
  const named = candidates.filter(
    (reader) => reader.emptyList !== undefined && path.includes(reader.emptyList) && isEmpty(reader, value),
  )
  if (named.length === 1) return named[0]
  if (value === null) return undefined
  const formats = candidates.filter(({ emptyList }) => emptyList !== undefined).map(({ format }) => format)
  throw refuse(`is an empty list, which several formats can be (${formats.join(', ')}): say which with \`format:\``)
}

interface Parsed {
  value: unknown
  /** The lines behind a document of one line, which some tools write there. */
  behind: readonly string[]
  /** What is wrong with those lines, if they are none of the tool's. */
  fault: () => Error
}

async function parse(source: Opened, context: ReadContext): Promise<Parsed> {
  const parts: string[] = []
  let size = 0
  for await (const part of source.text()) {
    size += part.length
    if (size > context.caps.jsonBytes) throw refuse(`truncated: it is larger than ${bytes(context.caps.jsonBytes)}`)
    parts.push(part)
  }
  const text = parts.join('')
  const fault = (): Error => malformed(text)
  const whole = parsed(text)
  if (whole) return { ...whole, behind: [], fault }
  const start = text.trimStart()
  const end = start.indexOf('\n')
  const first = end === -1 ? undefined : parsed(start.slice(0, end))
  if (!first) throw fault()
  return {
    ...first,
    behind: start
      .slice(end + 1)
      .trimEnd()
      .split('\n'),
    fault,
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function malformed(text: string): Error {
  if (!'{['.includes(text.trimStart()[0] ?? ''))
    return refuse('is not JSON: other text stands before it (with npm, use `npm run --silent`)', 1)
  const { line, cut } = jsonFault(text)
  return refuse(cut ? 'is not JSON: it ends too early, it is cut short' : 'is not JSON', line)
}

const bytes = (count: number): string => (count >= 2 ** 20 ? `${Math.round(count / 2 ** 20)} MB` : `${count} bytes`)
