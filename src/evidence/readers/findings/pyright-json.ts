import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

const severities: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', information: 'note' }

/** `pyright --outputjson`, basedpyright's too; its lines and columns count from 0. */
export const pyrightJson: JsonReader = {
  format: 'pyright-json',
  recognised: '`generalDiagnostics` and `summary`',
  proven: 'Pyright 1.1.414',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    items(at(value, 'generalDiagnostics')) !== undefined && fields(at(value, 'summary')) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['types'])
    let errors = 0
    for (const item of items(at(value, 'generalDiagnostics')) ?? []) {
      const file = text(at(item, 'file')) ?? text(at(at(item, 'uri'), '_filePath'))
      const severity = text(at(item, 'severity')) ?? 'error'
      if (severity === 'error') errors++
      findings.add({
        rule: text(at(item, 'rule')) ?? 'pyright',
        severity: Object.hasOwn(severities, severity) ? (severities[severity] as Severity) : 'error',
        message: text(at(item, 'message')) ?? 'no message is given',
        tool: 'Pyright',
        ...placeOf({ file: file && normalisePath(file), ...rangeOf(at(item, 'range')) }),
      })
    }
    const summary = at(value, 'summary')
    const claimed = number(at(summary, 'errorCount')) ?? 0
    if (claimed > errors) context.problems.error(`states ${claimed} errors and lists ${errors}`)
    if (number(at(summary, 'filesAnalyzed')) === 0) context.problems.error('says that no file was checked')
    return findings.finish()
  },
}

function rangeOf(range: unknown) {
  const from1 = (side: string, key: string): number | undefined => {
    const value = number(at(at(range, side), key))
    return value === undefined ? undefined : value + 1
  }
  return {
    line: from1('start', 'line'),
    column: from1('start', 'character'),
    end_line: from1('end', 'line'),
    end_column: from1('end', 'character'),
  }
}
