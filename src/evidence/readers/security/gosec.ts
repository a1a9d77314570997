import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { gradeOf, linkOf } from './graded.js'

/** `gosec -fmt json`. Packages that did not compile (`Golang errors`) are errors: nothing in them was looked at. */
export const gosec: JsonReader = {
  format: 'gosec',
  recognised: '`Issues` and `Stats`',
  proven: 'gosec 2.22',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    (items(at(value, 'Issues')) !== undefined || at(value, 'Issues') === null) &&
    fields(at(value, 'Stats')) !== undefined &&
    number(at(at(value, 'Stats'), 'found')) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const broken = at(value, 'Golang errors')
    if (broken !== undefined && broken !== null && !fields(broken))
      context.problems.error('holds `Golang errors` that cannot be read')
    for (const [file, errors] of Object.entries(fields(broken) ?? {}))
      context.problems.error(
        `says that ${file || 'a package'} did not compile: ${text(at(element(errors, 0), 'error')) ?? 'unknown'}`,
      )
    const issues = items(at(value, 'Issues')) ?? []
    for (const issue of issues) add(issue, findings)
    // Without `-track-suppressions` they are a number only.
    if (!issues.some(isSuppressed))
      findings.suppress(Math.max(0, Math.trunc(number(at(at(value, 'Stats'), 'nosec')) ?? 0)))
    if (number(at(at(value, 'Stats'), 'files')) === 0) context.problems.warning('says that no file was scanned')
    const claimed = number(at(at(value, 'Stats'), 'found')) ?? 0
    if (claimed > issues.length) context.problems.error(`states ${claimed} issues and lists ${issues.length}`)
    return findings.finish()
  },
}

const isSuppressed = (issue: unknown): boolean =>
  at(issue, 'nosec') === true || (items(at(issue, 'suppressions'))?.length ?? 0) > 0

function add(issue: unknown, findings: FindingsBuilder): void {
  if (isSuppressed(issue)) return findings.suppress(1)
  // A range of lines is written `12-14`.
  const [first, last] = String(text(at(issue, 'line')) ?? number(at(issue, 'line')) ?? '').split('-')
  findings.add({
    rule: text(at(issue, 'rule_id')) ?? 'gosec',
    severity: gradeOf(at(issue, 'severity')),
    message: text(at(issue, 'details')) ?? 'no message is given',
    tool: 'gosec',
    ...linkOf(at(at(issue, 'cwe'), 'url') ?? at(at(issue, 'cwe'), 'URL')),
    ...placeOf({
      file: normalisePath(text(at(issue, 'file')) ?? ''),
      line: Number(first),
      column: Number(text(at(issue, 'column')) ?? number(at(issue, 'column'))),
      end_line: Number(last ?? first),
    }),
  })
}
