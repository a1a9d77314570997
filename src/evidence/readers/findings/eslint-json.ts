import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/** `eslint -f json`: a list of files, clean ones too. Oxlint, Biome and Stylelint write other shapes. */
export const eslintJson: JsonReader = {
  format: 'eslint-json',
  recognised: 'a list of `filePath` and `messages`',
  proven: 'ESLint 10.15',
  kind: 'findings',
  family: 'json',
  emptyList: 'eslint',
  supports: (value) => {
    const [first] = items(value) ?? []
    return text(at(first, 'filePath')) !== undefined && items(at(first, 'messages')) !== undefined
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const file of items(value) ?? []) readFile(file, findings, context)
    return findings.finish()
  },
}

function readFile(file: unknown, findings: FindingsBuilder, context: ReadContext): void {
  const path = text(at(file, 'filePath'))
  const before = findings.size
  for (const message of items(at(file, 'messages')) ?? []) {
    // ESLint's numbers: 1 is a warning, 2 an error; a fatal message says that the file does not parse.
    const fatal = at(message, 'fatal') === true
    const severity = at(message, 'severity')
    const rule = text(at(message, 'ruleId')) ?? (fatal ? 'parse-error' : 'eslint')
    findings.add({
      rule,
      severity: fatal || severity === 2 || severity === 'error' ? 'error' : 'warning',
      message: text(at(message, 'message')) ?? 'no message is given',
      tool: 'ESLint',
      ...placeOf({
        file: path && normalisePath(path),
        line: number(at(message, 'line')),
        column: number(at(message, 'column')),
        end_line: number(at(message, 'endLine')),
        end_column: number(at(message, 'endColumn')),
      }),
    })
  }
  findings.suppress(items(at(file, 'suppressedMessages'))?.length)
  const claimed = (number(at(file, 'errorCount')) ?? 0) + (number(at(file, 'warningCount')) ?? 0)
  if (claimed > findings.size - before && findings.size === before)
    context.problems.error(`states ${claimed} messages for ${path ?? 'a file'} and lists none`)
}
