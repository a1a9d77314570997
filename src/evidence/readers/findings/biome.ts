import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  information: 'note',
  info: 'note',
  hint: 'note',
}

/** `biome check --reporter=json` of Biome 2, and the first form of it (1.8 on), which tells places in bytes. */
export const biome: JsonReader = {
  format: 'biome',
  recognised: '`summary`, `diagnostics` and `command`',
  proven: 'Biome 2.6',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    fields(at(value, 'summary')) !== undefined &&
    items(at(value, 'diagnostics')) !== undefined &&
    text(at(value, 'command')) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    const list = items(at(value, 'diagnostics')) ?? []
    for (const item of list) {
      const location = at(item, 'location')
      const file = text(at(location, 'path')) ?? text(at(at(location, 'path'), 'file'))
      findings.add({
        rule: text(at(item, 'category')) ?? 'biome',
        severity: gradeOf(grades, text(at(item, 'severity'))),
        message: messageOf(item),
        tool: 'Biome',
        ...placeOf({ file: file && normalisePath(file), ...rangeOf(location) }),
      })
    }
    const summary = at(value, 'summary')
    const claimed = ['errors', 'warnings', 'infos'].reduce((sum, key) => sum + (number(at(summary, key)) ?? 0), 0)
    if (claimed > list.length) context.problems.error(`states ${claimed} diagnostics and lists ${list.length}`)
    const omitted = number(at(summary, 'diagnosticsNotPrinted')) ?? 0
    if (omitted > 0) context.problems.error(`leaves out ${omitted} diagnostics: use \`--max-diagnostics=none\``)
    return findings.finish()
  },
}

function messageOf(item: unknown): string {
  const parts = (items(at(item, 'message')) ?? []).map((part) => text(at(part, 'content')) ?? '')
  return text(at(item, 'message')) || parts.join('') || text(at(item, 'description')) || 'no message is given'
}

function rangeOf(location: unknown) {
  const span = items(at(location, 'span'))
  const source = text(at(location, 'sourceCode'))
  const offset = number(span?.[0])
  if (offset !== undefined && source !== undefined) {
    const before = Buffer.from(source).subarray(0, Math.max(0, offset)).toString()
    const start = before.lastIndexOf('\n') + 1
    return { line: before.split('\n').length, column: before.length - start + 1 }
  }
  const of = (side: string, key: string): number | undefined => number(at(at(location, side), key))
  return {
    line: of('start', 'line'),
    column: of('start', 'column'),
    end_line: of('end', 'line'),
    end_column: of('end', 'column'),
  }
}
