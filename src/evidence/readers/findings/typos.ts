import { at, items, number, text } from '../../values.js'
import { lineReader, parsed, pathPart, remarkOf } from './lines.js'

const brief = new RegExp(
  String.raw`^${pathPart}:(\d+):(\d+): (?:error|warning): (\`.*\` (?:should be|->) .*|\`.*\` is disallowed)$`,
)
const title = /^(?:error|warning): (`.*` (?:should be|->) .*|`.*` is disallowed)$/
const arrow = /^\s*(?:-->|╭▸|┌─|╭─) (.+?)(?::(\d+):(\d+))?$/
const tool = 'typos'

/** typos' text, long and brief, and its `--format json`. */
export const typos = lineReader({
  format: 'typos',
  recognised: 'remarks "`teh` should be `the`", or a row of JSON with `type: typo`, `typo` and `corrections`',
  proven: 'typos 1.52 (long, brief, json)',
  tool,
  jsonLines: true,
  remark(line, heading) {
    if (line.startsWith('{')) return ofJson(parsed(line))
    const found = brief.exec(line)
    if (found) return remarkOf({ ...typo, message: found[4], file: found[1], line: found[2], column: found[3] })
    const titled = heading === undefined ? null : title.exec(heading)
    const at = titled && arrow.exec(line)
    return at ? remarkOf({ ...typo, message: titled[1], file: at[1], line: at[2], column: at[3] }) : undefined
  },
  // A title is for one place only; every other line that is not indented ends it.
  heading: (line) => (title.test(line) ? line : undefined),
  own: /^\s*(?:\d+\s*)?[|│╰]|^\s*[=·]|^warning: /,
  failed: /^error: |^argument `/,
})

const typo = { tool, rule: 'typo', severity: 'error' as const }

function ofJson(value: unknown) {
  const kind = text(at(value, 'type'))
  const file = text(at(value, 'path'))
  if (kind === 'error' && (text(at(value, 'message')) ?? text(at(value, 'msg'))) !== undefined)
    return remarkOf({ ...typo, rule: 'error', message: text(at(value, 'message')) ?? text(at(value, 'msg')), file })
  if (kind !== 'typo' || text(at(value, 'typo')) === undefined) return undefined
  const corrections = (items(at(value, 'corrections')) ?? []).filter((one) => typeof one === 'string')
  const word = text(at(value, 'typo')) ?? ''
  const offset = number(at(value, 'byte_offset'))
  return remarkOf({
    ...typo,
    message:
      corrections.length > 0
        ? `\`${word}\` should be ${corrections.map((one) => `\`${one}\``).join(', ')}`
        : `\`${word}\` is disallowed`,
    file,
    line: String(number(at(value, 'line_num'))),
    column: offset === undefined ? undefined : String(offset + 1),
  })
}
