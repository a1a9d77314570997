import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Category, Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, element, items, number, text } from '../../values.js'
import { gradeOf, linkOf } from './graded.js'

/** `semgrep --json` (Opengrep writes the same). Only rule, message and place are taken, never the lines of the match. */
export const semgrep: JsonReader = {
  format: 'semgrep',
  recognised: '`results` of `check_id` beside `errors`',
  proven: 'Semgrep 1.182',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const results = items(at(value, 'results'))
    if (!results || !items(at(value, 'errors')) || at(value, 'metrics') !== undefined) return false
    return (
      results.length === 0 || (text(at(results[0], 'check_id')) !== undefined && at(results[0], 'path') !== undefined)
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    for (const error of items(at(value, 'errors')) ?? []) told(error, context)
    for (const one of items(at(value, 'results')) ?? []) readResult(one, findings)
    const scanned = items(at(at(value, 'paths'), 'scanned'))
    if (scanned?.length === 0 && findings.size === 0) context.problems.warning('says that no file was scanned')
    return findings.finish()
  },
}

/** An error of level `warn` leaves parts of a file out, which Semgrep takes lightly; others stop rules or files. */
function told(error: unknown, context: ReadContext): void {
  const place = text(at(error, 'path'))
  const said = text(at(error, 'message')) ?? text(at(error, 'long_msg')) ?? text(at(error, 'short_msg')) ?? 'an error'
  const message = `says: ${said.split('\n', 1)[0]?.slice(0, 300) ?? ''}${place ? ` (${place})` : ''}`
  if (/^(?:warn|warning|info)$/.test(text(at(error, 'level')) ?? '')) context.problems.warning(message)
  else context.problems.error(message)
}

function readResult(one: unknown, findings: FindingsBuilder): void {
  const extra = at(one, 'extra')
  if (at(extra, 'is_ignored') === true) return findings.suppress(1)
  const rule = text(at(one, 'check_id')) ?? 'semgrep'
  const category = categoryOf(rule, extra)
  const message = text(at(extra, 'message')) || 'no message is given'
  // A message may name what a rule's variables stand for, which is the secret.
  const secret = category === 'secrets' || hardCoded(at(extra, 'metadata'))
  findings.add({
    category,
    rule,
    severity: severityOf(at(extra, 'severity')),
    message: secret ? `a secret in the code, found by the rule ${rule.split('.').at(-1) ?? rule}` : message,
    tool: 'Semgrep',
    ...linkOf(at(at(extra, 'metadata'), 'source') ?? element(at(at(extra, 'metadata'), 'references'), 0)),
    ...placeOf({
      file: normalisePath(text(at(one, 'path')) ?? ''),
      line: number(at(at(one, 'start'), 'line')),
      column: number(at(at(one, 'start'), 'col')),
      end_line: number(at(at(one, 'end'), 'line')),
      end_column: number(at(at(one, 'end'), 'col')),
    }),
  })
}

/** Semgrep's older words: its documentation says high, medium and low of them. */
function severityOf(value: unknown): Severity {
  const word = text(value)?.toUpperCase()
  if (word === 'ERROR') return 'high'
  if (word === 'WARNING') return 'medium'
  return word === 'INFO' ? 'low' : gradeOf(value)
}

function categoryOf(rule: string, extra: unknown): Category {
  const metadata = at(extra, 'metadata')
  const technologies = items(at(metadata, 'technology')) ?? [at(metadata, 'technology')]
  if (/(?:^|\.)secrets?\./.test(rule) || technologies.includes('secrets')) return 'secrets'
  const category = text(at(metadata, 'category')) ?? ''
  return /^(?:maintainability|style|readability|quality)$/.test(category) ? 'lint' : 'vulnerabilities'
}

/** The weaknesses that are about credentials in the code. */
const hardCoded = (metadata: unknown): boolean =>
  (items(at(metadata, 'cwe')) ?? [at(metadata, 'cwe')]).some((one) => /\bCWE-(?:259|321|798)\b/.test(text(one) ?? ''))
