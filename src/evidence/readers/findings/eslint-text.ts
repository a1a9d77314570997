import type { Severity } from '../../evidence.js'
import { gradeOf, lineReader, pathPart, remarkOf } from './lines.js'

const row = /^\s+(\d+):(\d+)\s+(error|warning)\s+(\S.*)$/
const compact = /^(\S.*?): line (\d+), col (\d+), (Error|Warning) - (.*)$/
const unix = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): (.*) \[(Error|Warning)(?:/([^\]\s]+))?\]$`)
const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' }
const tool = 'ESLint'

/** ESLint's text: `stylish`, its default, and `compact` and `unix` of version 8 and of packages. Oxlint's and standard's differ. */
export const eslintText = lineReader({
  format: 'eslint-text',
  recognised: 'rows `1:2  error  message  rule` below a file, or the lines of its formatters `compact` and `unix`',
  proven: 'ESLint 10.15 (stylish) and 8.57 (stylish, compact, unix)',
  tool,
  remark: (line, heading) => stylish(line, heading) ?? single(line),
  heading: headingOf,
  claim(line) {
    const found = /^\S{1,3} (\d+) problems? \(\d+ errors?, \d+ warnings?\)/.exec(line) ?? /^(\d+) problems?$/.exec(line)
    return found ? [{ count: Number(found[1]) }] : undefined
  },
  own: /^\s+\d+ errors? and \d+ warnings? potentially fixable|^ESLint found too many warnings|^\(node:\d+\)|^\(Use `node /,
  failed: /^Oops! Something went wrong|^ESLint: \d|^ESLint couldn't/,
})

/** A line that names the file of the rows below it; the linters with ESLint's look share it. */
export function headingOf(line: string): string | undefined {
  return /^\S.*(?:\.\w+|[\\/][^\\/\s]+)$|^<[^<>]+>$/.test(line) &&
    !/^\S{1,3} \d+ problem|: line \d+,|:\d+:\d+: /.test(line)
    ? line
    : undefined
}

/** Message and rule of a row stand apart by two blanks or more; a message alone has no rule. */
export function splitRow(text: string): { message: string; rule: string | undefined } {
  const at = text.lastIndexOf('  ')
  const rule = at === -1 ? undefined : text.slice(at + 2)
  return rule === undefined || /\s/.test(rule)
    ? { message: text, rule: undefined }
    : { message: text.slice(0, at), rule }
}

function stylish(line: string, file: string | undefined) {
  const found = row.exec(line)
  // Secretlint writes such rows too; its finds are no lint.
  if (!found || file === undefined || found[4]?.includes('@secretlint/')) return undefined
  const { message, rule } = splitRow(found[4] ?? '')
  const fatal = rule === undefined && message.startsWith('Parsing error')
  return remarkOf({
    tool,
    rule: fatal ? 'parse-error' : rule,
    severity: gradeOf(grades, found[3]),
    message,
    file,
    line: found[1],
    column: found[2],
  })
}

function single(line: string) {
  const placed = compact.exec(line)
  if (placed) {
    const [, file, row, column, word, rest = ''] = placed
    const named = / \(([^()\s]+)\)$/.exec(rest)
    const message = named ? rest.slice(0, named.index) : rest
    return remarkOf({
      tool,
      rule: named?.[1] ?? ruleOf(message),
      severity: gradeOf(grades, word),
      message,
      file,
      line: row,
      column,
    })
  }
  const found = unix.exec(line)
  if (!found) return undefined
  const [, file, row, column, message = '', word, rule] = found
  return remarkOf({
    tool,
    rule: rule ?? ruleOf(message),
    severity: gradeOf(grades, word),
    message,
    file,
    line: row,
    column,
  })
}

const ruleOf = (message: string): string | undefined =>
  message.startsWith('Parsing error') ? 'parse-error' : undefined
