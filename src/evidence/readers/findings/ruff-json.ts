import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/** `ruff check --output-format json`. Ruff itself knows no severities: what it prints, it fails for. */
export const ruffJson: JsonReader = {
  format: 'ruff-json',
  recognised: 'a list of `filename`, `location` and `message`',
  proven: 'Ruff 0.17',
  kind: 'findings',
  family: 'json',
  emptyList: 'ruff',
  supports: (value) => {
    const [first] = items(value) ?? []
    return (
      text(at(first, 'filename')) !== undefined &&
      number(at(at(first, 'location'), 'row')) !== undefined &&
      text(at(first, 'message')) !== undefined
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const item of items(value) ?? []) {
      const url = text(at(item, 'url'))
      const file = text(at(item, 'filename'))
      findings.add({
        rule: text(at(item, 'code')) ?? 'syntax-error',
        severity: at(item, 'severity') === 'warning' ? 'warning' : 'error',
        message: text(at(item, 'message')) ?? 'no message is given',
        tool: 'Ruff',
        ...placeOf({
          file: file && normalisePath(file),
          line: number(at(at(item, 'location'), 'row')),
          column: number(at(at(item, 'location'), 'column')),
          end_line: number(at(at(item, 'end_location'), 'row')),
          end_column: number(at(at(item, 'end_location'), 'column')),
        }),
        ...(url ? { url } : {}),
      })
    }
    return findings.finish()
  },
}
