import { CoverageBuilder, type FileBuilder, type Totals, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'

/** Clover XML as OpenClover, PHPUnit, Istanbul and gcovr write it. */
export const clover: XmlReader = {
  format: 'clover',
  recognised: 'root `<coverage>` with a `<project>`',
  proven: 'Istanbul (Jest 30.5), PHPUnit 9.6, OpenClover 4.5, gcovr 8.8',
  kind: 'coverage',
  family: 'xml',
  supports: (root, _, head) => root === 'coverage' && /<project\b/.test(head),
  open: (context) => new CloverHandler(context),
}

class CloverHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  private file: FileBuilder | undefined
  private inClass = false
  /** The tests' own code, of which OpenClover tells too. */
  private inTests = false
  private files = 0
  private root: Totals | undefined

  constructor(context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    if (name === 'testproject') this.inTests = true
    if (this.inTests) return false
    if (name === 'file') this.begin(attributes)
    else if (name === 'class') this.inClass = true
    else if (name === 'line' && this.file) addLine(this.file, attributes)
    else if (name === 'metrics' && !this.inClass) this.metrics(attributes)
    return false
  }

  close(name: string): void {
    if (name === 'testproject') this.inTests = false
    else if (name === 'class') this.inClass = false
    else if (name === 'file') this.file = undefined
  }

  finish(): CoverageEvidence {
    const evidence = this.coverage.finish()
    return this.files === 0 && this.root ? Object.assign(evidence, this.root) : evidence
  }

  private begin({ path, name }: Attributes): void {
    this.files++
    this.file = this.coverage.file(normalisePath(path || name || ''))
  }

  /** What a file states counts where it lists no lines, or no methods: Istanbul's are in its numbers only. */
  private metrics(attributes: Attributes): void {
    const count = (name: string): number => Number(attributes[name] ?? NaN)
    const totals = totalsOf(
      { covered: count('coveredstatements'), valid: count('statements') },
      { covered: count('coveredconditionals'), valid: count('conditionals') },
    )
    if (!this.file) {
      // The first is the project's; packages follow.
      if (this.files === 0) this.root ??= totals
      return
    }
    this.file.stated = totals
    if (attributes['methods'] !== undefined)
      this.file.statedFunctions = [count('coveredmethods') || 0, count('methods') || 0]
  }
}

/** Lines are those that hold statements; where a method begins there need not be one. */
function addLine(file: FileBuilder, attributes: Attributes): void {
  const line = Number(attributes['num'])
  const { type, count } = attributes
  if (type === 'method') {
    const key = `${line} ${attributes['name'] ?? attributes['signature'] ?? ''}`
    file.function(key, line > 0 ? line : undefined, Number(count) > 0)
    return
  }
  if (type !== 'cond') {
    file.hit(line, Number(count))
    return
  }
  const [yes, no] = [times(attributes['truecount']), times(attributes['falsecount'])]
  // Istanbul counts branches that were taken and that were not; OpenClover how often a condition was true and false.
  if (count === undefined) {
    file.hit(line, yes + no)
    const before = file.branches[line] ?? [0, 0]
    file.branch(line, before[0] + (yes > 0 ? 1 : 0) + (no > 0 ? 1 : 0), before[1] + 2)
  } else {
    file.hit(line, Number(count))
    file.branch(line, yes, yes + no)
  }
}

const times = (value: string | undefined): number => Math.max(0, Number(value ?? 0)) || 0
