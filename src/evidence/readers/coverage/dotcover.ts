import { CoverageBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, JsonReader, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'
import { Ranges } from './ranges.js'

/** dotCover's XML: with places in its detailed form, otherwise numbers of statements only. */
export const dotcover: XmlReader = {
  format: 'dotcover',
  recognised: 'root `<Root>` with `CoveredStatements`',
  proven: 'unproven',
  kind: 'coverage',
  family: 'xml',
  supports: (root, attributes) => root === 'Root' && attributes['CoveredStatements'] !== undefined,
  open: (context) => new DotCoverHandler(context),
}

/** dotCover's JSON, a tree of assemblies, namespaces, types and methods with their numbers of statements. */
export const dotcoverJson: JsonReader = {
  format: 'dotcover-json',
  recognised: '`DotCoverVersion`, `CoveredStatements` and `TotalStatements`',
  proven: 'unproven',
  kind: 'coverage',
  family: 'json',
  supports: (value) =>
    text(at(value, 'DotCoverVersion')) !== undefined && number(at(value, 'TotalStatements')) !== undefined,
  parse: parseJson,
}

class DotCoverHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  private readonly ranges = new Ranges()
  private readonly odd: Oddities
  private readonly paths = new Map<string, string>()
  private root: Attributes | undefined
  private readonly owners: string[] = []
  /** Where the open method's first statement is, and whether any ran. */
  private method: { path: string; line: number; ran: boolean } | undefined

  constructor(context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
    this.odd = new Oddities(context)
  }

  open(name: string, attributes: Attributes): boolean {
    this.root ??= attributes
    this.owners.push(attributes['Name'] ?? '')
    if (name === 'File') this.paths.set(attributes['Index'] ?? '', normalisePath(attributes['Name'] ?? ''))
    else if (name === 'Statement') this.statement(attributes)
    return false
  }

  close(name: string): void {
    const { method } = this
    if (method && methods.has(name)) {
      this.coverage.file(method.path).function(this.owners.join('\n'), method.line, method.ran)
      this.method = undefined
    }
    this.owners.pop()
  }

  finish(): CoverageEvidence {
    this.odd.say()
    this.ranges.finish()
    const evidence = this.coverage.finish()
    if (evidence.lines_valid > 0 || !this.root) return evidence
    const count = (name: string): number => Number(this.root?.[name] ?? NaN)
    return Object.assign(evidence, totalsOf({ covered: count('CoveredStatements'), valid: count('TotalStatements') }))
  }

  private statement(attributes: Attributes): void {
    const count = (name: string): number => Number(attributes[name] ?? NaN)
    const path = this.paths.get(attributes['FileIndex'] ?? '')
    const covered = attributes['Covered']?.toLowerCase()
    if (path === undefined || (covered !== 'true' && covered !== 'false')) {
      this.odd.add('a statement has no file, or is neither covered nor not')
      return
    }
    const line = count('Line')
    const piece = { line, column: count('Column') || 0, endLine: count('EndLine') || line }
    const hits = covered === 'true' ? 1 : 0
    if (!this.ranges.add(this.coverage.file(path), { ...piece, endColumn: count('EndColumn') || 0, hits })) {
      this.odd.add(`a statement of ${path} has no place that is one`)
      return
    }
    this.method ??= { path, line, ran: false }
    this.method.ran ||= hits > 0
  }
}

const methods = new Set(['Method', 'OwnCoverage', 'AnonymousMethod', 'InternalCompiledMethod'])

function parseJson(value: unknown, context: ReadContext): CoverageEvidence {
  const covered = number(at(value, 'CoveredStatements'))
  const odd = new Oddities(context)
  if (covered === undefined || items(at(value, 'Children')) === undefined) odd.add('it has no number of statements')
  odd.say()
  const totals = totalsOf({ covered, valid: number(at(value, 'TotalStatements')) })
  return { kind: 'coverage', ...totals, files: [] }
}
