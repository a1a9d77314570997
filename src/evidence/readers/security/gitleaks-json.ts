import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/**
 * `gitleaks -f json`. Only rule and place are taken: `Match`, `Secret`, `Line`, `Author`, `Email` and the commit's
 * message are never read. Gitleaks grades nothing; a leaked secret is `high` here.
 */
export const gitleaksJson: JsonReader = {
  format: 'gitleaks-json',
  recognised: 'a list of `RuleID` and `File`',
  proven: 'Gitleaks 8.30',
  kind: 'findings',
  family: 'json',
  emptyList: 'gitleaks',
  supports: (value) => {
    const [first] = items(value) ?? []
    return text(at(first, 'RuleID')) !== undefined && text(at(first, 'File')) !== undefined
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['secrets'])
    for (const item of items(value) ?? []) {
      const rule = text(at(item, 'RuleID')) || 'secret'
      findings.add({
        rule,
        severity: 'high',
        message: text(at(item, 'Description')) || `a secret of the kind ${rule}`,
        tool: 'Gitleaks',
        ...placeOf({
          file: normalisePath(text(at(item, 'File')) ?? ''),
          line: number(at(item, 'StartLine')),
          column: number(at(item, 'StartColumn')),
          end_line: number(at(item, 'EndLine')),
          end_column: number(at(item, 'EndColumn')),
        }),
      })
    }
    return findings.finish()
  },
}
