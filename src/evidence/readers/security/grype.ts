import { FindingsBuilder } from '../../build-findings.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, text } from '../../values.js'
import { Advisories, gradeOf, underRoot } from './graded.js'

/** `grype … -o json`. What Grype was told to ignore is counted as suppressed. */
export const grype: JsonReader = {
  format: 'grype',
  recognised: '`matches` and a `descriptor` or matches of `vulnerability` and `artifact`',
  proven: 'Grype 0.110, with a database of our own',
  kind: 'findings',
  family: 'json',
  supports: (value) => {
    const matches = items(at(value, 'matches'))
    if (!matches && at(value, 'matches') !== null) return false
    const first = element(matches, 0)
    return (
      text(at(at(value, 'descriptor'), 'name')) === 'grype' ||
      (fields(at(first, 'vulnerability')) !== undefined && fields(at(first, 'artifact')) !== undefined)
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'Grype')
    const folder = /^(?:directory|file)$/.test(text(at(at(value, 'source'), 'type')) ?? '')
    for (const match of items(at(value, 'matches')) ?? []) {
      const vulnerability = at(match, 'vulnerability')
      const artifact = at(match, 'artifact')
      const path = text(at(element(at(artifact, 'locations'), 0), 'path'))
      const fixed = (items(at(at(vulnerability, 'fix'), 'versions')) ?? []).filter((one) => typeof one === 'string')
      if (!fields(vulnerability)) context.problems.error('holds a match without a vulnerability')
      advisories.add({
        rule: text(at(vulnerability, 'id')),
        severity: gradeOf(at(vulnerability, 'severity')),
        package: text(at(artifact, 'name')),
        version: text(at(artifact, 'version')),
        title:
          text(at(vulnerability, 'description')) ||
          text(at(element(at(match, 'relatedVulnerabilities'), 0), 'description')),
        fixed: fixed.slice(0, 5).join(', '),
        url: at(vulnerability, 'dataSource'),
        file: folder && path ? underRoot(path) : undefined,
        where: folder ? undefined : path,
      })
    }
    findings.suppress(items(at(value, 'ignoredMatches'))?.length)
    return findings.finish()
  },
}
