import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { gradeOf, linkOf, listed } from './graded.js'

/** `bandit -f json`. A file that Bandit could not parse is an error: nothing in it was looked at. */
export const bandit: JsonReader = {
  format: 'bandit',
  recognised: '`results` of `test_id` beside `metrics`',
  proven: 'Bandit 1.9',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const results = items(at(value, 'results'))
    if (!results || !fields(at(value, 'metrics'))) return false
    return results.length === 0
      ? items(at(value, 'errors')) !== undefined
      : text(at(results[0], 'test_id')) !== undefined
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    for (const error of listed(at(value, 'errors'), context))
      context.problems.error(
        `says that ${text(at(error, 'filename')) ?? 'a file'} was not scanned: ${text(at(error, 'reason')) ?? 'no reason is given'}`,
      )
    for (const one of items(at(value, 'results')) ?? []) {
      const rule = text(at(one, 'test_id')) ?? 'bandit'
      findings.add({
        rule,
        severity: gradeOf(at(one, 'issue_severity')),
        message: withoutPassword(rule, text(at(one, 'issue_text')) ?? 'no message is given'),
        tool: 'Bandit',
        ...linkOf(at(one, 'more_info')),
        ...placeOf({
          file: normalisePath(text(at(one, 'filename')) ?? ''),
          line: number(at(one, 'line_number')),
          // Bandit counts columns from 0, as Python does; -1 stands for none.
          column: (number(at(one, 'col_offset')) ?? -1) + 1,
          end_line: number(items(at(one, 'line_range'))?.at(-1)) ?? number(element(at(one, 'line_range'), 0)),
        }),
      })
    }
    const totals = at(at(value, 'metrics'), '_totals')
    if (number(at(totals, 'loc')) === 0) context.problems.warning('says that no line was scanned')
    for (const key of ['nosec', 'skipped_tests'])
      findings.suppress(Math.max(0, Math.trunc(number(at(totals, key)) ?? 0)))
    return findings.finish()
  },
}

/** The checks for hard-coded passwords quote them. */
export const withoutPassword = (rule: string, message: string): string =>
  /^B10[567]$/.test(rule) ? message.replace(/: ?['"].*$/s, '') : message
