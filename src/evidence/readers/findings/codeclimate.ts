import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = {
  blocker: 'error',
  critical: 'error',
  major: 'error',
  minor: 'warning',
  info: 'note',
}

/** Code Climate's issues as a list, which GitLab reads as code quality; an issue of the category Security is a vulnerability. */
export const codeclimate: JsonReader = {
  format: 'codeclimate',
  recognised: 'a list of `description`, and of `check_name` or `fingerprint`, with `location.path`',
  proven: 'Ruff 0.17 (gitlab), Biome 2.6 (gitlab), Hadolint 2.15 (gitlab_codeclimate)',
  kind: 'findings',
  family: 'json',
  emptyList: 'codeclimate',
  supports: (value) => items(value)?.some((item) => !isMeasurement(item) && isIssue(item)) === true,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const item of items(value) ?? []) {
      if (isMeasurement(item)) continue
      const location = at(item, 'location')
      const file = text(at(location, 'path'))
      const secure = items(at(item, 'categories'))?.some((one) => text(one)?.toLowerCase() === 'security')
      const engine = text(at(item, 'engine_name'))
      findings.add({
        category: secure ? 'vulnerabilities' : 'lint',
        rule: text(at(item, 'check_name')) ?? engine ?? 'codeclimate',
        severity: gradeOf(grades, text(at(item, 'severity'))),
        message: text(at(item, 'description')) || 'no message is given',
        ...(engine === undefined ? {} : { tool: engine }),
        ...placeOf({ file: file && normalisePath(file), ...rangeOf(location) }),
      })
    }
    return findings.finish()
  },
}

const isMeasurement = (item: unknown): boolean => text(at(item, 'type'))?.toLowerCase() === 'measurement'
const isIssue = (item: unknown): boolean =>
  text(at(item, 'description')) !== undefined &&
  (text(at(item, 'check_name')) !== undefined || text(at(item, 'fingerprint')) !== undefined) &&
  text(at(at(item, 'location'), 'path')) !== undefined

/** Lines alone, or positions with columns; some writers put an object where the number of a line should be. */
function rangeOf(location: unknown) {
  const lines = at(location, 'lines')
  const positions = at(location, 'positions')
  const of = (side: 'begin' | 'end', key: string): number | undefined =>
    number(at(at(positions, side), key)) ?? number(at(at(lines, side), key))
  return {
    line: number(at(lines, 'begin')) ?? of('begin', 'line'),
    column: of('begin', 'column'),
    end_line: number(at(lines, 'end')) ?? of('end', 'line'),
    end_column: of('end', 'column'),
  }
}
