import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  convention: 'note',
  refactor: 'note',
  info: 'note',
}

/** `rubocop --format json`; what it corrected in the run is gone and no finding. */
export const rubocopJson: JsonReader = {
  format: 'rubocop-json',
  recognised: '`files` with `offenses`, and `summary.offense_count`',
  proven: 'RuboCop 1.39',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    items(at(value, 'files')) !== undefined &&
    fields(at(value, 'summary')) !== undefined &&
    claimed(value) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    let listed = 0
    for (const file of items(at(value, 'files')) ?? []) {
      const path = text(at(file, 'path'))
      for (const offense of items(at(file, 'offenses')) ?? items(at(file, 'offences')) ?? []) {
        listed++
        if (at(offense, 'corrected') === true) continue
        const place = at(offense, 'location')
        const of = (...keys: string[]): number | undefined =>
          keys.map((key) => number(at(place, key))).find((n) => n !== undefined)
        const rule = text(at(offense, 'cop_name')) ?? 'rubocop'
        const message = text(at(offense, 'message')) ?? 'no message is given'
        findings.add({
          rule,
          severity: gradeOf(grades, text(at(offense, 'severity'))),
          message: message.startsWith(`${rule}: `) ? message.slice(rule.length + 2) : message,
          tool: 'RuboCop',
          ...placeOf({
            file: path && normalisePath(path),
            line: of('start_line', 'line'),
            column: of('start_column', 'column'),
            end_line: of('last_line'),
            end_column: of('last_column'),
          }),
        })
      }
    }
    const stated = claimed(value) ?? 0
    if (stated > listed) context.problems.error(`states ${stated} offenses and lists ${listed}`)
    if (number(at(at(value, 'summary'), 'inspected_file_count')) === 0)
      context.problems.error('says that no file was checked')
    return findings.finish()
  },
}

const claimed = (value: unknown): number | undefined =>
  number(at(at(value, 'summary'), 'offense_count')) ?? number(at(at(value, 'summary'), 'offence_count'))
