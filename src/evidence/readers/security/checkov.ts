import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { gradeOf, linkOf, listed, underRoot } from './graded.js'

const isReport = (value: unknown): boolean =>
  text(at(value, 'check_type')) !== undefined && fields(at(value, 'results')) !== undefined
const isSummary = (value: unknown): boolean =>
  at(value, 'checkov_version') !== undefined && number(at(value, 'failed')) !== undefined

/** `checkov -o json`: one framework, a list of several, or the bare totals of a run that found nothing to check. */
export const checkov: JsonReader = {
  format: 'checkov',
  recognised: '`check_type` and `results`, one or a list; or bare totals with `checkov_version`',
  proven: 'Checkov 3.3 (also with `--quiet`)',
  kind: 'findings',
  family: 'json',
  supports: (value) => isReport(element(value, 0) ?? value) || isSummary(value),
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    if (isSummary(value)) {
      context.problems.warning('says that there was nothing to check')
      checkParsing(value, 'the scan', context)
      checkSummary(value, 0, 'the scan', context)
    } else for (const report of items(value) ?? [value]) readReport(report, findings, context)
    return findings.finish()
  },
}

function readReport(report: unknown, findings: FindingsBuilder, context: ReadContext): void {
  if (!isReport(report)) {
    if (!isSummary(report)) return context.problems.error('holds an entry that is no report of checkov')
    checkParsing(report, 'a framework', context)
    checkSummary(report, 0, 'a framework', context)
    return
  }
  const kind = text(at(report, 'check_type')) ?? ''
  const results = at(report, 'results')
  const failed = listed(at(results, 'failed_checks'), context)
  for (const check of failed) add(check, kind, findings)
  // With `--quiet` only the summary tells of both.
  const summary = at(report, 'summary')
  findings.suppress(items(at(results, 'skipped_checks'))?.length ?? number(at(summary, 'skipped')))
  const broken = listed(at(results, 'parsing_errors'), context)
  for (const file of broken) context.problems.error(`says that ${text(file) ?? 'a file'} could not be parsed`)
  if (broken.length === 0) checkParsing(summary, kind, context)
  checkSummary(summary, failed.length, kind, context)
}

function checkParsing(summary: unknown, kind: string, context: ReadContext): void {
  const count = number(at(summary, 'parsing_errors')) ?? 0
  if (count > 0)
    context.problems.error(`says that ${count} ${count === 1 ? 'file' : 'files'} of ${kind} could not be parsed`)
}

function checkSummary(summary: unknown, listed: number, kind: string, context: ReadContext): void {
  const claimed = number(at(summary, 'failed')) ?? 0
  if (claimed > listed) context.problems.error(`states ${claimed} failed checks of ${kind} and lists ${listed}`)
}

function add(check: unknown, kind: string, findings: FindingsBuilder): void {
  const path = text(at(check, 'repo_file_path')) || text(at(check, 'file_path'))
  const secret = kind === 'secrets'
  const resource = text(at(check, 'resource'))
  const package_ = text(at(at(check, 'vulnerability_details'), 'package_name'))
  // Checkov grades only with an account; a secret is as bad as in other reports.
  const severity = gradeOf(at(check, 'severity') ?? at(at(check, 'vulnerability_details'), 'severity'))
  // Of a secret the resource is the hash.
  const named = resource && !secret ? ` (${resource})` : ''
  findings.add({
    category: secret ? 'secrets' : 'vulnerabilities',
    rule: text(at(check, 'check_id')) ?? 'checkov',
    severity: secret && severity === 'unknown' ? 'high' : severity,
    message: `${text(at(check, 'check_name')) ?? text(at(check, 'short_description')) ?? 'a failed check'}${named}`,
    tool: 'Checkov',
    ...(package_ ? { package: package_ } : {}),
    ...linkOf(at(check, 'guideline')),
    ...placeOf({
      file: path && underRoot(path),
      line: number(element(at(check, 'file_line_range'), 0)),
      end_line: number(element(at(check, 'file_line_range'), 1)),
    }),
  })
}
