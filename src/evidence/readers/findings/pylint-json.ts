import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  refactor: 'note',
  convention: 'note',
  info: 'note',
}

/** `pylint -f json` (a list) and `-f json2` (with statistics); columns count from 0. */
export const pylintJson: JsonReader = {
  format: 'pylint-json',
  recognised: 'a list of `type`, `symbol`, `module` and `path`, or `messages` and `statistics.messageTypeCount`',
  proven: 'Pylint 4.1 (json, json2)',
  kind: 'findings',
  family: 'json',
  emptyList: 'pylint',
  supports: (value) => {
    const [first] = items(value) ?? []
    const known = ['type', 'symbol', 'module', 'path'].every((key) => text(at(first, key)) !== undefined)
    return known || (items(at(value, 'messages')) !== undefined && fields(counts(value)) !== undefined)
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    const list = items(value) ?? items(at(value, 'messages')) ?? []
    for (const item of list) {
      const from1 = (key: string): number | undefined => {
        const column = number(at(item, key))
        return column === undefined ? undefined : column + 1
      }
      const file = text(at(item, 'path'))
      findings.add({
        rule: text(at(item, 'symbol')) ?? text(at(item, 'message-id')) ?? text(at(item, 'messageId')) ?? 'pylint',
        severity: gradeOf(grades, text(at(item, 'type'))),
        message: text(at(item, 'message')) ?? 'no message is given',
        tool: 'Pylint',
        ...placeOf({
          file: file && normalisePath(file),
          line: number(at(item, 'line')),
          column: from1('column'),
          end_line: number(at(item, 'endLine')),
          end_column: from1('endColumn'),
        }),
      })
    }
    check(value, list.length, context)
    return findings.finish()
  },
}

const counts = (value: unknown): unknown => at(at(value, 'statistics'), 'messageTypeCount')

function check(value: unknown, listed: number, context: ReadContext): void {
  const stated = Object.values(fields(counts(value)) ?? {})
  const claimed = stated.reduce<number>((sum, count) => sum + (number(count) ?? 0), 0)
  if (claimed > listed) context.problems.error(`states ${claimed} messages and lists ${listed}`)
  if (number(at(at(value, 'statistics'), 'modulesLinted')) === 0 && listed === 0)
    context.problems.error('says that no module was checked')
}
