import type { Json } from '../../base/json.js'

const maxEvaluations = 5_000_000
const maxRange = 100_000
const maxOutput = 16 * 1024 * 1024

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
  let program: unknown
  try {
    program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const broken = (tag: string): boolean => !parses(() => parse(tokenize(tag)))
    return at(lineOfTag(source, message, broken), `the template does not parse: ${message}`)
  }

  /** The library prints nothing for what is undefined; here only `is defined` and `default` may ask for it. */
  class Strict extends Interpreter {
    #lenient = 0
    #evaluations = 0
    override evaluate(node: Node | undefined, scope: unknown): { type: string; value: unknown } {
      if (++this.#evaluations > maxEvaluations)
        throw new TemplateError('the template takes too long; is there a loop without end?')
      const asks = node !== undefined && mayBeUndefined(node)
      if (asks) this.#lenient += 1
      try {
        const value = super.evaluate(node, scope)
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
    return text.length > maxOutput
      ? at(undefined, 'the result is larger than 16 MB')
      : { ok: true, text: endsLike(source, text) }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return at(cause instanceof TemplateError && cause.part ? lineOfName(source, cause.part) : undefined, message)
  }
}

/** What is used of the library; its own types do not resolve under NodeNext. */
interface Jinja {
  Environment: new () => { set(name: string, value: unknown): unknown }
  Interpreter: new (scope: unknown) => {
    run(program: unknown): { value: unknown }
    evaluate(node: Node | undefined, scope: unknown): { type: string; value: unknown }
  }
  parse: (tokens: unknown) => unknown
  tokenize: (source: string, options?: { lstrip_blocks: boolean; trim_blocks: boolean }) => unknown
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

const tags = /\{#[^]*?#\}|\{\{[^]*?\}\}|\{%[^]*?%\}/g

function parses(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

/** The first expression that does not parse by itself, or the statement that the message names. */
function lineOfTag(source: string, message: string, broken: (tag: string) => boolean): number | undefined {
  const word = /: (\w+)$/.exec(message)?.[1]
  for (const match of source.matchAll(tags)) {
    const [tag] = match
    if (tag.startsWith('{{') ? broken(tag) : word !== undefined && new RegExp(`^\\{%-?\\s*${word}\\b`).test(tag))
      return lineAt(source, match.index)
  }
  const open = source.search(/\{\{(?![^]*\}\})|\{%(?![^]*%\})/)
  return open === -1 ? undefined : lineAt(source, open)
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
