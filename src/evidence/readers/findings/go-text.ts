import type { Severity } from '../../evidence.js'
import { at, number, text } from '../../values.js'
import { gradeOf, lineReader, parsed, pathPart, remarkOf } from './lines.js'

const check = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): (.*) \(((?:SA|ST|S|QF|U)\d{4}|compile)\)$`)
const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' }

/** Staticcheck's text and its `-f json`; what its own configuration ignores is counted as suppressed. */
export const staticcheck = lineReader({
  format: 'staticcheck',
  recognised: 'lines `file.go:1:2: message (SA1000)`, or a row of JSON with `code`, `severity` and `location`',
  proven: 'Staticcheck 2026.2 (text, json)',
  tool: 'Staticcheck',
  jsonLines: true,
  remark: (line) => (line.startsWith('{') ? staticcheckJson(parsed(line)) : staticcheckText(line)),
  goesOn: /^\t|\(compile\)$|^\S+\.go:\d+:\d+: /,
  whole: (remark) => ({ ...remark, message: remark.message.replace(/ \(compile\)$/, '') }),
  failed: /^(?:flag provided but not defined|Usage: staticcheck|error: )/,
})

function staticcheckText(line: string) {
  const found = check.exec(line)
  if (found) {
    const [, file, row, column, message, rule] = found
    return remarkOf({ tool: 'Staticcheck', rule, severity: 'error', message, file, line: row, column })
  }
  const global = /^-: (.*)$/.exec(line)
  return global
    ? remarkOf({ tool: 'Staticcheck', rule: 'compile', severity: 'error', message: global[1], file: undefined })
    : undefined
}

function staticcheckJson(value: unknown) {
  const code = text(at(value, 'code'))
  const place = at(value, 'location')
  if (code === undefined || text(at(place, 'file')) === undefined || at(value, 'end') === undefined) return undefined
  if (at(value, 'severity') === 'ignored') return 'suppressed' as const
  const end = at(value, 'end')
  return remarkOf({
    tool: 'Staticcheck',
    rule: code,
    severity: gradeOf(grades, text(at(value, 'severity'))),
    message: text(at(value, 'message')),
    file: text(at(place, 'file')),
    line: String(number(at(place, 'line'))),
    column: String(number(at(place, 'column'))),
    end_line: String(number(at(end, 'line'))),
    end_column: String(number(at(end, 'column'))),
  })
}

const vet = new RegExp(String.raw`^(vet: )?((?:[A-Za-z]:[\\/])?[^\s:][^:]*\.(?:go|s)):(\d+)(?::(\d+))?: (.*)$`)

/** The text of `go vet` and of what is built upon its framework: a file, a place and a message, no rule. */
export const goVet = lineReader({
  format: 'go-vet',
  recognised: 'nothing but lines `file.go:1:2: message`, `# package` and `exit status 1`',
  proven: 'Go 1.26 (go vet)',
  tool: 'go vet',
  strict: true,
  remark(line) {
    const found = vet.exec(line)
    // Gosec's lines are of security.
    if (!found || /\(Rule:G\d+, Severity:/.test(line)) return undefined
    const [, broken, file, row, column, message] = found
    return remarkOf({
      tool: 'go vet',
      rule: broken ? 'compile' : undefined,
      severity: 'error',
      message,
      file,
      line: row,
      column,
    })
  },
  goesOn: /^\t/,
  own: /^# \S|^go: downloading /,
  failed:
    /^(?:stat|open) .+: |^go: (?!downloading)|^vet: |^package .+ is not in std|: cannot find (?:module|package)|^no Go files in /,
})
