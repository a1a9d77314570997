import { FindingsBuilder } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, element, fields, items, text } from '../../values.js'
import { gradeOfVector } from './cvss.js'
import { Advisories, gradeOf, gradeOfScore, listed, worstOf } from './graded.js'

/** `osv-scanner --format json`. Its groups tell which identifiers are one advisory, as its own table shows them. */
export const osvScanner: JsonReader = {
  format: 'osv-scanner',
  recognised: '`results` of `source` and `packages`',
  proven: 'OSV-Scanner 1.9 and 2.2, with databases of our own',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const results = items(at(value, 'results'))
    if (results?.length === 0) {
      const others = Object.keys(fields(value) ?? {}).filter((key) => key !== 'results')
      return others.every((key) => ['experimental_config', 'license_summary', 'image_metadata'].includes(key))
    }
    const first = element(results, 0)
    return fields(at(first, 'source')) !== undefined && items(at(first, 'packages')) !== undefined
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'OSV-Scanner')
    for (const result of items(at(value, 'results')) ?? []) {
      const path = text(at(at(result, 'source'), 'path'))
      const file = path ? normalisePath(path) : undefined
      for (const one of listed(at(result, 'packages'), context))
        readPackage(one, file, { findings, advisories }, context)
    }
    return findings.finish()
  },
}

interface Sink {
  findings: FindingsBuilder
  advisories: Advisories
}

function readPackage(
  one: unknown,
  file: string | undefined,
  { findings, advisories }: Sink,
  context: ReadContext,
): void {
  const about = {
    package: text(at(at(one, 'package'), 'name')),
    version: text(at(at(one, 'package'), 'version')),
    file,
  }
  const vulnerabilities = new Map<string, unknown>()
  for (const each of listed(at(one, 'vulnerabilities'), context)) vulnerabilities.set(text(at(each, 'id')) ?? '', each)
  const grouped = new Set<string>()
  for (const group of listed(at(one, 'groups'), context)) {
    const ids = (items(at(group, 'ids')) ?? []).filter((id): id is string => typeof id === 'string')
    for (const id of ids) grouped.add(id)
    const known = ids.map((id) => vulnerabilities.get(id)).filter((each) => each !== undefined)
    if (ids.length === 0)
      context.problems.error(`holds a group without an identifier of ${about.package ?? 'a package'}`)
    if (isUncalled(group)) findings.suppress(1)
    else advisories.add({ ...about, ...described(ids[0], known, at(group, 'max_severity')) })
  }
  for (const [id, each] of vulnerabilities)
    if (!grouped.has(id)) advisories.add({ ...about, ...described(id || undefined, [each], undefined) })
  for (const licence of items(at(one, 'license_violations')) ?? [])
    if (typeof licence === 'string')
      advisories.add({ ...about, rule: `licence:${licence}`, severity: 'unknown', title: `licence ${licence}` })
}

/** With call analysis OSV-Scanner fails only for what the code calls. */
function isUncalled(group: unknown): boolean {
  const analysis = Object.values(fields(at(group, 'experimentalAnalysis') ?? at(group, 'experimental_analysis')) ?? {})
  return analysis.length > 0 && analysis.every((one) => at(one, 'called') === false || at(one, 'unimportant') === true)
}

function described(id: string | undefined, known: readonly unknown[], score: unknown) {
  const stated = gradeOfScore(score)
  const said = known.map((each) => text(at(each, 'summary')) || text(at(each, 'details'))).find(Boolean)
  return {
    rule: id,
    severity: stated === 'unknown' ? worstOf(known.map(gradeOfAdvisory)) : stated,
    title: said,
    url: id === undefined ? undefined : `https://osv.dev/${id}`,
  }
}

/** What an OSV entry says of its severity: the database's word, else the score of its CVSS vector. */
export function gradeOfAdvisory(entry: unknown): Severity {
  const word = gradeOf(at(at(entry, 'database_specific'), 'severity'))
  if (word !== 'unknown') return word
  return worstOf((items(at(entry, 'severity')) ?? []).map((one) => gradeOfVector(text(at(one, 'score')) ?? '')))
}
