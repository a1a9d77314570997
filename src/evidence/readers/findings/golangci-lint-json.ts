import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

/** What linters and `severity:` of its configuration may say; without a word what it prints, it fails for. */
const grades: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  error: 'error',
  medium: 'medium',
  warning: 'warning',
  warn: 'warning',
  low: 'low',
  info: 'note',
  information: 'note',
  note: 'note',
  hint: 'note',
}

/** golangci-lint's JSON of versions 1 and 2, which its statistics may follow. */
export const golangciLintJson: JsonReader = {
  format: 'golangci-lint-json',
  recognised: '`Issues` and `Report`',
  proven: 'golangci-lint 2.15',
  kind: 'findings',
  family: 'json',
  trailer: /^(?:\d+ issues?[:.]|\* [\w-]+: \d+)?$/,
  supports: (value) => at(value, 'Issues') !== undefined && at(at(value, 'Report'), 'Linters') !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    const failed = text(at(at(value, 'Report'), 'Error'))
    if (failed) context.problems.error(`golangci-lint says that it failed: ${failed.slice(0, 200)}`)
    const issues = at(value, 'Issues')
    // Version 1 writes `null` where there is none.
    if (issues !== null && !items(issues)) context.problems.error('has no list of `Issues`')
    for (const item of items(issues) ?? []) {
      const place = at(item, 'Pos')
      const file = text(at(place, 'Filename'))
      findings.add({
        rule: text(at(item, 'FromLinter')) || 'golangci-lint',
        severity: gradeOf(grades, text(at(item, 'Severity'))),
        message: text(at(item, 'Text')) || 'no message is given',
        tool: 'golangci-lint',
        ...placeOf({
          file: file && normalisePath(file),
          line: number(at(place, 'Line')),
          column: number(at(place, 'Column')),
        }),
      })
    }
    return findings.finish()
  },
}
