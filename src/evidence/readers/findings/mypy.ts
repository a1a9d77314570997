import type { Severity } from '../../evidence.js'
import { at, number, text } from '../../values.js'
import { gradeOf, lineReader, parsed, remarkOf } from './lines.js'

const line_ =
  /^((?:[A-Za-z]:[\\/])?[^\s:][^:]*)(?::(\d+)(?::(\d+)(?::(\d+):(\d+))?)?)?: (error|warning|info|note): (.*)$/
const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', note: 'note', info: 'note' }
const tool = 'mypy'

/** mypy's lines, pretty or not, and its `-O json`; a `note` is a finding of its own that no limit of errors counts. */
export const mypy = lineReader({
  format: 'mypy',
  recognised: 'lines `file.py:1: error: message  [code]`, or a row of JSON with `file`, `hint`, `code` and `severity`',
  proven: 'mypy 2.4 (text, columns, pretty, json)',
  tool,
  category: 'types',
  jsonLines: true,
  remark: (line) => (line.startsWith('{') ? ofJson(parsed(line)) : ofText(line)),
  // In pretty output a message is wrapped, and the excerpt below is indented.
  goesOn: /^(?!Found \d)\S.*\[[a-z-]+\]$/,
  whole(remark) {
    const coded = /\s{1,3}\[([a-z][a-z0-9-]*)\]$/.exec(remark.message)
    return coded
      ? { ...remark, rule: coded[1] as string, message: remark.message.slice(0, coded.index).replaceAll('\n', ' ') }
      : remark
  },
  own: /^\s{4,}\S/,
  claim(line) {
    const found = /^Found (\d+) errors? in \d+ files? \(/.exec(line)
    return found ? [{ count: Number(found[1]), of: ['error'] }] : undefined
  },
  clean: /^Success: no issues found in \d+ source files?$/,
  failed: /^usage: mypy|^mypy: error: |INTERNAL ERROR/,
})

function ofText(line: string) {
  const found = line_.exec(line)
  if (!found) return undefined
  const [, file = '', row, column, endRow, endColumn, word, message = ''] = found
  // Compilers and others write such lines too, of other files.
  if (!/\.(?:pyi?|ipynb|toml|cfg|ini)$/i.test(file) || / has \d+ NLOC, \d+ CCN/.test(message)) return undefined
  const end_column = endColumn === undefined ? undefined : String(Number(endColumn) + 1)
  return remarkOf({
    tool,
    rule: undefined,
    severity: gradeOf(grades, word),
    message,
    file,
    line: row,
    column,
    end_line: endRow,
    end_column,
  })
}

function ofJson(value: unknown) {
  const file = text(at(value, 'file'))
  const message = text(at(value, 'message'))
  if (file === undefined || message === undefined || at(value, 'hint') === undefined) return undefined
  const from1 = (key: string): string | undefined => {
    const column = number(at(value, key))
    return column === undefined ? undefined : String(column + 1)
  }
  const hint = text(at(value, 'hint'))
  return remarkOf({
    tool,
    rule: text(at(value, 'code')),
    severity: gradeOf(grades, text(at(value, 'severity'))),
    message: hint ? `${message}\n${hint}` : message,
    file,
    line: String(number(at(value, 'line'))),
    column: from1('column'),
    end_line: String(number(at(value, 'end_line'))),
    end_column: from1('end_column'),
  })
}
