import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { Advisories, gradeOf, linkOf, listed } from './graded.js'

const isProject = (value: unknown): boolean =>
  typeof at(value, 'ok') === 'boolean' &&
  (items(at(value, 'vulnerabilities')) !== undefined ||
    items(at(value, 'infrastructureAsCodeIssues')) !== undefined ||
    (at(value, 'ok') === false && text(at(value, 'error')) !== undefined))

/** `snyk test --json` and `snyk container test`, `snyk iac test`: one project or, with `--all-projects`, a list. */
export const snyk: JsonReader = {
  format: 'snyk',
  recognised: 'an object, or a list of objects, of `ok` and `vulnerabilities`, `infrastructureAsCodeIssues` or `error`',
  proven: 'Snyk 1.668 (npm), with a service of our own; containers and configurations: unproven',
  kind: 'findings',
  family: 'json',
  supports: (value) => isProject(items(value) ? items(value)?.[0] : value),
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    for (const project of items(value) ?? [value]) {
      readProject(project, findings, context)
      for (const application of listed(at(project, 'applications'), context))
        readProject(application, findings, context)
    }
    return findings.finish()
  },
}

function readProject(project: unknown, findings: FindingsBuilder, context: ReadContext): void {
  const name = text(at(project, 'displayTargetFile')) || text(at(project, 'targetFile')) || text(at(project, 'path'))
  const failed = text(at(project, 'error'))
  if (failed !== undefined) return context.problems.error(`says that the test failed: ${failed.slice(0, 300)}`)
  if (!isProject(project)) return context.problems.error('holds an entry that is no project')
  const before = findings.size
  const file = text(at(project, 'displayTargetFile')) || text(at(project, 'targetFile'))
  const place = file ? normalisePath(file) : undefined
  const advisories = new Advisories(findings, 'Snyk')
  for (const one of listed(at(project, 'vulnerabilities'), context))
    advisories.add({
      rule: text(at(one, 'id')),
      severity: gradeOf(at(one, 'severity')),
      package: text(at(one, 'packageName')) || text(at(one, 'name')),
      version: text(at(one, 'version')),
      title: text(at(one, 'title')),
      fixed: versions(at(one, 'fixedIn')),
      url: `https://security.snyk.io/vuln/${text(at(one, 'id')) ?? ''}`,
      file: place,
    })
  for (const issue of listed(at(project, 'infrastructureAsCodeIssues'), context)) configuration(issue, place, findings)
  for (const kind of ['ignore', 'patch']) findings.suppress(items(at(at(project, 'filtered'), kind))?.length)
  if (at(project, 'ok') === false && findings.size === before)
    context.problems.error(`states problems of ${name ?? 'a project'} and lists none`)
  const claimed = number(at(project, 'uniqueCount')) ?? 0
  if (claimed > findings.size - before && findings.size > before)
    context.problems.error(
      `states ${claimed} vulnerabilities of ${name ?? 'a project'}, lists ${findings.size - before}`,
    )
}

function configuration(issue: unknown, file: string | undefined, findings: FindingsBuilder): void {
  if (at(issue, 'isIgnored') === true) return findings.suppress(1)
  findings.add({
    rule: text(at(issue, 'publicId')) || text(at(issue, 'id')) || 'misconfiguration',
    severity: gradeOf(at(issue, 'severity')),
    message: text(at(issue, 'title')) || 'a misconfiguration',
    tool: 'Snyk',
    ...linkOf(at(issue, 'documentation')),
    ...placeOf({ file, line: number(at(issue, 'lineNumber')) }),
  })
}

const versions = (value: unknown): string | undefined =>
  (items(value) ?? [])
    .filter((one): one is string => typeof one === 'string')
    .slice(0, 5)
    .join(', ') || undefined
