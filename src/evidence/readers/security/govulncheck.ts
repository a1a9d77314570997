import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { FindingsEvidence, Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'
import { JsonStream } from './json-stream.js'
import { gradeOfAdvisory } from './osv-scanner.js'

/**
 * `govulncheck -json`: a row of documents. A vulnerability counts when the code calls it, as with govulncheck's own
 * exit code; where packages or modules only are scanned, when they are there. The others are counted as suppressed.
 */
export const govulncheck: TextReader = {
  format: 'govulncheck',
  recognised: 'a row of documents that begins with `config` and its `protocol_version`',
  proven: 'govulncheck 1.1, with a database of our own',
  kind: 'findings',
  family: 'text',
  jsonLines: true,
  supports: (head) => /^\s*\{\s*"config":\s*\{[^{}]*"(?:protocol_version|scanner_name)":/.test(head),
  open: (context) => new GovulncheckHandler(context),
}

interface Known {
  severity: Severity
  summary: string | undefined
}
const messages = ['config', 'progress', 'SBOM', 'osv', 'finding']
type Depth = 'module' | 'package' | 'symbol'
const depths: readonly Depth[] = ['module', 'package', 'symbol']

class GovulncheckHandler implements TextHandler {
  private readonly stream: JsonStream
  private readonly known = new Map<string, Known>()
  /** By advisory and module the deepest finding; each advisory that is called at several places is one. */
  private readonly found = new Map<string, { id: string; depth: Depth; finding: unknown }>()
  private wanted: Depth = 'symbol'
  private begun = false

  constructor(private readonly context: ReadContext) {
    this.stream = new JsonStream(context, (value) => this.take(value))
  }

  line(line: string): void {
    this.stream.line(line)
  }

  finish(): FindingsEvidence | null {
    this.stream.end()
    if (!this.begun) {
      if (!this.stream.faulty) this.context.problems.error('has no `config`: it is no output of govulncheck')
      return null
    }
    const findings = new FindingsBuilder(this.context, ['vulnerabilities'])
    for (const { id, depth, finding } of this.found.values())
      if (depths.indexOf(depth) < depths.indexOf(this.wanted)) findings.suppress(1)
      else this.add(findings, id, finding)
    return findings.finish()
  }

  private take(value: unknown): void {
    const level = text(at(at(value, 'config'), 'scan_level'))
    if (fields(at(value, 'config'))) this.begun = true
    if (!messages.some((key) => fields(at(value, key))))
      this.stream.fault('holds a document that is none of govulncheck')
    if (level === 'module' || level === 'package') this.wanted = level
    const osv = at(value, 'osv')
    const id = text(at(osv, 'id'))
    if (id !== undefined)
      this.known.set(id, {
        severity: gradeOfAdvisory(osv),
        summary: text(at(osv, 'summary')) || text(at(osv, 'details')),
      })
    const finding = at(value, 'finding')
    if (finding !== undefined) this.keep(finding)
  }

  private keep(finding: unknown): void {
    const id = text(at(finding, 'osv'))
    const frame = element(at(finding, 'trace'), 0)
    if (id === undefined || !fields(frame)) {
      this.context.problems.error('holds a finding without an advisory or trace', this.context.line())
      return
    }
    const depth = at(frame, 'function') ? 'symbol' : at(frame, 'package') ? 'package' : 'module'
    const key = JSON.stringify([id, at(frame, 'module')])
    const before = this.found.get(key)
    if (!before || depths.indexOf(depth) > depths.indexOf(before.depth)) this.found.set(key, { id, depth, finding })
  }

  private add(findings: FindingsBuilder, id: string, finding: unknown): void {
    const trace = items(at(finding, 'trace')) ?? []
    const frame = trace[0]
    const name = text(at(frame, 'module'))
    const version = text(at(frame, 'version'))
    const known = this.known.get(id)
    // The trace leads from the vulnerable symbol to the user's own code, which is its end.
    const position = at(trace.at(-1), 'position')
    const path = text(at(position, 'filename'))
    const called = text(at(frame, 'function'))
    const symbol = called && [at(frame, 'package'), at(frame, 'receiver'), called].filter(Boolean).join('.')
    const fixed = text(at(finding, 'fixed_version'))
    const place = path && {
      file: normalisePath(path),
      line: number(at(position, 'line')),
      column: number(at(position, 'column')),
    }
    findings.add({
      rule: id,
      severity: known?.severity ?? 'unknown',
      message:
        `${name ?? 'a module'}${version ? ` ${version}` : ''}: ${known?.summary?.split('\n', 1)[0] ?? 'a known vulnerability'}` +
        `${symbol ? `; ${symbol} is called` : ''}${fixed ? ` (fixed in ${fixed})` : ''}`,
      tool: 'govulncheck',
      url: `https://pkg.go.dev/vuln/${id}`,
      ...(name ? { package: name } : {}),
      ...placeOf(place || {}),
    })
  }
}
