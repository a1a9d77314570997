import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, Pair, YAMLError } from 'yaml'
import { error } from '../base/diagnostic.js'
import type { Diagnostic, Place } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import type { Path, Places } from './places.js'

const maxBytes = 1024 * 1024
const maxAliases = 100

/** A workflow file's text with the way from a path in its value back to the place in the text. */
export class Source implements Places {
  readonly #lines: string[]
  #parsed: { document: Document; counter: LineCounter } | undefined
  #value: { value: unknown } | undefined

  constructor(
    readonly file: string,
    private readonly text: string,
  ) {
    this.#lines = text.split('\n')
  }

  /** The file as plain values; a ReferenceError when aliases expand without end. */
  value(): unknown {
    this.#value ??= { value: this.#document.toJS({ maxAliasCount: maxAliases }) as unknown }
    return this.#value.value
  }

  /** What the YAML itself does wrong. */
  get remarks(): readonly YAMLError[] {
    return [...this.#document.errors, ...this.#document.warnings]
  }

  /** Lets go of the parsed file, which is large; a place that is asked for later parses it again. */
  release(): void {
    this.#parsed = undefined
    this.#value = undefined
  }

  get #document(): Document {
    return this.#parse().document
  }

  #parse(): { document: Document; counter: LineCounter } {
    if (this.#parsed) return this.#parsed
    const counter = new LineCounter()
    const options = {
      lineCounter: counter,
      prettyErrors: false,
      version: '1.2' as const,
      customTags: [],
      merge: false,
      logLevel: 'error' as const,
    }
    this.#parsed = { document: parseDocument(this.text, options), counter }
    return this.#parsed
  }

  /** Gives a key another name, at its place; for going on after a slip. */
  rename(path: Path, name: string): void {
    this.#value = undefined
    const pair = this.#pair(path)
    if (pair && isScalar(pair.key)) pair.key.value = name
  }

  remove(path: Path): void {
    this.#value = undefined
    const parent = this.#node(path.slice(0, -1))
    if (isCollection(parent))
      parent.delete(isMap(parent) ? (this.#pair(path)?.key ?? path.at(-1)) : Number(path.at(-1)))
  }

  /** Puts another value where a slip stands, or adds what is missing. */
  replace(path: Path, value: Json): void {
    this.#value = undefined
    const parent = this.#node(path.slice(0, -1))
    const before = this.#node(path)
    const node = this.#document.createNode(value)
    if (before?.range && isNode(node)) node.range = before.range
    if (isCollection(parent))
      parent.set(isMap(parent) ? (this.#pair(path)?.key ?? path.at(-1)) : Number(path.at(-1)), node)
  }

  /** Where the file begins. */
  start(): Place {
    return this.at(0, 1)
  }

  place(path: Path): Place {
    const node = this.#node(path)
    if (!node?.range) return path.length ? this.key(path) : this.start()
    const [from, to] = node.range
    const end = this.text.indexOf('\n', from)
    return this.at(from, Math.max(1, Math.min(to, end === -1 ? to : end) - from))
  }

  written(path: Path): string | undefined {
    const node = this.#node(path)
    return isScalar(node) ? node.source : undefined
  }

  has(path: Path): boolean {
    return this.#node(path) !== undefined
  }

  key(path: Path): Place {
    const key = this.#pair(path)?.key
    if (isNode(key) && key.range) return this.at(key.range[0], key.range[1] - key.range[0])
    const parent = this.#node(path.slice(0, -1))
    if (isSeq(parent) && this.#node(path)?.range) return this.place(path)
    return path.length > 1 ? this.key(path.slice(0, -1)) : this.start()
  }

  within(path: Path, value: string, part: { offset: number; length: number }): Place {
    const node = this.#node(path)
    if (!node?.range) return this.place(path)
    const raw = this.text.slice(node.range[0], node.range[1])
    const line = value.slice(0, part.offset).lastIndexOf('\n') + 1
    const end = value.indexOf('\n', part.offset)
    const whole = value.slice(line, end === -1 ? undefined : end)
    // A line of the value stands as it is in a block; else the part itself is looked for, the same occurrence.
    const atLine = whole.trim() === '' ? -1 : raw.indexOf(whole)
    if (atLine !== -1) return this.at(node.range[0] + atLine + part.offset - line, part.length)
    const needle = value.slice(part.offset, part.offset + part.length)
    let at = -1
    for (let i = value.indexOf(needle); i !== -1 && i <= part.offset; i = value.indexOf(needle, i + 1))
      at = raw.indexOf(needle, at + 1)
    return at === -1 ? this.place(path) : this.at(node.range[0] + at, part.length)
  }

  /** The place of an offset in the text. */
  at(offset: number, length: number): Place {
    const { line, col } = this.#parse().counter.linePos(offset)
    return { file: this.file, line, column: col, length, source: (this.#lines[line - 1] ?? '').replace(/\r$/, '') }
  }

  /** The name of the key at an offset, and the line in which its mapping has it first. */
  firstOf(offset: number): { name: string; line: number } | undefined {
    let found: { name: string; line: number } | undefined
    visit(this.#document, {
      Map: (_, map) => {
        const second = map.items.find(({ key }) => isNode(key) && key.range?.[0] === offset)
        const first = second && map.items.find((item) => keyText(item) === keyText(second))
        if (!first || !isNode(first.key) || !first.key.range) return undefined
        found = { name: keyText(first), line: this.at(first.key.range[0], 1).line }
        return visit.BREAK
      },
    })
    return found
  }

  /** Where the innermost bracket stands that is opened before an offset and not closed before it. */
  openAt(bracket: string, offset: number): number | undefined {
    let found: number | undefined
    visit(this.#document, {
      Collection: (_, { flow, range }) => {
        if (!flow || !range || range[0] > offset || this.text[range[0]] !== bracket) return
        const last = this.text
          .slice(range[0] + 1, range[1])
          .trimEnd()
          .at(-1)
        if (range[1] <= offset + 1 && last !== (bracket === '[' ? ']' : '}')) found = range[0]
      },
    })
    return found
  }

  #pair(path: Path): Pair | undefined {
    const parent = this.#node(path.slice(0, -1))
    return isMap(parent) ? parent.items.find((item) => keyText(item) === String(path.at(-1))) : undefined
  }

  #node(path: Path): Node | undefined {
    let node: unknown = this.#document.contents
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document)
      if (isMap(node)) node = node.items.find((item) => keyText(item) === String(step))?.value
      else if (isSeq(node)) node = node.items[Number(step)]
      else return undefined
    }
    return isNode(node) ? node : undefined
  }
}

const keyText = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key)

/** Reads YAML within caps: 1 MB, 100 aliases, no custom tags; merge keys are not expanded. A mistake in the YAML itself ends the reading. */
export function parseSource(file: string, text: string): Result<Source, Diagnostic> {
  const plain = (code: string, message: string, hint: string) =>
    fail(
      error(code, message, {
        hint,
        place: { file, line: 1, column: 1, length: 1, source: text.slice(0, 200).split('\n')[0] ?? '' },
      }),
    )
  if (Buffer.byteLength(text) > maxBytes)
    return plain(
      'too-large',
      `the file is larger than 1 MB (${Buffer.byteLength(text)} bytes)`,
      'a workflow of 5,000 steps is smaller',
    )
  if (text.trim() === '')
    return plain('empty-file', 'the file is empty', 'start with `version: 1`, `name:` and `stages:`')
  if (text.includes('\0')) return plain('not-text', 'the file is not text', 'a workflow is a YAML file')
  const source = new Source(file, text)
  const { remarks } = source
  if (remarks.length) return { ok: false, problems: yamlDiagnostics(source, remarks) }
  try {
    source.value()
    return ok(source)
  } catch (cause) {
    if (cause instanceof ReferenceError)
      return fail(
        error('too-many-aliases', 'the file expands aliases without end', {
          place: source.at(0, 1),
          hint: `at most ${maxAliases} are resolved`,
        }),
      )
    throw cause
  }
}

interface YamlFault {
  code: string
  message: string
  pos: [number, number]
}

/** What comes after a bracket that is not closed follows from it. */
function yamlDiagnostics(source: Source, faults: readonly YamlFault[]): Diagnostic[] {
  const open = faults.findIndex(isUnclosed)
  return (open < 0 ? faults : faults.slice(0, open + 1)).map((fault) => yamlDiagnostic(source, fault))
}

const isUnclosed = ({ message }: YamlFault): boolean => /end with a [\]}]/.test(message)

function yamlDiagnostic(source: Source, e: YamlFault): Diagnostic {
  const place = source.at(e.pos[0], Math.max(1, e.pos[1] - e.pos[0]))
  if (e.code === 'DUPLICATE_KEY') {
    const twice = source.firstOf(e.pos[0])
    const message = twice ? `\`${twice.name}\` stands twice, first in line ${twice.line}` : 'this key stands twice'
    return error('duplicate-key', message, { place, hint: 'keep one of the two' })
  }
  if (isUnclosed(e)) {
    const [bracket, end] = e.message.includes('end with a ]') ? ['[', ']'] : ['{', '}']
    const opened = source.openAt(bracket, e.pos[0])
    const at = opened === undefined ? place : source.at(opened, 1)
    return error('yaml', `\`${bracket}\` is not closed`, { place: at, hint: `close it with \`${end}\`` })
  }
  if (e.code === 'TAG_RESOLVE_FAILED')
    return error('yaml-tag', 'custom tags are not read', { place, hint: 'write the value without `!`' })
  const hints: Record<string, string> = {
    TAB_AS_INDENT: 'YAML is indented with spaces',
    BLOCK_AS_IMPLICIT_KEY: 'put a text that holds `: ` in quotes, or write it as a block after `|`',
    BAD_INDENT: 'members of one mapping or list stand in one column',
    MISSING_CHAR: 'something that was opened is not closed, or a `:` or `-` is missing',
  }
  const hint = hints[e.code]
  const message = e.message.replace(/\.$/, '').replace(/^[A-Z]/, (c) => c.toLowerCase())
  return error('yaml', `not YAML here: ${message}`, { place, ...(hint ? { hint } : {}) })
}
