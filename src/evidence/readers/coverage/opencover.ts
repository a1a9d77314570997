import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { Ranges } from './ranges.js'

/** OpenCover's XML, which coverlet and AltCover write too: sequence points and branch points of methods. */
export const opencover: XmlReader = {
  format: 'opencover',
  recognised: 'root `<CoverageSession>`',
  proven: 'unproven',
  kind: 'coverage',
  family: 'xml',
  supports: (root) => root === 'CoverageSession',
  open: (context) => new OpenCoverHandler(context),
}

interface Method {
  name: string
  file: FileBuilder | undefined
  line: number | undefined
  ran: boolean
  points: number
}

class OpenCoverHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  private readonly ranges = new Ranges()
  private paths = new Map<string, string>()
  private method: Method | undefined
  private odd = 0

  constructor(private readonly context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    switch (name) {
      case 'Module':
        this.paths = new Map()
        return false
      case 'File':
        this.paths.set(attributes['uid'] ?? '', normalisePath(attributes['fullPath'] ?? ''))
        return false
      case 'Method':
        this.method = { name: '', file: undefined, line: undefined, ran: false, points: 0 }
        return false
      case 'Name':
        return this.method !== undefined
      case 'FileRef':
        if (this.method) this.method.file = this.fileOf(attributes['uid'])
        return false
      case 'SequencePoint':
        if (this.method) this.point(this.method, attributes)
        return false
      case 'BranchPoint':
        if (this.method) this.branch(this.method, attributes)
        return false
      default:
        return false
    }
  }

  close(name: string, text: string | undefined): void {
    const { method } = this
    if (!method) return
    if (name === 'Name' && text !== undefined) method.name = text
    else if (name === 'Method') {
      const { file, line, ran, points } = method
      if (file && points > 0) file.function(method.name || `${line}`, line, ran)
      this.method = undefined
    }
  }

  finish(): CoverageEvidence {
    if (this.odd > 0) this.context.problems.error(`${this.odd} sequence points have no visits, or no place that is one`)
    this.ranges.finish()
    return this.coverage.finish()
  }

  private fileOf(uid: string | undefined): FileBuilder | undefined {
    const path = uid === undefined ? undefined : this.paths.get(uid)
    return path === undefined ? undefined : this.coverage.file(path)
  }

  private placeOf(method: Method, attributes: Attributes): FileBuilder | undefined {
    method.file ??= this.fileOf(attributes['fileid'])
    return this.fileOf(attributes['fileid']) ?? method.file
  }

  /** Points of no file of the report are the compiler's own, as are those of the line 0xFEEFEE. */
  private point(method: Method, attributes: Attributes): void {
    const file = this.placeOf(method, attributes)
    const count = (name: string): number => Number(attributes[name] ?? NaN)
    const line = count('sl')
    if (!file || line === hidden || line === 0) return
    const hits = count('vc')
    const endLine = Math.max(line, count('el') || line)
    const piece = { line, column: count('sc') || 0, endLine, endColumn: count('ec') || 0, hits }
    if (!this.ranges.add(file, piece)) {
      this.odd++
      return
    }
    method.points++
    method.ran ||= hits > 0
    method.line = Math.min(method.line ?? Infinity, line)
  }

  private branch(method: Method, attributes: Attributes): void {
    const line = Number(attributes['sl'] ?? NaN)
    if (line === hidden) return
    const key = ['offset', 'ordinal', 'path', 'offsetend'].map((name) => attributes[name] ?? '').join(' ')
    this.placeOf(method, attributes)?.branchNamed(line, `${method.name} ${key}`, Number(attributes['vc']) > 0)
  }
}

const hidden = 0xfeefee
