import { FindingsBuilder } from '../../build-findings.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { normalisePath } from '../../paths.js'
import { Advisories, type Advisory, gradeOf, gradeOfScore, listed } from './graded.js'

const isRow = (value: unknown): boolean =>
  (items(value)?.length ?? 0) >= 5 &&
  (items(value) ?? []).slice(0, 5).every((one) => typeof one === 'string') &&
  /^(?:pyup\.io-)?\d+$/.test(text(element(value, 4)) ?? '')

/** Safety: the rows of `check --json` before 2.0, its report since, and `scan --output json` of 3. */
export const safety: JsonReader = {
  format: 'safety',
  recognised:
    'rows of package, range, version, text and number; `report_meta` and `vulnerabilities`; or `scan_results`',
  proven: 'Safety 1.10, 2.3 and 3.2 (`check`), with databases of our own; `scan` of 3: unproven',
  kind: 'findings',
  family: 'json',
  emptyList: 'safety',
  supports: (value) =>
    isRow(element(value, 0)) ||
    (fields(at(value, 'report_meta')) !== undefined && items(at(value, 'vulnerabilities')) !== undefined) ||
    (fields(at(value, 'meta')) !== undefined && fields(at(value, 'scan_results')) !== undefined),
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'Safety')
    if (items(value)) readRows(items(value) ?? [], advisories, context)
    else if (at(value, 'scan_results') !== undefined) readScan(at(value, 'scan_results'), advisories, findings, context)
    else readReport(value, advisories, findings, context)
    return findings.finish()
  },
}

function readRows(rows: readonly unknown[], advisories: Advisories, context: ReadContext): void {
  for (const row of rows) {
    if (!isRow(row)) context.problems.error('holds a row that is none of Safety')
    const score = at(element(row, 6), 'base_score') ?? at(element(row, 5), 'base_score')
    advisories.add({
      rule: text(element(row, 4)),
      severity: gradeOfScore(score),
      package: text(element(row, 0)),
      version: text(element(row, 2)),
      title: text(element(row, 3)),
    })
  }
}

function readReport(report: unknown, advisories: Advisories, findings: FindingsBuilder, context: ReadContext): void {
  const before = findings.size
  let listed = 0
  for (const one of items(at(report, 'vulnerabilities')) ?? []) {
    listed++
    if (at(one, 'ignored') === true) {
      findings.suppress(1)
      continue
    }
    const graded = at(at(one, 'severity'), 'cvssv3') ?? at(at(one, 'severity'), 'cvssv2')
    const word = gradeOf(at(graded, 'base_severity'))
    advisories.add({
      rule: text(at(one, 'CVE')) || text(at(one, 'vulnerability_id')),
      severity: word === 'unknown' ? gradeOfScore(at(graded, 'base_score')) : word,
      package: text(at(one, 'package_name')),
      version: text(at(one, 'analyzed_version')),
      title: text(at(one, 'advisory')),
      fixed: (items(at(one, 'fixed_versions')) ?? []).filter((each) => typeof each === 'string').join(', '),
      url: at(one, 'more_info_url'),
    })
  }
  findings.suppress(items(at(report, 'ignored_vulnerabilities'))?.length)
  const claimed = number(at(at(report, 'report_meta'), 'vulnerabilities_found')) ?? 0
  if (claimed > listed) context.problems.error(`states ${claimed} vulnerabilities and lists ${findings.size - before}`)
}

function readScan(scan: unknown, advisories: Advisories, findings: FindingsBuilder, context: ReadContext): void {
  for (const project of listed(at(scan, 'projects'), context))
    for (const file of listed(at(project, 'files'), context))
      for (const dependency of listed(at(at(file, 'results'), 'dependencies'), context))
        for (const specification of listed(at(dependency, 'specifications'), context))
          for (const one of listed(at(at(specification, 'vulnerabilities'), 'known_vulnerabilities'), context)) {
            if (fields(at(one, 'ignored')) !== undefined || at(one, 'ignored') === true) findings.suppress(1)
            else advisories.add(scanned(one, specification, dependency, file))
          }
}

function scanned(one: unknown, specification: unknown, dependency: unknown, file: unknown): Advisory {
  const location = text(at(file, 'location'))
  const range = text(at(one, 'vulnerable_spec')) ?? 'all versions'
  return {
    rule: text(at(one, 'id')),
    severity: gradeOf(at(one, 'severity')),
    package: text(at(dependency, 'name')),
    version: undefined,
    title: `${text(at(specification, 'raw')) ?? 'it'} is affected (${range})`,
    file: location ? normalisePath(location) : undefined,
  }
}
