import type { SeverityName } from '../language/names.js'
import type { ReportFile } from '../language/report.js'
import type { CustomReport, Meaning } from './custom-spec.js'
import { checkPattern } from './pattern.js'
import type { Reader } from './reader.js'
import type { Path } from './places.js'

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
    checkPattern(reader, match.pattern, [...path, 'match', 'pattern'], {
      wanted: /\(\?P?<(?:message|rule)>/,
      message: 'the pattern has neither a group `message` nor a group `rule`',
      hint: 'name one: `(?<message>.*)`',
    })
    if (match.otherwise !== undefined) checkPattern(reader, match.otherwise, [...path, 'match', 'otherwise'])
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
