import type { Format } from '../language/formats.js'
import type { Category, Evidence, Kind, Problem } from './evidence.js'

/** How much of a report is read; what is over it makes the report `truncated`, an error that never passes. */
export interface Caps {
  /** Bytes of a report that is read as a stream. */
  streamBytes: number
  /** Bytes of a report that has to be in memory whole. */
  jsonBytes: number
  /** Tests, covered lines or findings in one report. */
  items: number
}

export const defaultCaps: Caps = { streamBytes: 512 * 2 ** 20, jsonBytes: 256 * 2 ** 20, items: 20_000_000 }

/** What a reader is told beside the content, and where it says what is wrong. */
export interface ReadContext {
  /** The report's name: for telling apart formats whose empty form is the same. */
  path: string
  category: Category | undefined
  suite: string | undefined
  /** The tool exited 0: a text format without a remark has no findings. */
  silentMeansNone: boolean
  caps: Caps
  problems: Problems
  /** The line of the report that is being read, from 1. */
  line(): number
}

/** A reader of an XML format: it sees elements as they come and answers the evidence at the end. */
export interface XmlHandler {
  /** Answer `true` to be told the element's text when it closes. */
  open(name: string, attributes: Attributes): boolean
  close(name: string, text: string | undefined): void
  finish(): Evidence
}
export type Attributes = Readonly<Record<string, string | undefined>>

/** A reader of a text format, line by line; it answers null after it has said why there is no evidence. */
export interface TextHandler {
  line(text: string): void
  finish(): Evidence | null
}

/** A reader that takes UTF-8 bytes as they come, for formats whose files are big and simple. */
export interface BytesHandler {
  chunk(bytes: Uint8Array): void
  finish(): Evidence | null
}

interface Named {
  /** `match` and `map` are those that a workflow describes itself. */
  format: Format | 'match' | 'map'
  kind: Kind
  /** For the docs: by what in its content a report is known. */
  recognised: string
  /** For the docs: the real tools, with their versions, whose reports the tests read; or `unproven`. */
  proven: string
}
export interface XmlReader extends Named {
  family: 'xml'
  /** Whether a document with this root is one of the format; `head` is the beginning of the text. */
  supports(root: string, attributes: Attributes, head: string): boolean
  open(context: ReadContext): XmlHandler
}
export interface JsonReader extends Named {
  family: 'json'
  /** The tool whose name in the path decides when the whole report is an empty list, which many tools write. */
  emptyList?: string
  /** The tool writes `null` where others write an empty list. */
  emptyNull?: true
  /** With its format named, `{}` is its empty report. */
  emptyObject?: true
  /** What the lines may be that the tool writes behind its document. */
  trailer?: RegExp
  supports(value: unknown): boolean
  parse(value: unknown, context: ReadContext): Evidence | null
}
export interface TextReader extends Named {
  family: 'text'
  /** Its text is a row of JSON documents: it is asked before the formats that are one document. */
  jsonLines?: true
  supports(head: string): boolean
  open(context: ReadContext): TextHandler
}
export interface BytesReader extends Named {
  family: 'bytes'
  supports(head: string): boolean
  open(context: ReadContext): BytesHandler
}
/** One format: what it is called, how it is recognised by content, how it is read. */
export type Reader = XmlReader | JsonReader | TextReader | BytesReader

/** The report cannot be evidence; thrown inside reading only, and always caught there. */
export class Unreadable extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

/** A cap is reached: what was read stands, together with an error; thrown inside reading only, and always caught there. */
export class Truncated extends Error {
  constructor(what: string) {
    super(`truncated: ${what}`)
  }
}

/** Stops reading with an error of the report. */
export const refuse = (message: string, line?: number): Unreadable =>
  new Unreadable({ level: 'error', message, ...(line === undefined ? {} : { line }) })

const maxProblems = 50

/** Collects what is wrong with a report; after 50 remarks the rest is only counted, errors first. */
export class Problems {
  private readonly errors: Problem[] = []
  private readonly warnings: Problem[] = []
  private omitted = 0

  error(message: string, line?: number): void {
    this.keep(this.errors, { level: 'error', message, ...(line === undefined ? {} : { line }) })
  }

  warning(message: string, line?: number): void {
    this.keep(this.warnings, { level: 'warning', message, ...(line === undefined ? {} : { line }) })
  }

  add(problem: Problem): void {
    this.keep(problem.level === 'error' ? this.errors : this.warnings, problem)
  }

  list(): Problem[] {
    const all = [...this.errors, ...this.warnings]
    if (this.omitted > 0) all.push({ level: 'warning', message: `${this.omitted} more remarks are not shown` })
    return all
  }

  private keep(list: Problem[], problem: Problem): void {
    if (list.length < maxProblems) list.push(problem)
    else this.omitted++
  }
}
