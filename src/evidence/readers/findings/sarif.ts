import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Category } from '../../evidence.js'
import { decodeUri, joinPath, normalisePath } from '../../paths.js'
import { type JsonReader, type ReadContext, refuse } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import {
  categoriesOf,
  categoryOf,
  overriddenLevel,
  securitySeverity,
  type SarifRule,
  SarifRules,
  severityOf,
} from './sarif-rules.js'

/** SARIF 2.1.0 (OASIS): any number of runs of any tools. */
export const sarif: JsonReader = {
  format: 'sarif',
  recognised: 'an object with `runs` and a version or schema of SARIF',
  proven:
    'ESLint 10.15 (formatter 3.1), Ruff 0.17, Gitleaks 8.30, Semgrep 1.182, Checkstyle 10.21, Grype 0.110, Dependency-Check 12.1, reviewdog 0.20, Snyk 1.668, Checkov 3.3, Trivy 0.69, OSV-Scanner 2.2; CodeQL: unproven by a run of ours',
  kind: 'findings',
  family: 'json',
  supports: (value) =>
    at(value, 'runs') !== undefined &&
    (/sarif/i.test(text(at(value, '$schema')) ?? '') || text(at(value, 'version')) !== undefined),
  parse(value, context) {
    const version = text(at(value, 'version'))
    if (version !== undefined && !version.startsWith('2.')) throw refuse(`is SARIF ${version}; 2.1.0 is read`)
    const runs = items(at(value, 'runs')) ?? []
    if (runs.length === 0) throw refuse('holds no run of a tool')
    const findings = new FindingsBuilder(context, held(runs))
    for (const run of runs) new SarifRun(run, findings, context).read()
    return findings.finish()
  },
}

const toolOf = (run: unknown): string => text(at(at(at(run, 'tool'), 'driver'), 'name')) ?? 'a tool without name'

function held(runs: readonly unknown[]): [Category, ...Category[]] {
  const [first, ...rest] = runs.flatMap((run) => categoriesOf(toolOf(run)))
  return [first ?? 'lint', ...rest]
}

class SarifRun {
  private readonly rules: SarifRules
  private readonly tool: string
  private readonly usual: Category

  constructor(
    private readonly run: unknown,
    private readonly findings: FindingsBuilder,
    private readonly context: ReadContext,
  ) {
    this.rules = new SarifRules(at(run, 'tool'))
    this.tool = toolOf(run)
    this.usual = categoriesOf(this.tool)[0]
  }

  read(): void {
    const { problems } = this.context
    for (const invocation of items(at(this.run, 'invocations')) ?? []) {
      const reason = reasonOf(invocation)
      if (at(invocation, 'executionSuccessful') === false)
        problems.error(`${this.tool} says that its run failed${reason}`)
      // A part that was not looked at does not make the run a failure, if the tool says so.
      else if (reason !== '') problems.warning(`${this.tool} says that something went wrong${reason}`)
    }
    if (at(at(this.run, 'externalPropertyFileReferences'), 'results') !== undefined)
      problems.error(`${this.tool} keeps its results in another file, which is not read`)
    const results = items(at(this.run, 'results'))
    // By the standard a run without `results` looked at nothing, though some writers mean "none".
    if (!results) problems.error(`a run of ${this.tool} has no \`results\`: it did not scan`)
    for (const result of results ?? []) this.result(result)
  }

  private result(result: unknown): void {
    const kind = text(at(result, 'kind')) ?? 'fail'
    if (kind === 'pass' || kind === 'notApplicable' || at(result, 'baselineState') === 'absent') return
    if (isSuppressed(at(result, 'suppressions'))) {
      this.findings.suppress(1)
      return
    }
    const rule = this.rules.of(result)
    const level = text(at(result, 'level')) ?? (kind === 'fail' ? this.ruled(result, rule) : 'none')
    const security = securitySeverity(at(result, 'properties')) ?? rule.security
    const category = categoryOf({ ...rule, security }, this.usual)
    const location = element(at(result, 'locations'), 0)
    const physical = at(location, 'physicalLocation')
    this.findings.add({
      category,
      rule: rule.id,
      // Scanners for secrets grade nothing; a leaked one is as bad as in a report of Gitleaks' own.
      severity: category === 'secrets' && security === undefined ? 'high' : severityOf(level, security),
      message: this.message(result, rule, category === 'secrets' ? physical : undefined),
      tool: this.tool,
      ...this.place(physical),
      ...(rule.url && /^https?:\/\//.test(rule.url) ? { url: rule.url } : {}),
    })
  }

  private ruled(result: unknown, rule: SarifRule): string {
    return overriddenLevel(this.run, result, rule) ?? rule.level ?? 'warning'
  }

  private place(physical: unknown) {
    const region = at(physical, 'region')
    const line = number(at(region, 'startLine'))
    return placeOf({
      file: this.path(at(physical, 'artifactLocation')),
      line,
      column: number(at(region, 'startColumn')),
      end_line: number(at(region, 'endLine')) ?? line,
      end_column: number(at(region, 'endColumn')),
    })
  }

  /** A location's own URI or its artifact's, resolved against the folders that the run names. */
  private path(location: unknown): string | undefined {
    const artifact = element(at(this.run, 'artifacts'), number(at(location, 'index')))
    const whole = text(at(location, 'uri')) === undefined ? at(artifact, 'location') : location
    const uri = text(at(whole, 'uri'))
    if (uri === undefined) return undefined
    return joinPath(this.base(text(at(whole, 'uriBaseId')), 0), pathOf(uri)) || undefined
  }

  private base(id: string | undefined, depth: number): string {
    if (id === undefined || depth > 8) return ''
    const base = at(at(this.run, 'originalUriBaseIds'), id)
    const uri = text(at(base, 'uri'))
    const outer = this.base(text(at(base, 'uriBaseId')), depth + 1)
    return uri === undefined ? outer : outer === '' ? pathOf(uri) : joinPath(outer, pathOf(uri))
  }

  private message(result: unknown, rule: SarifRule, secretAt: unknown): string {
    const message = at(result, 'message')
    const id = text(at(message, 'id'))
    const template = id === undefined ? undefined : text(at(at(rule.messages, id), 'text'))
    const said = text(at(message, 'text')) ?? template ?? text(at(message, 'markdown')) ?? rule.title ?? rule.id
    const filled = fill(said, items(at(message, 'arguments')) ?? [])
    // Messages quote what was found, masked or not (Trivy, Semgrep); what the rule says of itself cannot.
    return secretAt === undefined ? filled : (rule.title ?? withoutSecret(filled, secretAt))
  }
}

/** What tools quote of a secret's place is the secret. */
function withoutSecret(message: string, physical: unknown): string {
  let clean = message
  for (const region of ['region', 'contextRegion']) {
    const snippet = text(at(at(at(physical, region), 'snippet'), 'text'))?.trim()
    if (snippet) clean = clean.replaceAll(snippet, '[secret]')
  }
  return clean
}

const pathOf = (uri: string): string => (/^file:/i.test(uri) ? normalisePath(uri) : decodeUri(uri))

/** `{0}` stands for the first argument, `{{` for a brace. */
const fill = (template: string, values: readonly unknown[]): string =>
  values.length === 0
    ? template
    : template.replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (all, index: string | undefined) =>
        index === undefined ? all.slice(1) : (text(values[Number(index)]) ?? all),
      )

/** Accepted, or without a status, hides a result; one that is rejected or under review shows it. */
function isSuppressed(suppressions: unknown): boolean {
  const list = items(suppressions) ?? []
  return list.length > 0 && list.every((one) => ['accepted', undefined].includes(text(at(one, 'status'))))
}

function reasonOf(invocation: unknown): string {
  const said = text(at(invocation, 'exitCodeDescription'))
  if (said && at(invocation, 'executionSuccessful') === false) return `: ${said}`
  for (const list of ['toolExecutionNotifications', 'toolConfigurationNotifications'])
    for (const one of items(at(invocation, list)) ?? [])
      if (at(one, 'level') === 'error' && fields(at(one, 'message'))) {
        const message = text(at(at(one, 'message'), 'text'))
        if (message) return `: ${message.slice(0, 300)}`
      }
  return ''
}
