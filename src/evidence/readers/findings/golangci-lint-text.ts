import { lineReader, pathPart, remarkOf, type Where } from './lines.js'

const issue = new RegExp(String.raw`^${pathPart}:(\d+)(?::(\d+))?: (.*) \(([a-z][\w-]*)\)$`)
const tab = new RegExp(String.raw`^${pathPart}:(\d+)(?::(\d+))? {2,}([a-z][\w-]*) {2,}(.*)$`)
const typecheck = new RegExp(String.raw`^${pathPart}:(\d+)(?::(\d+))?: : (# .*)$`)
const tool = 'golangci-lint'

/** golangci-lint's text and tab form; severities are in its JSON only, here all are errors. */
export const golangciLintText = lineReader({
  format: 'golangci-lint-text',
  recognised: 'lines `file.go:1:2: message (linter)`',
  proven: 'golangci-lint 2.15 (text, tab)',
  tool,
  remark(line) {
    const found = issue.exec(line)
    if (found) {
      const [, file, row, column, message, rule] = found
      return file?.endsWith('.go') || file?.endsWith('.mod')
        ? of(rule, message, { file, line: row, column })
        : undefined
    }
    const cells = tab.exec(line)
    if (cells) return of(cells[4], cells[5], { file: cells[1], line: cells[2], column: cells[3] })
    const types = typecheck.exec(line)
    return types ? of('typecheck', types[4], { file: types[1], line: types[2], column: types[3] }) : undefined
  },
  goesOn: /\(typecheck\)$|^\S+\.go:\d+:\d+: [^()]*$|^\t(?:have|want) /,
  whole: (remark) => ({ ...remark, message: remark.message.replace(/ \(typecheck\)$/, '') }),
  own: /^\s|^\* [\w-]+: \d+$|^level=(?:warning|info)|^package |^\^|^(?:INFO|WARN)(?:\[| )/,
  claim(line) {
    const found = /^(\d+) issues?[:.]$/.exec(line)
    return found && found[1] !== '0' ? [{ count: Number(found[1]) }] : undefined
  },
  clean: /^0 issues\.$/,
  failed: /^level=error|^ERRO(?:\[| )|^Error: |^The command is terminated/,
})

function of(rule: string | undefined, message: string | undefined, where: Where) {
  return remarkOf({ tool, rule, severity: 'error', message, ...where })
}
