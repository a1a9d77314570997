import { compile } from './compile.js'
import type { Expression, ExpressionFault } from './compile.js'

/** A text with `${{ }}` in it, parsed once: its literal parts and its expressions, in order. */
export interface Template {
  source: string
  parts: (string | Expression)[]
}

/** Splits a text at `${{ … }}` and parses each expression; faults carry their offset in the whole text. */
export function parseTemplate(source: string): { template: Template; faults: ExpressionFault[] } {
  const parts: Template['parts'] = []
  const faults: ExpressionFault[] = []
  let from = 0
  for (;;) {
    const open = source.indexOf('${{', from)
    if (open === -1) break
    const close = closing(source, open + 3)
    if (close === -1) {
      faults.push({ message: '`${{` is not closed', hint: 'close it with `}}`', offset: open, length: 3 })
      break
    }
    if (open > from) parts.push(source.slice(from, open))
    const inner = source.slice(open + 3, close)
    const compiled = compile(inner.trim())
    if (compiled.ok) parts.push(compiled.value)
    else {
      const lead = inner.length - inner.trimStart().length
      faults.push({ ...compiled.fault, offset: open + 3 + lead + compiled.fault.offset })
    }
    from = close + 2
  }
  if (from < source.length) parts.push(source.slice(from))
  return { template: { source, parts }, faults }
}

/** An `if` or `assert`: the whole text is an expression, with or without `${{ }}` around it. */
export function parseCondition(source: string): { template: Template; faults: ExpressionFault[] } {
  if (source.includes('${{')) {
    const parsed = parseTemplate(source.trim())
    if (parsed.template.parts.length <= 1) return parsed
    const fault = {
      message: 'a condition is one expression; with text around `${{ }}` it would always hold',
      hint: 'write all of it inside one `${{ }}`, or without any',
      offset: 0,
      length: source.length,
    }
    return { ...parsed, faults: [...parsed.faults, fault] }
  }
  const compiled = compile(source.trim())
  const lead = source.length - source.trimStart().length
  return compiled.ok
    ? { template: { source, parts: [compiled.value] }, faults: [] }
    : { template: { source, parts: [] }, faults: [{ ...compiled.fault, offset: lead + compiled.fault.offset }] }
}

/** The `}}` that closes an expression; one inside a quoted text does not. */
function closing(source: string, from: number): number {
  let quoted = false
  for (let i = from; i < source.length; i++) {
    if (source[i] === "'") quoted = !quoted
    else if (!quoted && source[i] === '}' && source[i + 1] === '}') return i
  }
  return -1
}

/** A template that is the given text, with nothing to replace. */
export const literal = (source: string): Template => ({ source, parts: source === '' ? [] : [source] })

/** The expressions of a template. */
export const expressionsOf = (template: Template): Expression[] =>
  template.parts.filter((part): part is Expression => typeof part !== 'string')
