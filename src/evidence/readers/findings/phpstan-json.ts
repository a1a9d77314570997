import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** `phpstan analyse --error-format=json`; it knows errors only. */
export const phpstanJson: JsonReader = {
  format: 'phpstan-json',
  recognised: '`totals.file_errors`, `files` and `errors`',
  proven: 'unproven by a run of ours',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    number(at(at(value, 'totals'), 'file_errors')) !== undefined &&
    at(value, 'files') !== undefined &&
    at(value, 'errors') !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    // PHP writes an empty list where there is no file.
    for (const [path, file] of Object.entries(fields(at(value, 'files')) ?? {}))
      for (const item of items(at(file, 'messages')) ?? [])
        findings.add({
          rule: text(at(item, 'identifier')) ?? 'phpstan',
          severity: 'error',
          message: text(at(item, 'message')) ?? 'no message is given',
          tool: 'PHPStan',
          // Of a trait the path says in whose context it was analysed.
          ...placeOf({
            file: normalisePath(path.split(' (in context of ', 1)[0] ?? path),
            line: number(at(item, 'line')),
          }),
        })
    const listed = findings.size
    const general = items(at(value, 'errors')) ?? []
    for (const error of general)
      findings.add({
        rule: 'phpstan',
        severity: 'error',
        message: text(error) ?? 'no message is given',
        tool: 'PHPStan',
      })
    const totals = at(value, 'totals')
    const claimed = [number(at(totals, 'file_errors')) ?? 0, number(at(totals, 'errors')) ?? 0] as const
    if (claimed[0] > listed || claimed[1] > general.length)
      context.problems.error(`states ${claimed[0] + claimed[1]} errors and lists ${findings.size}`)
    return findings.finish()
  },
}
