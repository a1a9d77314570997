import { FindingsBuilder } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { Advisories, gradeOf } from './graded.js'
import { JsonStream } from './json-stream.js'

/**
 * `yarn audit --json` of Yarn 1 and `yarn npm audit --json` of Yarn 4, a document a line; the one document of Yarn 2
 * and 3 has npm 6's shape. An advisory is listed there for every path that leads to its package, and counts once.
 */
export const yarnAudit: TextReader = {
  format: 'yarn-audit',
  recognised: 'lines of `type` (`auditAdvisory`, `auditSummary`) and `data`, or of `value` and `children`',
  proven: 'Yarn 1.22 and 4.18, with advisories of our own',
  kind: 'findings',
  family: 'text',
  jsonLines: true,
  supports: (head) =>
    /^\s*\{"type":"(?:audit(?:Advisory|Action|Summary)"|(?:info|warning|error)","(?:data|name)":)/.test(head) ||
    /^\s*\{"value":"[^"\n]*","children":\{"ID":/.test(head),
  open: (context) => new YarnAuditHandler(context),
}

class YarnAuditHandler implements TextHandler {
  private readonly stream: JsonStream
  private readonly findings: FindingsBuilder
  private readonly advisories: Advisories
  private listed = 0
  private claimed: number | undefined
  private classic = false
  private none = false
  private failed = false

  constructor(private readonly context: ReadContext) {
    this.findings = new FindingsBuilder(context, ['vulnerabilities'])
    this.advisories = new Advisories(this.findings, 'yarn audit')
    this.stream = new JsonStream(
      context,
      (value) => this.take(value),
      (line) => /^(?:yarn (?:audit|run) v|\$ |Done in )/.test(line),
    )
  }

  line(line: string): void {
    this.stream.line(line)
  }

  finish(): FindingsEvidence | null {
    this.stream.end()
    const { problems } = this.context
    if (this.listed === 0 && this.claimed === undefined && !this.none) {
      if (this.context.silentMeansNone && !this.stream.faulty && !this.failed) return this.findings.finish()
      if (!this.stream.faulty && !this.failed) problems.error('says nothing of an audit')
      return null
    }
    if (this.classic && this.claimed === undefined)
      problems.error('has no `auditSummary`: the audit failed or is cut short')
    if ((this.claimed ?? 0) > 0 && this.listed === 0) problems.error('states vulnerabilities and lists none')
    return this.findings.finish()
  }

  private take(value: unknown): void {
    const type = text(at(value, 'type'))
    const data = at(value, 'data')
    if (type === 'auditAdvisory') this.advisory(at(data, 'advisory'))
    else if (type === 'auditSummary') this.summary(data)
    else if (type === 'error') this.fail(text(data))
    else if (type !== undefined) this.none ||= /No audit suggestions/.test(text(data) ?? '')
    else if (text(at(value, 'value')) !== undefined && fields(at(value, 'children'))) this.leaf(value)
    else if (fields(at(value, 'advisories'))) this.whole(value)
    else this.stream.fault('holds a document that is none of yarn audit')
    if (type?.startsWith('audit')) this.classic = true
  }

  private fail(said: string | undefined): void {
    this.failed = true
    this.context.problems.error(`says: ${(said ?? 'an error').split('\n', 1)[0]?.slice(0, 300) ?? ''}`)
  }

  private advisory(advisory: unknown): void {
    this.listed++
    this.advisories.add({
      rule: text(at(advisory, 'github_advisory_id')) ?? ghsaOf(at(advisory, 'url')) ?? idOf(at(advisory, 'id')),
      severity: gradeOf(at(advisory, 'severity')),
      package: text(at(advisory, 'module_name')),
      version: undefined,
      title: titled(at(advisory, 'title'), at(advisory, 'vulnerable_versions')),
      fixed: fixedIn(at(advisory, 'patched_versions')),
      url: at(advisory, 'url'),
    })
  }

  private summary(data: unknown): void {
    const counts = Object.values(fields(at(data, 'vulnerabilities')) ?? {})
    this.claimed = counts.reduce<number>((sum, count) => sum + (number(count) ?? 0), 0)
  }

  private leaf(value: unknown): void {
    const about = at(value, 'children')
    // Deprecated packages are listed too; they have no number of an advisory.
    const id = at(about, 'ID')
    this.listed++
    this.advisories.add({
      rule: ghsaOf(at(about, 'URL')) ?? idOf(id),
      severity: gradeOf(at(about, 'Severity')),
      package: text(at(value, 'value')),
      version: undefined,
      title: titled(at(about, 'Issue'), at(about, 'Vulnerable Versions')),
      url: at(about, 'URL'),
    })
  }

  private whole(report: unknown): void {
    for (const advisory of Object.values(fields(at(report, 'advisories')) ?? {})) this.advisory(advisory)
    this.findings.suppress(items(at(report, 'muted'))?.length)
    this.summary(at(report, 'metadata'))
  }
}

const idOf = (id: unknown): string | undefined =>
  typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined
const ghsaOf = (url: unknown): string | undefined => /\bGHSA(?:-[0-9a-z]{4}){3}\b/i.exec(text(url) ?? '')?.[0]
const titled = (title: unknown, range: unknown): string | undefined =>
  text(range) ? `${text(title) ?? 'a known vulnerability'} (${text(range)})` : text(title)
/** `<0.0.0` stands for none. */
const fixedIn = (range: unknown): string | undefined => (text(range) === '<0.0.0' ? undefined : text(range))
