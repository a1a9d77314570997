import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { gradeOf, linkOf } from './graded.js'

/** `tfsec -f json`. Empty `results` alone may be of OSV-Scanner too and say the same. */
export const tfsec: JsonReader = {
  format: 'tfsec',
  recognised: '`results` of `rule_id` and `location`, or empty alone',
  proven: 'tfsec 1.28',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const results = at(value, 'results')
    const first = element(results, 0)
    return results === null || items(results)?.length === 0
      ? Object.keys(fields(value) ?? {}).length === 1
      : at(first, 'rule_id') !== undefined && fields(at(first, 'location')) !== undefined
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    for (const one of items(at(value, 'results')) ?? []) {
      // 1 is passed and 2 ignored; both are written on demand only.
      const status = at(one, 'status')
      if (status === 1) continue
      if (status === 2) {
        findings.suppress(1)
        continue
      }
      const location = at(one, 'location')
      const resource = text(at(one, 'resource'))
      const said = text(at(one, 'description')) || text(at(one, 'rule_description')) || 'no message is given'
      findings.add({
        rule: text(at(one, 'long_id')) || text(at(one, 'rule_id')) || 'tfsec',
        severity: gradeOf(at(one, 'severity')),
        message: resource ? `${said} (${resource})` : said,
        tool: 'tfsec',
        ...linkOf(element(at(one, 'links'), 0)),
        ...placeOf({
          file: normalisePath(text(at(location, 'filename')) ?? ''),
          line: number(at(location, 'start_line')),
          end_line: number(at(location, 'end_line')),
        }),
      })
    }
    return findings.finish()
  },
}
