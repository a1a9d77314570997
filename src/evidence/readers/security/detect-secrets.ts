import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** A baseline of `detect-secrets scan`. What was audited as no secret is suppressed; hashes of secrets are not taken. */
export const detectSecrets: JsonReader = {
  format: 'detect-secrets',
  recognised: '`plugins_used` and `results`',
  proven: 'detect-secrets 1.5',
  kind: 'findings',
  family: 'json',
  supports: (value) => items(at(value, 'plugins_used')) !== undefined && fields(at(value, 'results')) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['secrets'])
    for (const [path, list] of Object.entries(fields(at(value, 'results')) ?? {})) {
      if (!items(list)) context.problems.error(`holds no list for ${path}`)
      for (const one of items(list) ?? []) {
        if (at(one, 'is_secret') === false) {
          findings.suppress(1)
          continue
        }
        const kind = text(at(one, 'type')) || 'secret'
        const verified = at(one, 'is_verified') === true
        findings.add({
          rule: kind,
          severity: verified ? 'critical' : 'high',
          message: `a secret of the kind ${kind}${verified ? ', verified as valid' : ''}`,
          tool: 'detect-secrets',
          ...placeOf({
            file: normalisePath(text(at(one, 'filename')) || path),
            line: number(at(one, 'line_number')),
          }),
        })
      }
    }
    return findings.finish()
  },
}
