import { FindingsBuilder } from '../../build-findings.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, text } from '../../values.js'
import { Advisories } from './graded.js'

const isDependency = (value: unknown): boolean =>
  text(at(value, 'name')) !== undefined &&
  (items(at(value, 'vulns')) !== undefined || text(at(value, 'skip_reason')) !== undefined)

/** `pip-audit -f json`: `dependencies`, or the plain list of releases before 2.1. It grades nothing. */
export const pipAudit: JsonReader = {
  format: 'pip-audit',
  recognised: '`dependencies`, or a list, of `name` and `vulns` or `skip_reason`',
  proven: 'pip-audit 2.10, with advisories of our own',
  kind: 'findings',
  family: 'json',
  emptyList: 'pip-audit',
  supports: (value) => {
    const list = items(value) ?? items(at(value, 'dependencies'))
    if (!list) return false
    return list.length === 0 ? items(at(value, 'fixes')) !== undefined : list.slice(0, 3).every(isDependency)
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'pip-audit')
    const list = items(value) ?? items(at(value, 'dependencies')) ?? []
    for (const one of list) readDependency(one, advisories, context)
    if (list.length > 0 && list.every((one) => text(at(one, 'skip_reason')) !== undefined))
      context.problems.error('says that no package was audited')
    return findings.finish()
  },
}

function readDependency(one: unknown, advisories: Advisories, context: ReadContext): void {
  const name = text(at(one, 'name'))
  const skipped = text(at(one, 'skip_reason'))
  if (skipped !== undefined)
    context.problems.warning(`${name ?? 'a package'} was not audited: ${skipped.slice(0, 300)}`)
  else if (!isDependency(one)) context.problems.error(`holds no result for ${name ?? 'a package'}`)
  for (const found of items(at(one, 'vulns')) ?? [])
    advisories.add({
      rule: text(at(found, 'id')),
      severity: 'unknown',
      package: name,
      version: text(at(one, 'version')),
      title: text(at(found, 'description')),
      fixed: (items(at(found, 'fix_versions')) ?? []).filter((each) => typeof each === 'string').join(', '),
      url: text(at(found, 'id')) && `https://osv.dev/${text(at(found, 'id'))}`,
    })
}
