import { FindingsBuilder } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { refuse } from '../../reader.js'
import { at, fields, items, text } from '../../values.js'

const severities: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  moderate: 'medium',
  low: 'low',
  info: 'note',
}
const severityOf = (value: unknown): Severity => {
  const word = text(value) ?? ''
  return Object.hasOwn(severities, word) ? (severities[word] as Severity) : 'unknown'
}

/**
 * `npm audit --json`: of npm 7 and newer (`vulnerabilities`) and of npm 6 and pnpm (`advisories`). One finding an
 * advisory and package: packages that are only affected through another are not counted again.
 */
export const npmAudit: JsonReader = {
  format: 'npm-audit',
  recognised: '`auditReportVersion` and `vulnerabilities`, or `advisories` and `metadata` (npm 6, pnpm)',
  proven: 'npm 6.14 and 11.19, pnpm 10.34 and Yarn 3.8, with advisories of our own',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    (at(value, 'auditReportVersion') !== undefined && fields(at(value, 'vulnerabilities')) !== undefined) ||
    (fields(at(value, 'advisories')) !== undefined && fields(at(value, 'metadata')) !== undefined) ||
    failure(value) !== undefined,
  parse(value, context) {
    const failed = failure(value)
    if (failed !== undefined) throw refuse(`says that the audit failed: ${failed}`)
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    const newer = fields(at(value, 'vulnerabilities'))
    if (newer) readPackages(newer, findings)
    else readAdvisories(value, findings)
    checkTotal(value, findings, context)
    return findings.finish()
  },
}

/** What npm writes instead of a report: `{ "message"?, "error": { "code"?, "summary", "detail" } }`. */
function failure(value: unknown): string | undefined {
  const error = fields(at(value, 'error'))
  if (!error || at(value, 'vulnerabilities') !== undefined || at(value, 'advisories') !== undefined) return undefined
  if (text(at(error, 'summary')) === undefined) return undefined
  return text(at(error, 'summary')) || text(at(value, 'message')) || text(at(error, 'code')) || 'no reason is given'
}

function readPackages(packages: Readonly<Record<string, unknown>>, findings: FindingsBuilder): void {
  for (const [name, entry] of Object.entries(packages)) {
    const via = items(at(entry, 'via')) ?? []
    const advisories = via.filter((item) => fields(item) !== undefined)
    for (const advisory of advisories)
      addAdvisory(findings, {
        id: at(advisory, 'source'),
        package: text(at(advisory, 'name')) ?? name,
        title: text(at(advisory, 'title')),
        url: text(at(advisory, 'url')),
        severity: severityOf(at(advisory, 'severity')),
        range: text(at(advisory, 'range')),
      })
    // The advisory of a package that is affected through others stands with them, unless the report leaves them out.
    const others = via.filter((item): item is string => typeof item === 'string')
    if (advisories.length > 0 || others.some((other) => Object.hasOwn(packages, other))) continue
    addAdvisory(findings, {
      id: undefined,
      package: name,
      title: others.length > 0 ? `vulnerable through ${others.join(', ')}` : undefined,
      url: undefined,
      severity: severityOf(at(entry, 'severity')),
      range: text(at(entry, 'range')),
    })
  }
}

function readAdvisories(value: unknown, findings: FindingsBuilder): void {
  for (const [id, advisory] of Object.entries(fields(at(value, 'advisories')) ?? {}))
    addAdvisory(findings, {
      id,
      package: text(at(advisory, 'module_name')),
      title: text(at(advisory, 'title')),
      url: text(at(advisory, 'url')),
      severity: severityOf(at(advisory, 'severity')),
      range: text(at(advisory, 'vulnerable_versions')),
    })
  findings.suppress(items(at(value, 'muted'))?.length)
}

interface Advisory {
  id: unknown
  package: string | undefined
  title: string | undefined
  url: string | undefined
  severity: Severity
  range: string | undefined
}

function addAdvisory(findings: FindingsBuilder, advisory: Advisory): void {
  const ghsa = /\bGHSA(?:-[0-9a-z]{4}){3}\b/i.exec(advisory.url ?? '')?.[0]
  const id = typeof advisory.id === 'string' || typeof advisory.id === 'number' ? String(advisory.id) : undefined
  const range = advisory.range ? ` (${advisory.range})` : ''
  findings.add({
    rule: ghsa ?? id ?? 'vulnerable-package',
    severity: advisory.severity,
    message: `${advisory.package ?? 'a package'}${range}: ${advisory.title ?? 'a known vulnerability'}`,
    tool: 'npm audit',
    ...(advisory.package === undefined ? {} : { package: advisory.package }),
    ...(advisory.url && /^https?:\/\//.test(advisory.url) ? { url: advisory.url } : {}),
  })
}

/** The audit's own totals count packages, so they cannot be compared one to one; but some are not none. */
function checkTotal(value: unknown, findings: FindingsBuilder, context: ReadContext): void {
  const totals = fields(at(at(value, 'metadata'), 'vulnerabilities')) ?? {}
  const claimed = Object.entries(totals).some(([level, n]) => level !== 'total' && typeof n === 'number' && n > 0)
  if (claimed && findings.size === 0) context.problems.error('states vulnerabilities and lists none')
}
