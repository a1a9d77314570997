import type { Severity } from '../../evidence.js'
import { headingOf, splitRow } from './eslint-text.js'
import { gradeOf, lineReader, pathPart, remarkOf } from './lines.js'

const row = /^\s*(?:(\d+):(\d+)\s+)?([✖×⚠‼ℹ])\s+(\S.*)$/
const compact = /^(\S.*?): line (\d+), col (\d+), (error|warning) - (.*)$/
const unix = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): (.*) \[(error|warning)\]$`)
const grades: Readonly<Record<string, Severity>> = {
  '✖': 'error',
  '×': 'error',
  '⚠': 'warning',
  '‼': 'warning',
  ℹ: 'note',
  error: 'error',
  warning: 'warning',
}
const tool = 'Stylelint'

/** Stylelint's text: `string`, `verbose`, `compact` and `unix`. */
export const stylelintText = lineReader({
  format: 'stylelint-text',
  recognised: 'rows `1:2  ✖  message  rule` below a file, or the lines of its formatters `compact` and `unix`',
  proven: 'Stylelint 17.16 (string, verbose, compact, unix)',
  tool,
  remark: (line, heading) => rowOf(line, heading) ?? single(line),
  heading: headingOf,
  claim(line) {
    const found = /^(?:[✖×⚠‼ℹ] )?(\d+) problems? \(/.exec(line) ?? /^(\d+) problems? found$/.exec(line)
    return found ? [{ count: Number(found[1]) }] : undefined
  },
  own: /^\s+\d+ (?:errors?|warnings?)(?: and \d+ warnings?)? potentially fixable|^\d+ (?:sources? checked|(?:error|warning)s? found)$|^ {1,2}\S.*(?:: \d+(?: \((?:maybe )?fixable\))?|\.\w+)$/,
  failed: /^\w*Error: /,
})

function rowOf(line: string, file: string | undefined) {
  const found = row.exec(line)
  // The summary begins with the same sign.
  if (!found || file === undefined || /^\d+ problems?\b/.test(found[4] ?? '')) return undefined
  const { message, rule } = splitRow(found[4] ?? '')
  return remarkOf({ tool, rule, severity: gradeOf(grades, found[3]), message, file, line: found[1], column: found[2] })
}

function single(line: string) {
  const placed = compact.exec(line)
  const found = placed ?? unix.exec(line)
  if (!found) return undefined
  const [, file, row, column] = found
  const [word, rest = ''] = placed ? [found[4], found[5]] : [found[5], found[4]]
  const named = / \(([^()\s]+)\)$/.exec(rest)
  const message = named ? rest.slice(0, named.index) : rest
  return remarkOf({ tool, rule: named?.[1], severity: gradeOf(grades, word), message, file, line: row, column })
}
