import { FindingsBuilder, placeOf } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import { type JsonReader, type ReadContext, refuse } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { Advisories, gradeOf, linkOf, listed } from './graded.js'

/**
 * `trivy … -f json`: of schema 2, the list that Trivy wrote before (`null` where it found nothing to scan) and of
 * clusters. Of secrets only rule and place are taken: `Match` and `Code` are never read.
 */
export const trivy: JsonReader = {
  format: 'trivy',
  recognised: '`SchemaVersion` and `ArtifactName`, a list of `Target`, or `ClusterName` with `Resources`',
  proven:
    'Trivy 0.69 (`fs`, `config`; vulnerabilities with a database of our own); images and clusters: unproven by a run of ours',
  kind: 'findings',
  family: 'json',
  emptyList: 'trivy',
  emptyNull: true,
  supports: (value) => {
    const [first] = items(value) ?? []
    return (
      (number(at(value, 'SchemaVersion')) !== undefined &&
        (at(value, 'ArtifactName') !== undefined || at(value, 'Results') !== undefined)) ||
      (at(value, 'ClusterName') !== undefined && resourcesOf(value).length > 0) ||
      (text(at(first, 'Target')) !== undefined && parts.some((key) => at(first, key) !== undefined)) ||
      (text(at(first, 'Target')) !== undefined && text(at(first, 'Type')) !== undefined)
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['vulnerabilities'])
    if (at(value, 'ClusterName') !== undefined) {
      for (const resource of resourcesOf(value)) {
        const name = [at(resource, 'Namespace'), at(resource, 'Kind'), at(resource, 'Name')].filter(Boolean).join('/')
        const failed = text(at(resource, 'Error'))
        if (failed) context.problems.error(`says that ${name} could not be scanned: ${failed.slice(0, 300)}`)
        new TrivyResults(findings, context, name).read(at(resource, 'Results'))
      }
      return findings.finish()
    }
    const version = number(at(value, 'SchemaVersion'))
    if (version !== undefined && version !== 2) throw refuse(`is of Trivy's schema ${version}; 2 is read`)
    const image = /image|vm/.test(text(at(value, 'ArtifactType')) ?? '') ? text(at(value, 'ArtifactName')) : undefined
    new TrivyResults(findings, context, image).read(items(value) ?? at(value, 'Results'))
    return findings.finish()
  },
}

const parts = ['Vulnerabilities', 'Misconfigurations', 'Secrets', 'Licenses'] as const
const resourcesOf = (value: unknown): readonly unknown[] =>
  ['Resources', 'Vulnerabilities', 'Misconfigurations', 'Findings'].flatMap((key) => items(at(value, key)) ?? [])

class TrivyResults {
  private readonly advisories: Advisories

  /** `outside` names the image or the resource of a cluster whose files are none of the repository. */
  constructor(
    private readonly findings: FindingsBuilder,
    private readonly context: ReadContext,
    private readonly outside: string | undefined,
  ) {
    this.advisories = new Advisories(findings, 'Trivy')
  }

  read(results: unknown): void {
    // A scan that found nothing to look at leaves `Results` out.
    for (const result of listed(results, this.context)) {
      for (const one of listed(at(result, 'Vulnerabilities'), this.context)) this.vulnerability(one, result)
      for (const one of listed(at(result, 'Secrets'), this.context)) this.secret(one, result)
      for (const one of listed(at(result, 'Licenses'), this.context)) this.licence(one, result)
      this.misconfigurations(result)
      this.findings.suppress(items(at(result, 'ExperimentalModifiedFindings'))?.length)
      if (fields(result) === undefined) this.context.problems.error('holds a result that is none')
    }
  }

  private file(result: unknown, path?: string): string | undefined {
    const target = text(at(result, 'Target')) ?? ''
    // Packages of a system stand under the image's name: `debian:10 (debian 10.8)`.
    const none = this.outside !== undefined || at(result, 'Class') === 'os-pkgs' || / \([^()]*\)$/.test(target)
    return none ? undefined : normalisePath(path || target) || undefined
  }

  private where(result: unknown, path?: string): string | undefined {
    return this.file(result, path) ? undefined : path || this.outside || text(at(result, 'Target'))
  }

  private vulnerability(one: unknown, result: unknown): void {
    // Packages that stand in files of their own are under a common target such as `Node.js`.
    const path = text(at(one, 'PkgPath'))
    this.advisories.add({
      rule: text(at(one, 'VulnerabilityID')),
      severity: gradeOf(at(one, 'Severity')),
      package: text(at(one, 'PkgName')),
      version: text(at(one, 'InstalledVersion')),
      title: text(at(one, 'Title')) || text(at(one, 'Description')),
      fixed: text(at(one, 'FixedVersion')),
      url: at(one, 'PrimaryURL'),
      file: this.file(result, path),
      where: this.where(result, path),
    })
  }

  private misconfigurations(result: unknown): void {
    let failures = 0
    for (const one of listed(at(result, 'Misconfigurations'), this.context)) {
      const status = text(at(one, 'Status'))
      if (status === 'PASS') continue
      if (status === 'EXCEPTION') {
        this.findings.suppress(1)
        continue
      }
      failures++
      const cause = at(one, 'CauseMetadata')
      const id = text(at(one, 'ID')) ?? text(at(one, 'AVDID')) ?? 'misconfiguration'
      this.findings.add({
        rule: id,
        severity: gradeOf(at(one, 'Severity')),
        message: text(at(one, 'Message')) || text(at(one, 'Title')) || 'a misconfiguration',
        tool: 'Trivy',
        ...linkOf(at(one, 'PrimaryURL')),
        ...placeOf({
          file: this.file(result),
          line: number(at(cause, 'StartLine')),
          end_line: number(at(cause, 'EndLine')),
        }),
      })
    }
    const claimed = number(at(at(result, 'MisconfSummary'), 'Failures')) ?? 0
    if (claimed > failures)
      this.context.problems.error(`states ${claimed} misconfigurations of a target and lists ${failures}`)
  }

  private secret(one: unknown, result: unknown): void {
    const rule = text(at(one, 'RuleID')) ?? 'secret'
    this.findings.add({
      category: 'secrets',
      rule,
      severity: gradeOf(at(one, 'Severity')),
      message: text(at(one, 'Title')) || `a secret of the kind ${rule}`,
      tool: 'Trivy',
      ...placeOf({
        file: this.file(result),
        line: number(at(one, 'StartLine')),
        end_line: number(at(one, 'EndLine')),
      }),
    })
  }

  private licence(one: unknown, result: unknown): void {
    const name = text(at(one, 'Name')) || 'unknown licence'
    this.advisories.add({
      rule: `licence:${name}`,
      severity: gradeOf(at(one, 'Severity')),
      package: text(at(one, 'PkgName')) || text(at(one, 'FilePath')),
      version: undefined,
      title: `licence ${name}${text(at(one, 'Category')) ? ` (${text(at(one, 'Category'))})` : ''}`,
      url: at(one, 'Link'),
      file: this.file(result, text(at(one, 'FilePath'))),
      where: this.where(result),
    })
  }
}
