import { lineReader, remarkOf } from './lines.js'

/** `black --check`: a finding for each file that would be changed or does not parse. */
export const black = lineReader({
  format: 'black',
  recognised: 'lines `would reformat file`, or its last words',
  proven: 'Black 26.10 (--check, --diff)',
  tool: 'Black',
  sign: /^would reformat |^error: cannot (?:format|parse)|^All done! |^Oh no! |\b\d{1,9} files? (?:would be|left)/,
  remark(line) {
    const file = /^would reformat (.+)$/.exec(line)
    if (file) return remarkOf({ ...of('Black', 'unformatted'), message: 'would be reformatted', file: file[1] })
    const parse = /^error: cannot parse:? (.+?):(\d+):(\d+)(?::\s*(.*))?$/.exec(line)
    if (parse) {
      const [, path, row, column, message] = parse
      return remarkOf({
        ...of('Black', 'parse-error'),
        message: message || 'cannot be parsed',
        file: path,
        line: row,
        column,
      })
    }
    const failed = /^error: cannot format (.+?): (?!:)(\S.*)$/.exec(line)
    if (!failed) return undefined
    const at = /\b(\d{1,9}):(\d{1,9})(?=:)/.exec(failed[2] ?? '')
    return remarkOf({
      ...of('Black', 'parse-error'),
      message: failed[2],
      file: failed[1],
      line: at?.[1],
      column: at?.[2],
    })
  },
  own: /^Oh no! |^\d+ files? (?:would be left|left) unchanged|^reformatted |^\s|^ParseError: |^[-+@\\]|^Skipping |^Identified `/,
  claim(line) {
    const changed = /\b(\d{1,9}) files? would be reformatted/.exec(line)
    const broken = /\b(\d{1,9}) files? (?:would fail|failed) to reformat/.exec(line)
    return changed || broken ? [{ count: Number(changed?.[1] ?? 0) + Number(broken?.[1] ?? 0) }] : undefined
  },
  clean: /^All done! |^\d+ files? would be left unchanged\.$/,
  failed: /^Usage: black|^Error: |^error: (?!cannot (?:format|parse))/,
})

/** `isort --check-only`: a finding for each file whose imports are not in order. */
export const isort = lineReader({
  format: 'isort',
  recognised: 'lines `ERROR: file Imports are incorrectly sorted and/or formatted.`',
  proven: 'isort 9.0 (--check-only, --diff)',
  tool: 'isort',
  remark(line) {
    const found = /^ERROR: (.+?):? Imports are incorrectly sorted(?: and\/or formatted)?\.$/.exec(line)
    if (found)
      return remarkOf({ ...of('isort', 'unsorted-imports'), message: 'imports are not in order', file: found[1] })
    const unread = /^(?:ERROR|WARNING): (Unable to parse file (.+?) due to .*)$/.exec(line)
    return unread ? remarkOf({ ...of('isort', 'parse-error'), message: unread[1], file: unread[2] }) : undefined
  },
  own: /^Skipped \d+ files$|^[-+@\s\\]|^SUCCESS: /,
  clean: /^SUCCESS: .+ Everything Looks Good!$/,
  failed: /^Broken \d+ paths$|^ERROR: |^usage: isort|^isort: error: /,
})

const of = (tool: string, rule: string) => ({ tool, rule, severity: 'error' as const })
