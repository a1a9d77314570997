import type { Json } from '../../base/json.js'
import { lineAt, syntaxFault, tags } from './jinja-syntax.js'

const maxRange = 100_000
const maxText = 16 * 1024 * 1024
const maxItems = 1_000_000

/**
 * How much work a template may make, in units of about a microsecond. The clock is not asked: the same template must not succeed on one
 * machine and fail on another.
 */
const maxWork = 4_000_000
const iterationWork = 10
/** Nodes whose value is new, so that its size was work. */
const makers = new Set(['CallExpression', 'FilterExpression', 'BinaryExpression', 'MemberExpression'])

/** Renders a Jinja template. An undefined name, a syntax error and a loop without end are answered with their line. */
export async function renderJinja(
  source: string,
  options: { name: string; values: Record<string, Json> },
): Promise<{ ok: true; text: string } | { ok: false; message: string }> {
  const { Environment, Interpreter, parse, tokenize } = (await import('@huggingface/jinja')) as unknown as Jinja
  const at = (line: number | undefined, message: string): { ok: false; message: string } => ({
    ok: false,
    message: `${options.name}${line === undefined ? '' : `:${line}`}: ${message}`,
  })
  const parsed = (text: string): unknown => parse(tokenize(text, { lstrip_blocks: true, trim_blocks: true }))
  let program: unknown
  try {
    program = parsed(source)
  } catch (cause) {
    const fault = syntaxFault(source, (text) => parses(() => parsed(text)))
    return at(fault?.line, `the template does not parse: ${fault?.message ?? messageOf(cause)}`)
  }

  /** The library prints nothing for what is undefined; here only `is defined` and `default` may ask for it. */
  class Strict extends Interpreter {
    #lenient = 0
    readonly #work = new Work()
    override evaluate(node: Node | undefined, scope: unknown): RuntimeValue {
      this.#work.begin(node)
      const asks = node !== undefined && mayBeUndefined(node)
      if (asks) this.#lenient += 1
      try {
        const value = super.evaluate(node, scope)
        this.#work.end(node, value)
        if (value.type === 'UndefinedValue' && !this.#lenient && node && isName(node))
          throw new TemplateError(`\`${nameOf(node)}\` is undefined`, lastPart(node))
        return value
      } finally {
        if (asks) this.#lenient -= 1
      }
    }
  }

  const scope = new Environment()
  for (const [name, value] of Object.entries({
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
  }))
    scope.set(name, value)
  scope.set('range', range)
  for (const [name, value] of Object.entries(options.values)) scope.set(name, value)
  try {
    const text = String(new Strict(scope).run(program).value)
    return { ok: true, text: endsLike(source, text) }
  } catch (cause) {
    const message = cause instanceof RangeError ? `it asks for too much: ${cause.message}` : messageOf(cause)
    return at(cause instanceof TemplateError && cause.part ? lineOfName(source, cause.part) : undefined, message)
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

function parses(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

/** What is used of the library; its own types do not resolve under NodeNext. */
interface Jinja {
  Environment: new () => { set(name: string, value: unknown): unknown }
  Interpreter: new (scope: unknown) => {
    run(program: unknown): { value: unknown }
    evaluate(node: Node | undefined, scope: unknown): RuntimeValue
  }
  parse: (tokens: unknown) => unknown
  tokenize: (source: string, options?: { lstrip_blocks: boolean; trim_blocks: boolean }) => unknown
}

interface RuntimeValue {
  type: string
  value: unknown
}

/** Counts what a template makes the machine do, and ends one that asks for too much: loops in loops, texts that double. */
class Work {
  #left = maxWork
  readonly #iterated = new WeakSet<Node>()

  begin(node: (Node & { iterable?: Node & { lhs?: Node } }) | undefined): void {
    if (node?.type === 'For' && node.iterable) this.#iterated.add(node.iterable.lhs ?? node.iterable)
    this.#spend(1)
  }

  end(node: Node | undefined, { value }: RuntimeValue): void {
    const made = node !== undefined && makers.has(node.type)
    if (typeof value === 'string') {
      if (value.length > maxText) throw new TemplateError('a text in it grows over 16 MB')
      this.#spend(value.length / (made ? 16 : 256))
    } else if (Array.isArray(value)) {
      if (value.length > maxItems) throw new TemplateError(`a list in it grows over ${maxItems} items`)
      this.#spend(value.length / (made ? 1 : 64))
      if (node && this.#iterated.has(node)) this.#spend(value.length * iterationWork)
    }
  }

  #spend(work: number): void {
    this.#left -= work
    if (this.#left < 0) throw new TemplateError('the template takes too long; is there a loop in a loop in a loop?')
  }
}

class TemplateError extends Error {
  constructor(
    message: string,
    readonly part?: string,
  ) {
    super(message)
  }
}

/** Jinja drops one newline at the end; a file keeps it. */
const endsLike = (source: string, text: string): string =>
  source.endsWith('\n') && !text.endsWith('\n') ? `${text}\n` : text

function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  if (step === 0 || Math.abs((to - from) / step) > maxRange)
    throw new TemplateError(`\`range\` gives at most ${maxRange} numbers`)
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step)
}

interface Node {
  type: string
}
interface Named extends Node {
  value?: unknown
  object?: Node
  property?: Node
}

const isName = (node: Node): boolean => node.type === 'Identifier' || node.type === 'MemberExpression'

/** `x is defined` and `x | default(…)` may ask for what is not there. */
function mayBeUndefined(node: Node & { filter?: { value?: unknown; callee?: { value?: unknown } } }): boolean {
  if (node.type === 'TestExpression') return true
  const filter = node.filter?.value ?? node.filter?.callee?.value
  return node.type === 'FilterExpression' && (filter === 'default' || filter === 'd')
}

function nameOf(node: Named): string {
  if (node.type === 'Identifier') return String(node.value)
  return node.object && node.property ? `${nameOf(node.object)}.${lastPart(node.property)}` : '…'
}

function lastPart(node: Named): string {
  return node.type === 'MemberExpression' && node.property ? lastPart(node.property) : String(node.value)
}

/** The first tag that names something. */
function lineOfName(source: string, name: string): number | undefined {
  for (const match of source.matchAll(tags)) {
    if (match[0].startsWith('{#')) continue
    const inside = match[0].search(new RegExp(`(?<![\\w$])${name.replaceAll(/\W/g, '\\$&')}(?![\\w$])`))
    if (inside !== -1) return lineAt(source, match.index + inside)
  }
  return undefined
}
