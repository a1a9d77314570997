import { FindingsBuilder, placeOf, type Remark } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { lineReader, parsed } from './lines.js'

/** Reviewdog's severities, by name and by number. One that is not said is reviewdog's default, an error. */
const grades: Readonly<Record<string, Severity>> = {
  ERROR: 'error',
  '1': 'error',
  WARNING: 'warning',
  '2': 'warning',
  INFO: 'note',
  '3': 'note',
}

/** Reviewdog's diagnostic format: one document with all of them. */
export const rdjson: JsonReader = {
  format: 'rdjson',
  recognised: '`diagnostics` with `message` and `location`, and no summary',
  proven: 'Ruff 0.17, Biome 2.6, reviewdog 0.20',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const list = items(at(value, 'diagnostics'))
    if (list === undefined || at(value, 'summary') !== undefined) return false
    return list.length === 0 ? fields(at(value, 'source')) !== undefined : isDiagnostic(list[0])
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const item of items(at(value, 'diagnostics')) ?? []) findings.add(diagnosticOf(item, value))
    return findings.finish()
  },
}

/** Reviewdog's diagnostic format: a line each. */
export const rdjsonl = lineReader({
  format: 'rdjsonl',
  recognised: 'a row of JSON with `message` and `location.path`',
  proven: 'reviewdog 0.20',
  tool: 'rdjsonl',
  jsonLines: true,
  strict: true,
  remark(line) {
    const value = line.startsWith('{') ? parsed(line) : undefined
    return text(at(at(value, 'location'), 'path')) !== undefined && isDiagnostic(value)
      ? diagnosticOf(value, undefined)
      : undefined
  },
})

/** A diagnostic may be without a place: Biome's are, of a file that is not formatted. */
const isDiagnostic = (value: unknown): boolean =>
  text(at(value, 'message')) !== undefined &&
  (fields(at(value, 'location')) !== undefined || fields(at(value, 'code')) !== undefined)

function diagnosticOf(item: unknown, all: unknown): Remark {
  const location = at(item, 'location')
  const of = (side: string, key: string): number | undefined => number(at(at(at(location, 'range'), side), key))
  const word = at(item, 'severity') ?? at(all, 'severity')
  const file = text(at(location, 'path'))
  const code = at(item, 'code')
  const tool = text(at(at(item, 'source'), 'name')) ?? text(at(at(all, 'source'), 'name'))
  const url = text(at(code, 'url'))
  const key = typeof word === 'number' ? String(word) : (text(word) ?? '').toUpperCase()
  return {
    rule: text(at(code, 'value')) || tool || 'rdjson',
    severity: Object.hasOwn(grades, key) ? (grades[key] as Severity) : 'error',
    message: text(at(item, 'message')) || 'no message is given',
    ...(tool === undefined ? {} : { tool }),
    ...placeOf({
      file: file && normalisePath(file),
      line: of('start', 'line'),
      column: of('start', 'column'),
      end_line: of('end', 'line'),
      end_column: of('end', 'column'),
    }),
    ...(url && /^https?:\/\//.test(url) ? { url } : {}),
  }
}
