import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { FindingsEvidence, Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', info: 'note', style: 'note' }

/** `shellcheck -f json` (a list) and `-f json1` (with `comments`); information and style are notes. */
export const shellcheckJson: JsonReader = {
  format: 'shellcheck-json',
  recognised: 'a list of `file`, `level` and a number `code`, or such `comments`',
  proven: 'ShellCheck 0.11 (json, json1)',
  kind: 'findings',
  family: 'json',
  emptyList: 'shellcheck',
  supports: (value) => {
    const comments = items(at(value, 'comments'))
    if (comments?.length === 0) return Object.keys(fields(value) ?? {}).length === 1
    return (comments ?? items(value))?.some((one) => isRemark(one) && number(at(one, 'code')) !== undefined) === true
  },
  parse: (value, context) => read(items(at(value, 'comments')) ?? items(value) ?? [], 'ShellCheck', context),
}

/** `hadolint -f json`. */
export const hadolintJson: JsonReader = {
  format: 'hadolint-json',
  recognised: 'a list of `file`, `level` and a `code` such as `DL3006`',
  proven: 'Hadolint 2.15',
  kind: 'findings',
  family: 'json',
  emptyList: 'hadolint',
  supports: (value) =>
    items(value)?.some((one) => isRemark(one) && /^(?:DL|SC)\d+$/.test(text(at(one, 'code')) ?? '')) === true,
  parse: (value, context) => read(items(value) ?? [], 'Hadolint', context),
}

const isRemark = (value: unknown): boolean =>
  ['file', 'level', 'message'].every((key) => text(at(value, key)) !== undefined)

function read(list: readonly unknown[], tool: string, context: ReadContext): FindingsEvidence {
  const findings = new FindingsBuilder(context, ['lint'])
  for (const item of list) {
    const file = text(at(item, 'file'))
    const code = number(at(item, 'code'))
    if (at(item, 'level') === 'ignore') {
      findings.suppress(1)
      continue
    }
    findings.add({
      rule: code === undefined ? (text(at(item, 'code')) ?? tool.toLowerCase()) : `SC${code}`,
      severity: gradeOf(grades, text(at(item, 'level'))),
      message: text(at(item, 'message')) ?? 'no message is given',
      tool,
      ...placeOf({
        file: file && normalisePath(file),
        line: number(at(item, 'line')),
        column: number(at(item, 'column')),
        end_line: number(at(item, 'endLine')),
        end_column: number(at(item, 'endColumn')),
      }),
    })
  }
  return findings.finish()
}
