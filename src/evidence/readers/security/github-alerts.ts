import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import { type JsonReader, refuse } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { gradeOf, linkOf } from './graded.js'

type Kind = 'scanning' | 'dependency' | 'secret'
const closed = ['fixed', 'dismissed', 'auto_dismissed', 'resolved']

function kindOf(alert: unknown): Kind | undefined {
  if (number(at(alert, 'number')) === undefined || text(at(alert, 'state')) === undefined) return undefined
  if (fields(at(alert, 'security_advisory'))) return 'dependency'
  if (text(at(alert, 'secret_type')) !== undefined) return 'secret'
  return fields(at(alert, 'rule')) && fields(at(alert, 'tool')) ? 'scanning' : undefined
}

/** The alerts, of one answer or of the pages of several (`gh api --paginate --slurp`). */
const alertsOf = (value: unknown): readonly unknown[] =>
  (items(value) ?? []).flatMap((one): readonly unknown[] => items(one) ?? [one])
const isRefusal = (value: unknown): boolean =>
  text(at(value, 'message')) !== undefined && /github/.test(text(at(value, 'documentation_url')) ?? '')

/**
 * Alerts of GitHub's REST API: code scanning, Dependabot and secret scanning. Open ones count, dismissed and fixed
 * ones are suppressed; of secret scanning neither the secret nor who handled it is taken.
 */
export const githubAlerts: JsonReader = {
  format: 'github-alerts',
  recognised: 'a list of `number`, `state` and `security_advisory`, `secret_type` or `rule` and `tool`',
  proven: 'unproven',
  kind: 'findings',
  family: 'json',
  emptyList: 'alerts',
  supports: (value) => kindOf(alertsOf(value)[0]) !== undefined || isRefusal(value) || isPages(value),
  parse(value, context) {
    if (isRefusal(value)) throw refuse(`says that GitHub refused: ${text(at(value, 'message'))?.slice(0, 300) ?? ''}`)
    const alerts = alertsOf(value)
    // An empty answer does not say of what it is.
    const secrets = alerts.length === 0 ? /secret/i.test(context.path) : kindOf(alerts[0]) === 'secret'
    const findings = new FindingsBuilder(context, [secrets ? 'secrets' : 'vulnerabilities'])
    for (const alert of alerts) {
      const kind = kindOf(alert)
      const state = text(at(alert, 'state')) ?? ''
      if (kind === undefined) context.problems.error('holds an entry that is no alert')
      else if (closed.includes(state)) findings.suppress(1)
      else if (kind === 'scanning') scanning(alert, findings)
      else if (kind === 'dependency') dependency(alert, findings)
      else secret(alert, findings)
    }
    return findings.finish()
  },
}

const isPages = (value: unknown): boolean => {
  const pages = items(value) ?? []
  return pages.length > 0 && pages.every((page) => items(page)?.length === 0)
}

function scanning(alert: unknown, findings: FindingsBuilder): void {
  const rule = at(alert, 'rule')
  const security = text(at(rule, 'security_severity_level'))
  const tagged = (items(at(rule, 'tags')) ?? []).includes('security')
  const level = text(at(rule, 'severity'))
  const instance = at(alert, 'most_recent_instance')
  const location = at(instance, 'location')
  const id = text(at(rule, 'id')) ?? text(at(rule, 'name')) ?? 'code-scanning'
  findings.add({
    category: security !== undefined || tagged ? 'vulnerabilities' : 'lint',
    rule: id,
    severity:
      security !== undefined
        ? gradeOf(security)
        : level === 'error' || level === 'warning'
          ? level
          : level === 'note' || level === 'none'
            ? 'note'
            : 'unknown',
    message: text(at(at(instance, 'message'), 'text')) || text(at(rule, 'description')) || id,
    tool: text(at(at(alert, 'tool'), 'name')) ?? 'GitHub code scanning',
    ...linkOf(at(alert, 'html_url')),
    ...placeOf({
      file: normalisePath(text(at(location, 'path')) ?? ''),
      line: number(at(location, 'start_line')),
      column: number(at(location, 'start_column')),
      end_line: number(at(location, 'end_line')),
      end_column: number(at(location, 'end_column')),
    }),
  })
}

function dependency(alert: unknown, findings: FindingsBuilder): void {
  const advisory = at(alert, 'security_advisory')
  const vulnerability = at(alert, 'security_vulnerability')
  const name =
    text(at(at(at(alert, 'dependency'), 'package'), 'name')) ?? text(at(at(vulnerability, 'package'), 'name'))
  const range = text(at(vulnerability, 'vulnerable_version_range'))
  const graded = gradeOf(at(vulnerability, 'severity'))
  findings.add({
    category: 'vulnerabilities',
    rule: text(at(advisory, 'ghsa_id')) ?? text(at(advisory, 'cve_id')) ?? 'vulnerable-package',
    severity: graded === 'unknown' ? gradeOf(at(advisory, 'severity')) : graded,
    message: `${name ?? 'a package'}${range ? ` (${range})` : ''}: ${text(at(advisory, 'summary')) ?? 'a known vulnerability'}`,
    tool: 'Dependabot',
    ...(name ? { package: name } : {}),
    ...linkOf(at(alert, 'html_url')),
    ...placeOf({ file: normalisePath(text(at(at(alert, 'dependency'), 'manifest_path')) ?? '') }),
  })
}

function secret(alert: unknown, findings: FindingsBuilder): void {
  const location = at(alert, 'first_location_detected') ?? at(element(at(alert, 'locations'), 0), 'details')
  const active = at(alert, 'validity') === 'active'
  const kind = text(at(alert, 'secret_type_display_name')) || text(at(alert, 'secret_type')) || 'secret'
  findings.add({
    category: 'secrets',
    rule: text(at(alert, 'secret_type')) || 'secret',
    severity: active ? 'critical' : 'high',
    message: `a secret of the kind ${kind}${active ? ', verified as valid' : ''}`,
    tool: 'GitHub secret scanning',
    ...linkOf(at(alert, 'html_url')),
    ...placeOf({
      file: normalisePath(text(at(location, 'path')) ?? ''),
      line: number(at(location, 'start_line')),
      end_line: number(at(location, 'end_line')),
    }),
  })
}
