import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Unary,
} from '@actions/expressions/ast'
import type { Expr } from '@actions/expressions/ast'
import { ExpressionError } from '@actions/expressions/errors'
import { Lexer, TokenType } from '@actions/expressions/lexer'
import type { Token } from '@actions/expressions/lexer'
import { Parser } from '@actions/expressions/parser'
import { nearest } from '../../base/text.js'
import { contexts, statusFunctions } from '../../language/scopes.js'
import { functionNames, hostFunctions } from './functions.js'

/** A parsed expression: its text without `${{ }}`, its tree, and what it refers to. */
export interface Expression {
  text: string
  tree: Expr
  references: Reference[]
  /** Whether it calls `success()`, `failure()`, `always()` or `cancelled()`; if not, `if` means `success() && …`. */
  asksStatus: boolean
}

/** A path into a context: `steps.build.outputs.version`; a part that only evaluation knows is `null`. */
export interface Reference {
  context: string
  path: (string | null)[]
  /** From the start of the expression's text. */
  offset: number
  length: number
}

export interface ExpressionFault {
  message: string
  hint?: string
  offset: number
  length: number
}

/** Parses one expression by GitHub's grammar; faults carry their offset in the text. */
export function compile(text: string): { ok: true; value: Expression } | { ok: false; fault: ExpressionFault } {
  try {
    const { tokens } = new Lexer(text).lex()
    const unknown = unknownFunction(tokens, text)
    if (unknown) return { ok: false, fault: unknown }
    for (const token of tokens) if (token.type === TokenType.STRING) token.value = unquote(token.lexeme)
    const tree = new Parser(tokens, Object.keys(contexts), hostFunctions).parse()
    if (!tree) return { ok: false, fault: { message: 'the expression is empty', offset: 0, length: text.length } }
    const references: Reference[] = []
    const called = new Set<string>()
    collect(tree, text, references, called)
    return { ok: true, value: { text, tree, references, asksStatus: statusFunctions.some((name) => called.has(name)) } }
  } catch (cause) {
    return { ok: false, fault: faultOf(cause, text) }
  }
}

/** The library unescapes only the first `''` of a string. */
const unquote = (lexeme: string): string => lexeme.slice(1, -1).replaceAll("''", "'")

/** The library takes `constructor()` and the like for functions, since it asks a plain object. */
function unknownFunction(tokens: Token[], text: string): ExpressionFault | undefined {
  for (const [i, token] of tokens.entries()) {
    if (token.type !== TokenType.IDENTIFIER || tokens[i + 1]?.type !== TokenType.LEFT_PAREN) continue
    if (tokens[i - 1]?.type === TokenType.DOT) continue
    if (functionNames.some((name) => name.toLowerCase() === token.lexeme.toLowerCase())) continue
    const [near] = nearest(token.lexeme, functionNames)
    const at = offsetOf(token, text)
    const hint = near ? `did you mean \`${near}()\`?` : `the functions are ${functionNames.join(', ')}`
    return { message: `there is no function \`${token.lexeme}\``, hint, offset: at, length: token.lexeme.length }
  }
  return undefined
}

function faultOf(cause: unknown, text: string): ExpressionFault {
  if (cause instanceof ExpressionError) {
    const offset = offsetIn(text, cause.pos)
    const length = Math.max(1, /: '([^]*)'$/.exec(cause.message)?.[1]?.length ?? 1)
    const named = /named-value: '(.+)'$/.exec(cause.message)?.[1]
    if (named === undefined)
      return { message: `the expression does not parse: ${lower(cause.message)}`, offset, length }
    const [near] = nearest(named, Object.keys(contexts))
    const hint = near
      ? `did you mean \`${near}\`?`
      : `the contexts are ${Object.keys(contexts).join(', ')}; a text stands in '…'`
    return { message: `there is no context \`${named}\``, hint, offset, length }
  }
  const message = cause instanceof Error ? cause.message : String(cause)
  const position = /^Unexpected symbol: '([^]*)'\. Located at position (\d+) within/.exec(message)
  if (!position) return { message: 'the expression is too long', offset: 0, length: text.length }
  const symbol = position[1] ?? ''
  const hint = symbol.includes('"') ? "texts stand in single quotes: 'text'" : undefined
  return {
    message: `the expression does not parse: unexpected \`${symbol}\``,
    ...(hint ? { hint } : {}),
    offset: Number(position[2]) - 1,
    length: Math.max(1, symbol.length),
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const offsetOf = (token: Token, text: string): number => offsetIn(text, token.range.start)

function offsetIn(text: string, at: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, at.line)
  return before.reduce((sum, line) => sum + line.length + 1, at.column)
}

function collect(node: Expr, text: string, references: Reference[], called: Set<string>): void {
  const visit = (child: Expr): void => collect(child, text, references, called)
  if (node instanceof IndexAccess || node instanceof ContextAccess) {
    const path: (string | null)[] = []
    let at: Expr = node
    while (at instanceof IndexAccess) {
      path.unshift(at.index instanceof Literal ? at.index.literal.coerceString() : null)
      if (!(at.index instanceof Literal)) visit(at.index)
      at = at.expr
    }
    if (at instanceof ContextAccess) {
      const offset = offsetOf(at.name, text)
      const written = [at.name.lexeme, ...path].join('.')
      const length = text.startsWith(written, offset) ? written.length : at.name.lexeme.length
      references.push({ context: at.name.lexeme.toLowerCase(), path, offset, length })
    } else visit(at)
  } else if (node instanceof FunctionCall) {
    called.add(node.functionName.lexeme.toLowerCase())
    node.args.forEach(visit)
  } else if (node instanceof Logical) node.args.forEach(visit)
  else if (node instanceof Binary) [node.left, node.right].forEach(visit)
  else if (node instanceof Unary) visit(node.expr)
  else if (node instanceof Grouping) visit(node.group)
}
