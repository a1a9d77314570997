import { FindingsBuilder } from '../../build-findings.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { gradeOfVector } from './cvss.js'
import { Advisories, listed } from './graded.js'

/** `cargo audit --json`. Its warnings (unmaintained, unsound, yanked) are findings of their vector's grade, else `low`. */
export const cargoAudit: JsonReader = {
  format: 'cargo-audit',
  recognised: '`vulnerabilities` with `found` and `list` beside `lockfile` or `database`',
  proven: 'cargo-audit 0.22, with a database of our own',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    items(at(at(value, 'vulnerabilities'), 'list')) !== undefined &&
    (at(value, 'lockfile') !== undefined || at(value, 'database') !== undefined),
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'cargo audit')
    const vulnerabilities = at(value, 'vulnerabilities')
    const list = items(at(vulnerabilities, 'list')) ?? []
    for (const one of list) add(advisories, one, undefined)
    const claimed = number(at(vulnerabilities, 'count')) ?? (at(vulnerabilities, 'found') === true ? 1 : 0)
    if (claimed > list.length) context.problems.error(`states ${claimed} vulnerabilities and lists ${list.length}`)
    for (const [kind, warnings] of Object.entries(fields(at(value, 'warnings')) ?? {}))
      for (const one of listed(warnings, context)) add(advisories, one, kind)
    return findings.finish()
  },
}

function add(advisories: Advisories, one: unknown, kind: string | undefined): void {
  const advisory = at(one, 'advisory')
  const id = text(at(advisory, 'id'))
  const graded = gradeOfVector(text(at(advisory, 'cvss')) ?? '')
  const patched = (items(at(at(one, 'versions'), 'patched')) ?? []).filter((each) => typeof each === 'string')
  advisories.add({
    rule: id ?? kind,
    severity: graded === 'unknown' && kind !== undefined ? 'low' : graded,
    package: text(at(at(one, 'package'), 'name')) ?? text(at(advisory, 'package')),
    version: text(at(at(one, 'package'), 'version')),
    title: text(at(advisory, 'title')) ?? kind,
    fixed: patched.join(', '),
    url: id === undefined ? undefined : `https://rustsec.org/advisories/${id}`,
    file: 'Cargo.lock',
  })
}
