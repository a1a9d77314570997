import { FindingsBuilder } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, text } from '../../values.js'
import { Advisories, gradeOf, gradeOfScore, listed } from './graded.js'

/** OWASP Dependency-Check's JSON report. */
export const dependencyCheck: JsonReader = {
  format: 'dependency-check',
  recognised: '`reportSchema`, `scanInfo` and `dependencies`',
  proven: 'Dependency-Check 12.1 (Maven), with a database of our own',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    at(value, 'reportSchema') !== undefined &&
    fields(at(value, 'scanInfo')) !== undefined &&
    items(at(value, 'dependencies')) !== undefined,
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'Dependency-Check')
    for (const failure of listed(at(at(value, 'scanInfo'), 'analysisExceptions'), context)) {
      const reason = text(at(at(failure, 'exception'), 'message')) ?? 'no reason is given'
      context.problems.error(`says that its analysis failed: ${reason.slice(0, 300)}`)
    }
    for (const dependency of items(at(value, 'dependencies')) ?? []) {
      for (const one of listed(at(dependency, 'vulnerabilities'), context)) add(advisories, one, dependency)
      findings.suppress(items(at(dependency, 'suppressedVulnerabilities'))?.length)
    }
    return findings.finish()
  },
}

function add(advisories: Advisories, one: unknown, dependency: unknown): void {
  const path = text(at(dependency, 'filePath'))
  const name = text(at(one, 'name'))
  const purl = text(at(element(at(dependency, 'packages'), 0), 'id'))
  const { name: called = text(at(dependency, 'fileName')), version } = fromPurl(purl ?? '')
  advisories.add({
    rule: name,
    severity: severityOf(one),
    package: called,
    version,
    title: text(at(one, 'description')),
    url: name && /^CVE-\d+-\d+$/.test(name) ? `https://nvd.nist.gov/vuln/detail/${name}` : undefined,
    // What is inside of a lock file or an archive stands after a question mark or a colon.
    file: path ? normalisePath(path.split('?', 1)[0] ?? path) : undefined,
  })
}

/** The advisory's word, else the worse of its CVSS scores; Dependency-Check writes numbers as the word too. */
function severityOf(one: unknown): Severity {
  const word = gradeOf(at(one, 'severity'))
  if (word !== 'unknown') return word
  const scores = [
    at(at(one, 'cvssv4'), 'baseScore'),
    at(at(one, 'cvssv3'), 'baseScore'),
    at(at(one, 'cvssv2'), 'score'),
    at(one, 'severity'),
  ]
  return scores.map(gradeOfScore).find((grade) => grade !== 'unknown') ?? 'unknown'
}

/** Name and version of a package URL such as `pkg:npm/%40scope/name@1.0.0?arch=x`. */
export function fromPurl(purl: string): { name?: string; version?: string } {
  const found = /^pkg:[^/]+\/([^@?#]+)(?:@([^?#]*))?/.exec(purl)
  if (!found) return {}
  const name = (found[1] ?? '').replaceAll('%40', '@').replaceAll('%2F', '/')
  return { name, ...(found[2] ? { version: found[2].replaceAll('%2B', '+') } : {}) }
}
