import type { SeverityName } from '../language/names.js'
import type { ReportFile } from '../language/report.js'
import type { CustomReport, Meaning } from './custom-spec.js'
import type { Reader } from './reader.js'
import type { Path } from './source.js'

/** What a report says of a format of its own; nothing for those that wf knows. */
export function readCustom(reader: Reader, file: ReportFile, path: Path): CustomReport | undefined {
  const { match, map } = file
  const asked = 'stdout' in file ? file.stdout : undefined
  if (match && map)
    reader.problem('not-here', '`match` is for text and `map` for JSON: a report has one', [...path, 'map'], {
      key: true,
    })
  for (const key of ['match', 'map'] as const) {
    if (asked === key && !file[key])
      reader.problem('missing-key', `\`stdout: ${key}\` needs \`${key}\` beside it`, [...path, 'stdout'], { key: true })
    if (file[key] && asked !== undefined && asked !== key)
      reader.problem('not-here', `\`${key}\` goes with \`stdout: ${key}\``, [...path, key], { key: true })
    if (file[key] && 'format' in file && file.format !== undefined)
      reader.problem('not-here', `\`${key}\` describes the format itself`, [...path, 'format'], { key: true })
  }
  if (match) {
    checkPattern(reader, match.pattern, [...path, 'match', 'pattern'], true)
    if (match.otherwise !== undefined) checkPattern(reader, match.otherwise, [...path, 'match', 'otherwise'], false)
    return {
      match: {
        pattern: match.pattern,
        ...(match.otherwise === undefined ? {} : { otherwise: match.otherwise }),
        ...meaningOf(match),
      },
    }
  }
  if (!map) return undefined
  const { items, file: place, line, column, 'end-line': end_line, level: severity, rule, message, url } = map
  const fields = Object.entries({ file: place, line, column, end_line, severity, rule, message, url })
  return {
    map: { items, fields: Object.fromEntries(fields.filter(([, one]) => one !== undefined)), ...meaningOf(map) },
  }
}

const meaningOf = (file: {
  tool?: string
  severity?: SeverityName
  severities?: Record<string, SeverityName>
}): Meaning => ({
  severity: file.severity ?? 'error',
  severities: file.severities ?? {},
  ...(file.tool === undefined ? {} : { tool: file.tool }),
})

/** RE2 knows neither what looks around nor what refers back. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]|\\k</

function checkPattern(reader: Reader, pattern: string, path: Path, named: boolean): void {
  const say = (message: string, hint?: string): void =>
    reader.problem('bad-pattern', message, path, hint === undefined ? {} : { hint })
  if (beyondRe2.test(pattern))
    say('the pattern looks around or refers back, which RE2 does not know', 'match the whole line instead')
  else if (named && !/\(\?P?<(?:message|rule)>/.test(pattern))
    say('the pattern has neither a group `message` nor a group `rule`', 'name one: `(?<message>.*)`')
  else {
    try {
      // Only whether it is well-formed: nothing is matched with it, so it cannot hang.
      RegExp(pattern.replaceAll('(?P<', '(?<'), 'u')
    } catch (cause) {
      say(`the pattern is not well-formed: ${cause instanceof Error ? cause.message.replace(/^.*\/u?: /, '') : ''}`)
    }
  }
}
