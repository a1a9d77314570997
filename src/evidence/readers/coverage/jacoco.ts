import { CoverageBuilder, type FileBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { checkMissed } from './counting.js'

/** JaCoCo's XML: lines and counters of each source file, methods of each class. */
export const jacoco: XmlReader = {
  format: 'jacoco',
  recognised: 'root `<report>` with packages, groups or counters',
  proven: 'JaCoCo 0.8.12 (Maven), gcovr 8.8',
  kind: 'coverage',
  family: 'xml',
  supports: (root, _, head) => root === 'report' && /<(?:sessioninfo|package|group|counter)\b|\/\/JACOCO\//.test(head),
  open: (context) => new JacocoHandler(context),
}

type Counters = Map<string, [missed: number, covered: number]>
const owners = ['report', 'group', 'package', 'class', 'method', 'sourcefile']

class JacocoHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  /** The open elements that may hold counters, each with its own. */
  private readonly open_: { name: string; attributes: Attributes; counters: Counters }[] = []
  /** In which group a path was told first: the same path in another is another module's file. */
  private readonly groupOf = new Map<string, string>()
  private root: Counters = new Map()
  private file: FileBuilder | undefined
  private lines = new Map<number, boolean>()
  private unknown = 0

  constructor(private readonly context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    if (owners.includes(name)) {
      this.open_.push({ name, attributes, counters: new Map() })
      if (name === 'sourcefile') this.begin(attributes)
    } else if (name === 'counter') {
      const { type = '' } = attributes
      this.open_.at(-1)?.counters.set(type, [Number(attributes['missed']), Number(attributes['covered'])])
    } else if (name === 'line' && this.file) this.line(this.file, attributes)
    return false
  }

  close(name: string): void {
    if (!owners.includes(name)) return
    const closed = this.open_.pop()
    if (!closed) return
    if (name === 'sourcefile') this.end(closed.counters)
    else if (name === 'method') this.method(closed.attributes, closed.counters)
    else if (name === 'report') this.root = closed.counters
  }

  finish(): CoverageEvidence {
    const evidence = this.coverage.finish()
    const stated = statedBy(this.root, 'LINE')
    if (evidence.lines_valid === 0 && stated) {
      Object.assign(evidence, totalsOf(stated, statedBy(this.root, 'BRANCH')))
    } else if (stated)
      checkMissed(this.context, 'the report', stated, {
        valid: evidence.lines_valid,
        covered: evidence.lines_covered,
      })
    return evidence
  }

  private path(name: string): string {
    const of = (kind: string): string =>
      this.open_
        .filter((one) => one.name === kind)
        .map((one) => one.attributes['name'] ?? '')
        .join('/')
    const path = normalisePath(`${of('package')}/${name}`.replace(/^\/+/, ''))
    const group = of('group')
    const first = this.groupOf.get(path)
    if (first === undefined) this.groupOf.set(path, group)
    return first === undefined || first === group ? path : normalisePath(`${group}/${path}`)
  }

  private begin({ name = '' }: Attributes): void {
    this.file = this.coverage.file(this.path(name))
    this.lines = new Map()
    this.unknown = 0
  }

  /** gcovr lists lines without instructions: then only the counters tell what ran. */
  private line(file: FileBuilder, attributes: Attributes): void {
    const line = Number(attributes['nr'])
    const [mi, ci] = [attributes['mi'], attributes['ci']]
    if (mi === undefined && ci === undefined) {
      this.unknown++
      return
    }
    const ran = Number(ci) > 0
    file.hit(line, ran ? 1 : 0)
    this.lines.set(line, ran || this.lines.get(line) === true)
    const covered = Number(attributes['cb'] ?? 0)
    file.branch(line, covered, covered + Number(attributes['mb'] ?? 0))
  }

  private end(counters: Counters): void {
    const { file } = this
    this.file = undefined
    if (!file) return
    const line = statedBy(counters, 'LINE')
    const instructions = statedBy(counters, 'INSTRUCTION')
    const methods = statedBy(counters, 'METHOD')
    if (instructions) file.instructions = [instructions.covered, instructions.valid]
    if (methods) file.statedFunctions = [methods.covered, methods.valid]
    if (!line) return
    if (this.unknown > 0 || file.valid === 0) file.stated = totalsOf(line, statedBy(counters, 'BRANCH'))
    if (this.unknown > 0) return
    const covered = [...this.lines.values()].filter(Boolean).length
    checkMissed(this.context, file.path, line, { valid: this.lines.size, covered })
  }

  private method(attributes: Attributes, counters: Counters): void {
    const owner = this.open_.findLast(({ name }) => name === 'class')?.attributes
    const source = owner?.['sourcefilename']
    const counter = statedBy(counters, 'METHOD')
    if (source === undefined || !counter) return
    const line = Number(attributes['line'])
    const key = `${owner?.['name']} ${attributes['name']} ${attributes['desc']}`
    this.coverage.file(this.path(source)).function(key, line > 0 ? line : undefined, counter.covered > 0)
  }
}

function statedBy(counters: Counters, type: string): { covered: number; valid: number } | undefined {
  const [missed, covered] = counters.get(type) ?? [NaN, NaN]
  return missed >= 0 && covered >= 0 ? { covered, valid: missed + covered } : undefined
}
