import { FindingsBuilder } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { type JsonReader, refuse } from '../../reader.js'
import { at, element, fields, items, text } from '../../values.js'
import { gradeOfVector } from './cvss.js'
import { fromPurl } from './dependency-check.js'
import { Advisories, gradeOf, gradeOfScore, listed, underRoot, worstOf } from './graded.js'

/** States of an analysis (VEX) by which a vulnerability does not matter; any other is shown. */
const harmless: readonly string[] = ['resolved', 'resolved_with_pedigree', 'false_positive', 'not_affected']

/** CycloneDX JSON with `vulnerabilities`, VEX documents too. A list of parts alone says nothing and is a problem. */
export const cyclonedx: JsonReader = {
  format: 'cyclonedx',
  recognised: '`bomFormat` CycloneDX',
  proven: 'pip-audit 2.10, Grype 0.110, Trivy 0.69; others: unproven',
  kind: 'findings',
  family: 'json',
  supports: (value) => text(at(value, 'bomFormat'))?.toLowerCase() === 'cyclonedx',
  parse(value, context) {
    const vulnerabilities = items(at(value, 'vulnerabilities')) ?? (isOfScanner(value) ? [] : undefined)
    if (!vulnerabilities)
      throw refuse('lists parts and no `vulnerabilities`: it does not say whether any were looked for')
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const advisories = new Advisories(findings, 'CycloneDX')
    const components = componentsOf(value)
    for (const one of vulnerabilities) {
      if (!fields(one)) context.problems.error('holds a vulnerability that is none')
      if (harmless.includes(text(at(at(one, 'analysis'), 'state')) ?? '')) {
        findings.suppress(1)
        continue
      }
      const named = listed(at(one, 'affects'), context)
      const affected = named.filter(isAffected)
      if (affected.length === 0 && named.length > 0) findings.suppress(1)
      for (const each of affected) add(advisories, one, componentOf(each, components))
      if (named.length === 0) add(advisories, one, {})
    }
    return findings.finish()
  },
}

/** Grype, which does nothing but look for vulnerabilities, leaves the list out when there are none. */
function isOfScanner(bom: unknown): boolean {
  const tools = at(at(bom, 'metadata'), 'tools')
  return (items(at(tools, 'components')) ?? items(tools) ?? []).some((one) => text(at(one, 'name')) === 'grype')
}

interface Component {
  name?: string
  version?: string
  /** Where it was found, as Syft and Grype write it of a folder; in an image it is no file of the repository. */
  file?: string
}

/** All components by their reference, nested ones too; without recursion, as nesting may be deep. */
function componentsOf(bom: unknown): Map<string, Component> {
  const found = new Map<string, Component>()
  const open: unknown[] = [at(at(bom, 'metadata'), 'component')]
  const isFolder = text(at(open[0], 'type')) === 'file'
  for (const list of ['components', 'services']) for (const one of items(at(bom, list)) ?? []) open.push(one)
  for (let one = open.pop(); open.length > 0 || one !== undefined; one = open.pop()) {
    const group = text(at(one, 'group'))
    const name = text(at(one, 'name'))
    const version = text(at(one, 'version'))
    const reference = text(at(one, 'bom-ref')) ?? text(at(one, 'purl'))
    const place = isFolder ? placeIn(at(one, 'properties')) : undefined
    if (reference !== undefined && name !== undefined)
      found.set(reference, {
        name: group ? `${group}/${name}` : name,
        ...(version ? { version } : {}),
        ...(place ? { file: underRoot(place) } : {}),
      })
    for (const list of ['components', 'services']) for (const inner of items(at(one, list)) ?? []) open.push(inner)
  }
  return found
}

const placeIn = (properties: unknown): string | undefined =>
  text(
    at(
      (items(properties) ?? []).find((one) => at(one, 'name') === 'syft:location:0:path'),
      'value',
    ),
  )

/** Whether any version that the entry names is affected, or may be. */
function isAffected(entry: unknown): boolean {
  const versions = items(at(entry, 'versions')) ?? []
  return versions.length === 0 || versions.some((one) => text(at(one, 'status')) !== 'unaffected')
}

function componentOf(affected: unknown, components: ReadonlyMap<string, Component>): Component {
  const reference = text(at(affected, 'ref'))
  if (reference === undefined) return {}
  // A link to another document (`urn:cdx:…#ref`) ends with the reference there.
  const local = reference.startsWith('urn:cdx:') ? reference.slice(reference.indexOf('#') + 1) : reference
  const purl = fromPurl(local)
  return components.get(reference) ?? components.get(local) ?? (purl.name === undefined ? { name: local } : purl)
}

function add(advisories: Advisories, one: unknown, component: Component): void {
  advisories.add({
    rule: text(at(one, 'id')),
    severity: severityOf(one),
    package: component.name,
    version: component.version,
    title: text(at(one, 'description')) || text(at(one, 'detail')),
    url: at(at(one, 'source'), 'url') ?? at(element(at(one, 'advisories'), 0), 'url'),
    file: component.file,
  })
}

function severityOf(one: unknown): Severity {
  const ratings = (items(at(one, 'ratings')) ?? []).map((rating) => {
    const word = gradeOf(at(rating, 'severity'))
    if (word !== 'unknown') return word
    if (!/^CVSS/i.test(text(at(rating, 'method')) ?? 'CVSS')) return 'unknown'
    const score = gradeOfScore(at(rating, 'score'))
    return score === 'unknown' ? gradeOfVector(text(at(rating, 'vector')) ?? '') : score
  })
  return worstOf(ratings)
}
