import type { SaxesParser, SaxesTagPlain } from 'saxes'
import { type Attributes, refuse, type Unreadable, type XmlHandler } from './reader.js'

const maxDepth = 256
/** Of one text, attribute or comment so many characters are kept; the rest is checked for being well-formed and dropped. */
const maxToken = 64 * 1024
const maxName = 4096
const maxAttributes = 20_000

/** The unpublished buffers of the parser, which grow with one token however many chunks it spans. */
interface Buffers {
  text: string
  name: string
  entity: string
  attribList: unknown[]
}

/** A parser that hands elements to a handler, which is chosen when the root is known. */
export interface XmlDrive {
  write(text: string): void
  /** Checks that the document is whole. */
  close(): void
  /** The line that is being read, from 1. */
  line(): number
}

/**
 * Parses XML in a stream, strictly: what is not well-formed throws `Unreadable` with its line. Entities that a document
 * defines are refused and never expanded, external ones are never fetched, nothing nests deeper than 256.
 */
export async function driveXml(choose: (root: string, attributes: Attributes) => XmlHandler): Promise<XmlDrive> {
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser({ position: false })
  connect(parser, choose)
  const buffers = parser as unknown as Buffers
  const guarded = (step: () => void): void => {
    try {
      step()
    } catch (error) {
      if (error instanceof MarkupError) throw refuse(`is not well-formed XML: ${error.message}`, parser.line)
      throw error
    }
  }
  return {
    write(text) {
      guarded(() => void parser.write(text))
      bound(buffers, parser.line)
    },
    close: () => guarded(() => void parser.close()),
    line: () => parser.line,
  }
}

/** What the parser says against the document, as told apart from a bug. */
class MarkupError extends Error {}

function connect(parser: SaxesParser, choose: (root: string, attributes: Attributes) => XmlHandler): void {
  let handler: XmlHandler | undefined
  let depth = 0
  /** The depth of the element whose text is wanted, or 0; elements inside it are not told. */
  let capturing = 0
  let captured = ''
  const capture = (text: string): void => {
    if (captured.length < maxToken) captured += text.slice(0, maxToken - captured.length)
  }
  parser.on('error', (error) => {
    throw new MarkupError(error.message.replace(/\.$/, ''))
  })
  parser.on('doctype', (text) => {
    if (/<!\s*ENTITY/i.test(text)) throw refuse('defines entities in its DOCTYPE, which is refused', parser.line)
  })
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (++depth > maxDepth) throw refuse(`nests deeper than ${maxDepth} elements`, parser.line)
    handler ??= choose(tag.name, tag.attributes)
    if (handler.open(tag.name, tag.attributes) && capturing === 0) {
      capturing = depth
      captured = ''
      parser.on('text', capture)
      parser.on('cdata', capture)
    }
  })
  parser.on('closetag', (tag: SaxesTagPlain) => {
    if (depth === capturing) {
      capturing = 0
      parser.off('text')
      parser.off('cdata')
      handler?.close(tag.name, captured)
    } else handler?.close(tag.name, undefined)
    depth--
  })
}

/** Keeps one endless token from filling the memory. */
function bound(buffers: Buffers, line: number): void {
  if (buffers.text.length > maxToken) buffers.text = buffers.text.slice(0, maxToken)
  if (buffers.name.length > maxName || buffers.entity.length > maxName) throw tooLong('a name', maxName, line)
  if (buffers.attribList.length > maxAttributes) throw tooLong('an element', maxAttributes, line)
}

const tooLong = (what: string, limit: number, line: number): Unreadable =>
  refuse(`holds ${what} over the limit of ${limit}`, line)
