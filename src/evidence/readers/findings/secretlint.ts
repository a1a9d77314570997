import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/**
 * `secretlint --format json`: a list of files, clean ones too. `sourceContent`, `message` and `data` may quote the secret
 * and are never read. A leaked secret is `high`, as with other scanners.
 */
export const secretlint: JsonReader = {
  format: 'secretlint',
  recognised: 'a list of `filePath`, `messages` and `sourceContentType`',
  proven: 'Secretlint 12.0',
  kind: 'findings',
  family: 'json',
  emptyList: 'secretlint',
  supports: (value) => {
    const [first] = items(value) ?? []
    return (
      text(at(first, 'filePath')) !== undefined &&
      items(at(first, 'messages')) !== undefined &&
      (at(first, 'sourceContentType') !== undefined || at(first, 'sourceContent') !== undefined)
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['secrets'])
    for (const file of items(value) ?? []) {
      const path = text(at(file, 'filePath'))
      for (const item of items(at(file, 'messages')) ?? []) {
        const rule = text(at(item, 'ruleId')) ?? 'secret'
        const kind = /^\w{1,80}$/.exec(text(at(item, 'messageId')) ?? '')?.[0]
        const url = text(at(item, 'docsUrl'))
        const place = (side: string, key: string, from: number): number | undefined => {
          const value = number(at(at(at(item, 'loc'), side), key))
          return value === undefined ? undefined : value + from
        }
        findings.add({
          rule,
          severity: 'high',
          message: `a secret of the kind ${kind ?? rule}`,
          tool: 'Secretlint',
          ...placeOf({
            file: path && normalisePath(path),
            line: place('start', 'line', 0),
            column: place('start', 'column', 1),
            end_line: place('end', 'line', 0),
            end_column: place('end', 'column', 1),
          }),
          ...(url && url.startsWith('https://') ? { url } : {}),
        })
      }
    }
    return findings.finish()
  },
}
