import { CoverageBuilder, type FileBuilder, type Totals } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { joinPath, normalisePath } from '../../paths.js'
import { type Attributes, type ReadContext, Truncated, type XmlHandler, type XmlReader } from '../../reader.js'

/** Cobertura XML as coverage.py, Istanbul, gcovr, coverlet, PHPUnit and others write it. */
export const cobertura: XmlReader = {
  format: 'cobertura',
  recognised: 'root `<coverage>` with `line-rate`, or with packages or sources',
  proven:
    'coverage.py 7.17, gcovr 8.8, Istanbul (Jest 30.5), c8 12.0, PHPUnit 9.6; coverlet, simplecov: unproven by a run of ours',
  kind: 'coverage',
  family: 'xml',
  supports: (root, attributes, head) =>
    root === 'coverage' && (attributes['line-rate'] !== undefined || /<(?:packages|sources)\b/.test(head)),
  open: (context) => new CoberturaHandler(context),
}

const maxMethodLines = 1_000_000

interface Line {
  number: number
  hits: number
  covered: number
  valid: number
}

class CoberturaHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  private readonly sources: string[] = []
  private root: Attributes = {}
  private file: FileBuilder | undefined
  private classes = 0
  private inMethod = false
  private owner = ''
  private method: { key: string; line: number | undefined; ran: boolean } | undefined
  /** Lines of methods, for classes that list none of their own. */
  private methodLines: Line[] = []
  private ownLines = false
  private current: Line | undefined
  private conditions = 0
  private conditionsCovered = 0

  constructor(context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    switch (name) {
      case 'line':
        this.line(attributes)
        return false
      case 'condition':
        this.condition(attributes)
        return false
      case 'class':
        this.beginClass(attributes)
        return false
      case 'method':
        this.beginMethod(attributes)
        return false
      case 'lines':
        if (!this.inMethod) this.ownLines = true
        return false
      case 'coverage':
        this.root = attributes
        return false
      case 'source':
        return true
      default:
        return false
    }
  }

  close(name: string, text: string | undefined): void {
    if (name === 'line') this.endLine()
    else if (name === 'method') this.endMethod()
    else if (name === 'class') this.endClass()
    else if (name === 'source' && text !== undefined) this.source(text.trim())
  }

  finish(): CoverageEvidence {
    const evidence = this.coverage.finish()
    if (evidence.lines_valid === 0 && evidence.branches_valid === 0) Object.assign(evidence, this.statedTotals())
    if (this.sources.length > 1) evidence.sources = this.sources
    return evidence
  }

  /** Placeholders and options that some writers leave among the sources are no folders. */
  private source(folder: string): void {
    if (folder && !folder.startsWith('-') && !folder.includes('${')) this.sources.push(normalisePath(folder))
  }

  private beginClass(attributes: Attributes): void {
    const { filename } = attributes
    this.owner = attributes['name'] ?? ''
    this.classes++
    this.ownLines = false
    this.methodLines = []
    this.inMethod = false
    if (!filename) return
    const [only, second] = this.sources
    this.file = this.coverage.file(
      only !== undefined && second === undefined ? joinPath(only, filename) : normalisePath(filename),
    )
  }

  private beginMethod({ name = '', signature = '', 'line-rate': rate }: Attributes): void {
    this.inMethod = true
    this.method = { key: `${this.owner} ${name} ${signature}`, line: undefined, ran: Number(rate) > 0 }
  }

  /** A method ran when a line of it did; where it lists none, its rate tells. */
  private endMethod(): void {
    const { method, file } = this
    this.inMethod = false
    this.method = undefined
    if (method) file?.function(method.key, method.line, method.ran)
  }

  private endClass(): void {
    // A class's own lines repeat those of its methods, Istanbul's without the ones that hold no statement.
    if (!this.ownLines) for (const line of this.methodLines) this.add(line)
    this.file = undefined
  }

  private line(attributes: Attributes): void {
    const share = attributes['condition-coverage']
    const match = share === undefined ? null : /\((\d+)\/(\d+)\)/.exec(share)
    this.current = {
      number: Math.trunc(Number(attributes['number'])),
      hits: Number(attributes['hits']),
      covered: Number(match?.[1] ?? 0),
      valid: Number(match?.[2] ?? 0),
    }
  }

  /** Where a line states no fraction, each of its conditions is two branches at its share. */
  private condition(attributes: Attributes): void {
    const line = this.current
    if (!line || line.valid > 0) return
    const share = parseFloat(attributes['coverage'] ?? '')
    if (Number.isNaN(share)) return
    this.conditions += 2
    this.conditionsCovered += Math.round((Math.min(100, Math.max(0, share)) / 100) * 2)
  }

  private endLine(): void {
    const line = this.current
    if (!line) return
    if (line.valid === 0) {
      line.covered = this.conditionsCovered
      line.valid = this.conditions
    }
    this.conditions = 0
    this.conditionsCovered = 0
    this.current = undefined
    const { method } = this
    if (method && line.number > 0) {
      if (method.line === undefined) method.ran = false
      method.line = Math.min(method.line ?? Infinity, line.number)
      method.ran ||= line.hits > 0
    }
    if (!this.inMethod) this.add(line)
    else if (this.methodLines.push(line) > maxMethodLines) throw new Truncated('a class holds too many lines')
  }

  private add(line: Line): void {
    this.file?.hit(line.number, line.hits)
    if (line.valid > 0) this.file?.branch(line.number, line.covered, line.valid)
  }

  /** A report without lines has its root's totals, else its rates, as far as it names any class. */
  private statedTotals(): Partial<CoverageEvidence> {
    const stated = (name: string): number | undefined => {
      const value = Number(this.root[name]?.replace(',', '.') ?? NaN)
      return Number.isFinite(value) && value >= 0 ? value : undefined
    }
    const lines = stated('lines-valid')
    if (lines !== undefined) {
      const branches = Math.trunc(stated('branches-valid') ?? 0)
      const totals: Totals = {
        lines_valid: Math.trunc(lines),
        lines_covered: Math.min(Math.trunc(stated('lines-covered') ?? 0), Math.trunc(lines)),
        branches_valid: branches,
        branches_covered: Math.min(Math.trunc(stated('branches-covered') ?? 0), branches),
      }
      return totals
    }
    const line = stated('line-rate')
    const branch = stated('branch-rate')
    if (this.classes === 0 || line === undefined || line > 1) return {}
    return {
      rates_only: true,
      lines_valid: rateBase,
      lines_covered: Math.floor(line * rateBase + 1e-6),
      branches_valid: branch === undefined || branch > 1 ? 0 : rateBase,
      branches_covered: branch === undefined || branch > 1 ? 0 : Math.floor(branch * rateBase + 1e-6),
    }
  }
}

/** Rates have at most so many steps; the share that they state is kept, never rounded up. */
const rateBase = 1_000_000
