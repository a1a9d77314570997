import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { nearest } from '../base/text.js'
import { scopes } from '../language/scopes.js'
import type { Scope } from '../language/scopes.js'
import type { ExpressionFault, Reference } from './expression/compile.js'
import { expressionsOf, literal, parseCondition, parseTemplate } from './expression/template.js'
import type { Template } from './expression/template.js'
import type { JsonMap, JsonTemplate } from './model.js'
import type { Json } from '../base/json.js'
import type { Path, Places } from './places.js'

/** Says what is wrong with a reference at this place, or nothing; the checks of scopes stand before it. */
export type ReferenceCheck = (reference: Reference) => { message: string; hint?: string } | undefined

/** Turns texts of the file into templates and collects every mistake on the way. */
export class Reader {
  readonly problems: Diagnostic[] = []
  constructor(readonly source: Places) {}

  problem(code: string, message: string, path: Path, more: { hint?: string; key?: boolean } = {}): void {
    const place = more.key ? this.source.key(path) : this.source.place(path)
    this.problems.push(error(code, message, { place, ...(more.hint ? { hint: more.hint } : {}) }))
  }

  warn(code: string, message: string, path: Path, hint: string): void {
    this.problems.push(error(code, message, { level: 'warning', place: this.source.place(path), hint }))
  }

  /** A text in which `${{ }}` is replaced. */
  template(text: unknown, path: Path, scope: Scope, check: ReferenceCheck = () => undefined): Template {
    if (typeof text !== 'string') return literal(String(text))
    if (!text.includes('${{')) return literal(text)
    return this.#accept(text, path, parseTemplate(text), { scope, check })
  }

  /** An `if` or `assert`. */
  condition(text: unknown, path: Path, scope: Scope, check: ReferenceCheck = () => undefined): Template {
    const written = String(text)
    return this.#accept(written, path, parseCondition(written), { scope, check })
  }

  /** JSON with templates for its texts. */
  json(value: Json, path: Path, scope: Scope, check?: ReferenceCheck): JsonTemplate {
    if (typeof value === 'string') return this.template(value, path, scope, check)
    if (Array.isArray(value)) return value.map((item, i) => this.json(item, [...path, i], scope, check))
    if (value !== null && typeof value === 'object') return this.jsonMap(value, path, scope, check)
    return value
  }

  jsonMap(value: { [key: string]: Json }, path: Path, scope: Scope, check?: ReferenceCheck): JsonMap {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.json(item, [...path, key], scope, check)]),
    )
  }

  /** A text that is taken as it stands. */
  plain(text: string, path: Path): string {
    if (text.includes('${{'))
      this.problem('no-expressions', 'expressions are not replaced here', path, { hint: 'write the text itself' })
    return text
  }

  #accept(
    text: string,
    path: Path,
    parsed: { template: Template; faults: ExpressionFault[] },
    rules: { scope: Scope; check: ReferenceCheck },
  ): Template {
    for (const fault of parsed.faults) this.#fault(text, path, fault)
    let from = 0
    for (const expression of expressionsOf(parsed.template)) {
      const start = Math.max(text.indexOf(expression.text, from), 0)
      from = start + expression.text.length
      const { scope, check } = rules
      if (expression.asksStatus && !scopes[scope].status)
        this.#fault(text, path, {
          message: 'status functions are known only in `if`',
          offset: start,
          length: expression.text.length,
        })
      for (const reference of expression.references) {
        const wrong = outOfScope(reference, scope) ?? check(reference)
        if (wrong) this.#fault(text, path, { ...wrong, offset: start + reference.offset, length: reference.length })
      }
    }
    return parsed.template
  }

  #fault(text: string, path: Path, fault: ExpressionFault): void {
    const place = this.source.within(path, text, { offset: fault.offset, length: Math.max(1, fault.length) })
    this.problems.push(error('expression', fault.message, { place, ...(fault.hint ? { hint: fault.hint } : {}) }))
  }
}

function outOfScope({ context }: Reference, scope: Scope): { message: string; hint?: string } | undefined {
  const known: readonly string[] = scopes[scope].contexts
  if (known.includes(context)) return undefined
  return {
    message: `\`${context}\` is not known here`,
    hint: `what is known here: ${known.map((c) => `\`${c}\``).join(', ')}`,
  }
}

/** "there is no … `x`", with a suggestion from what there is. */
export function missing(
  what: string,
  name: string,
  there: readonly string[],
  why = '',
): { message: string; hint?: string } {
  const [near] = nearest(name, there)
  const list = there.length
    ? `there ${there.length === 1 ? 'is' : 'are'} ${there
        .slice(0, 12)
        .map((n) => `\`${n}\``)
        .join(', ')}`
    : ''
  const hint = near ? `did you mean \`${near}\`?` : list
  const [, part, owner] = /^(member|field|output) of (.+)$/.exec(what) ?? []
  const message = part ? `${owner} has no ${part} \`${name}\`` : `there is no ${what} \`${name}\``
  return { message: `${message}${why}`, ...(hint ? { hint } : {}) }
}
