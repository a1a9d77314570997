import type { Category, Severity } from '../../evidence.js'
import { at, element, items, number, text } from '../../values.js'

/** What a run says about the rule of one of its results. */
export interface SarifRule {
  id: string
  level: string | undefined
  /** The share of 10 by which GitHub grades security alerts. */
  security: number | undefined
  tags: readonly string[]
  url: string | undefined
  /** Texts by message id. */
  messages: unknown
  title: string | undefined
}

/** Finds the rules of a run's results: by index, in the driver or an extension, else by id. */
export class SarifRules {
  private readonly byId = new Map<string, unknown>()

  constructor(private readonly tool: unknown) {
    for (const component of [at(tool, 'driver'), ...(items(at(tool, 'extensions')) ?? [])])
      for (const rule of items(at(component, 'rules')) ?? []) {
        const id = text(at(rule, 'id'))
        if (id !== undefined && !this.byId.has(id)) this.byId.set(id, rule)
      }
  }

  of(result: unknown): SarifRule {
    const reference = at(result, 'rule')
    const said = text(at(result, 'ruleId')) ?? text(at(reference, 'id'))
    const index = number(at(result, 'ruleIndex')) ?? number(at(reference, 'index'))
    const indexed = element(at(this.component(at(reference, 'toolComponent')), 'rules'), index)
    // An index that leads to another rule is a writer's mistake; the id is what people read.
    const fits = said === undefined || isOf(said, text(at(indexed, 'id')))
    const rule = indexed !== undefined && fits ? indexed : said === undefined ? undefined : this.named(said)
    return describe(said ?? text(at(rule, 'id')) ?? 'no-rule', rule)
  }

  /** Where a rule is defined: the driver, unless an extension is meant by index, identity or name. */
  private component(reference: unknown): unknown {
    const index = number(at(reference, 'index'))
    if (index !== undefined && index >= 0) return element(at(this.tool, 'extensions'), index)
    const meant = items(at(this.tool, 'extensions'))?.find((extension) =>
      ['guid', 'name'].some(
        (key) => text(at(reference, key)) !== undefined && at(extension, key) === at(reference, key),
      ),
    )
    return meant ?? at(this.tool, 'driver')
  }

  /** A result may name a part of a rule: `CA1000/1` is of `CA1000`. */
  private named(id: string): unknown {
    for (let name = id; ; name = name.slice(0, name.lastIndexOf('/'))) {
      if (this.byId.has(name)) return this.byId.get(name)
      if (!name.includes('/')) return undefined
    }
  }
}

const isOf = (id: string, rule: string | undefined): boolean =>
  rule !== undefined && (id === rule || id.startsWith(`${rule}/`))

function describe(id: string, rule: unknown): SarifRule {
  const properties = at(rule, 'properties')
  return {
    id,
    level: text(at(at(rule, 'defaultConfiguration'), 'level')),
    security: securitySeverity(properties),
    tags: (items(at(properties, 'tags')) ?? []).filter((tag): tag is string => typeof tag === 'string'),
    url: text(at(rule, 'helpUri')),
    messages: at(rule, 'messageStrings'),
    title: text(at(at(rule, 'shortDescription'), 'text')) ?? text(at(rule, 'name')),
  }
}

/** The level that the command line gave a rule for the invocation that found the result. */
export function overriddenLevel(run: unknown, result: unknown, rule: SarifRule): string | undefined {
  const invocations = items(at(run, 'invocations')) ?? []
  const index = number(at(at(result, 'provenance'), 'invocationIndex'))
  const invocation =
    index !== undefined && index >= 0 ? invocations[index] : invocations.length === 1 ? invocations[0] : {}
  const ruleIndex = number(at(result, 'ruleIndex')) ?? number(at(at(result, 'rule'), 'index'))
  for (const override of items(at(invocation, 'ruleConfigurationOverrides')) ?? []) {
    const descriptor = at(override, 'descriptor')
    const id = text(at(descriptor, 'id'))
    const same = id === undefined ? ruleIndex !== undefined && at(descriptor, 'index') === ruleIndex : isOf(rule.id, id)
    if (same) return text(at(at(override, 'configuration'), 'level'))
  }
  return undefined
}

/** `security-severity` is written as text or number, from 0.0 to 10.0. */
export function securitySeverity(properties: unknown): number | undefined {
  const value = at(properties, 'security-severity')
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : number(value)
  return score !== undefined && score >= 0 && score <= 10 ? score : undefined
}

/** GitHub's steps of `security-severity`, and the severities of SARIF's levels. */
export function severityOf(level: string, security: number | undefined): Severity {
  if (security !== undefined && security > 0)
    return security >= 9 ? 'critical' : security >= 7 ? 'high' : security >= 4 ? 'medium' : 'low'
  return level === 'error' ? 'error' : level === 'warning' ? 'warning' : 'note'
}

const secretTools = /gitleaks|trufflehog|detect-secrets|ggshield|gitguardian|secret/i
const securityTools =
  /codeql|semgrep|opengrep|trivy|grype|snyk|osv|bandit|gosec|brakeman|checkov|tfsec|kics|terrascan|zizmor|dependency-?check|nancy|njsscan|mobsf|veracode|fortify|checkmarx|horusec|clair|anchore|govulncheck|cargo-audit|security/i
const typeTools = /^(?:tsc|typescript|pyright|basedpyright|mypy|pyre|pytype|flow|sorbet|ty)\b/i

/** What a tool's report can hold, the usual category first, by the tool's name. */
export function categoriesOf(tool: string): [Category, ...Category[]] {
  if (secretTools.test(tool)) return ['secrets']
  if (securityTools.test(tool)) return ['vulnerabilities']
  return typeTools.test(tool) ? ['types'] : ['lint']
}

/** A result's own category, where its rule says more than the tool's name: CodeQL reports quality and security. */
export function categoryOf(rule: SarifRule, usual: Category): Category {
  if (usual === 'secrets' || usual === 'types') return usual
  if (rule.tags.some((tag) => /^secrets?$/i.test(tag))) return 'secrets'
  if (rule.security !== undefined || rule.tags.some((tag) => tag.toLowerCase() === 'security')) return 'vulnerabilities'
  return usual === 'vulnerabilities' &&
    rule.tags.some((tag) => /^(?:maintainability|style|readability|quality)$/i.test(tag))
    ? 'lint'
    : usual
}
