import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' }

/** `stylelint -f json`: a list of files, clean ones too. */
export const stylelintJson: JsonReader = {
  format: 'stylelint-json',
  recognised: 'a list of `source`, `warnings` and `errored`',
  proven: 'Stylelint 17.16',
  kind: 'findings',
  family: 'json',
  emptyList: 'stylelint',
  supports: (value) => {
    const [first] = items(value) ?? []
    return items(at(first, 'warnings')) !== undefined && typeof at(first, 'errored') === 'boolean'
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const file of items(value) ?? []) readFile(file, findings, context)
    return findings.finish()
  },
}

function readFile(file: unknown, findings: FindingsBuilder, context: ReadContext): void {
  const path = text(at(file, 'source'))
  let errors = 0
  const add = (item: unknown, rule: string, severity: Severity): void => {
    if (severity === 'error') errors++
    findings.add({
      rule,
      severity,
      message: withoutRule(text(at(item, 'text')), rule),
      tool: 'Stylelint',
      ...placeOf({
        file: path && normalisePath(path),
        line: number(at(item, 'line')),
        column: number(at(item, 'column')),
        end_line: number(at(item, 'endLine')),
        end_column: number(at(item, 'endColumn')),
      }),
    })
  }
  for (const item of items(at(file, 'warnings')) ?? [])
    add(item, text(at(item, 'rule')) ?? 'stylelint', gradeOf(grades, text(at(item, 'severity'))))
  for (const item of items(at(file, 'parseErrors')) ?? []) add(item, 'parse-error', 'error')
  for (const item of items(at(file, 'invalidOptionWarnings')) ?? []) add(item, 'invalid-option', 'error')
  if (at(file, 'errored') === true && errors === 0)
    context.problems.error(`states errors for ${path ?? 'a file'} and lists none`)
}

/** The rule stands behind the message once more. */
function withoutRule(message: string | undefined, rule: string): string {
  const tail = ` (${rule})`
  if (!message) return 'no message is given'
  return message.endsWith(tail) ? message.slice(0, -tail.length) : message
}
