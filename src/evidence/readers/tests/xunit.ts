import { SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { markedWith, noMarkers, tellsMarkers, withMarkers } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { seconds, wholeNumber } from './junit-suite.js'

/** xUnit.net 1 (`<class>`), 2 and 3 (`<collection>`), which Fixie and others write too. */
export const xunit: XmlReader = {
  format: 'xunit',
  recognised: 'root `<assemblies>`, or `<assembly>` with numbers of tests',
  proven: 'unproven',
  kind: 'tests',
  family: 'xml',
  supports: (root, attributes) =>
    root === 'assemblies' || (root === 'assembly' && (attributes['total'] ?? attributes['run-date']) !== undefined),
  open: (context) => new XunitHandler(context),
}

const results: Readonly<Record<string, CaseStatus>> = {
  pass: 'passed',
  fail: 'failed',
  skip: 'skipped',
  notrun: 'skipped',
}

/** A test, an error of an assembly or of a class, while it is open. */
interface Node {
  attributes: Attributes
  failure: Attributes | undefined
  message: string | undefined
  trace: string | undefined
  /** Traits of a test that are its categories. */
  markers: readonly string[]
}

class XunitHandler implements XmlHandler {
  private readonly tests: SuitesBuilder
  private test: Node | undefined
  private broken: Node | undefined
  private suite: string | undefined
  private claimed: { tests: number | undefined; bad: number } = { tests: undefined, bad: 0 }
  private wall: number | undefined
  private run: string | undefined

  constructor(private readonly context: ReadContext) {
    this.tests = new SuitesBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    if (name === 'assembly') this.assembly(attributes)
    else if (name === 'collection' || name === 'class') this.suite = attributes['name']
    else if (name === 'test') this.test = node(attributes)
    else if (name === 'error') this.broken = node(attributes)
    else if (name === 'failure') this.fail(attributes)
    else if (name === 'trait' && this.test && tellsMarkers(attributes['name']))
      this.test.markers = withMarkers(this.test.markers, attributes['value'])
    return name === 'message' || name === 'stack-trace' || name === 'reason'
  }

  close(name: string, text: string | undefined): void {
    const open = this.test ?? this.broken
    if ((name === 'message' || name === 'reason') && open) open.message ??= text
    else if (name === 'stack-trace' && open) open.trace ??= text
    else if (name === 'test' && this.test) this.endTest(this.test)
    else if (name === 'error' || (name === 'failure' && !this.test && !this.inError)) this.endBroken()
    if (name === 'collection' || name === 'class') this.suite = undefined
  }

  finish(): TestsEvidence {
    this.tests.check({ tests: [this.claimed.tests], bad: this.claimed.bad })
    return this.tests.finish(this.wall, this.run)
  }

  private assembly(attributes: Attributes): void {
    const { total, failed, errors, time } = attributes
    const bad = wholeNumber(failed) + wholeNumber(errors)
    const tests = total === undefined ? undefined : wholeNumber(total)
    this.run ??= attributes['id'] ?? `${attributes['run-date'] ?? ''} ${attributes['run-time'] ?? ''}`
    const before = this.claimed
    this.claimed = { tests: tests === undefined ? before.tests : (before.tests ?? 0) + tests, bad: before.bad + bad }
    const taken = seconds(time)
    if (taken !== undefined) this.wall = (this.wall ?? 0) + taken
  }

  private get inError(): boolean {
    return this.broken?.attributes['type'] !== undefined
  }

  /** A failure outside of a test is one of a class (xUnit.net 1) or stands in an `<error>`. */
  private fail(attributes: Attributes): void {
    const open = this.test ?? (this.broken ??= node({}))
    open.failure ??= attributes
  }

  private endBroken(): void {
    if (!this.broken) return
    const { attributes, failure, message, trace } = this.broken
    this.broken = undefined
    const type = attributes['type']?.replaceAll('-', ' ')
    const name = attributes['name'] ?? this.suite ?? type ?? 'an error outside of tests'
    const test = { name, ...(this.suite ? { suite: this.suite } : {}) }
    this.tests.addOutside(withFailure(test, message ?? failure?.['exception-type'] ?? type, trace))
  }

  private endTest({ attributes, failure, message, trace, markers }: Node): void {
    this.test = undefined
    const name = attributes['name'] ?? attributes['method'] ?? 'a test without name'
    const test: TestCase = { name, status: this.status(attributes, name, failure !== undefined) }
    if (attributes['type']) test.classname = attributes['type']
    Object.assign(test, markedWith(markers))
    const suite = this.suite ?? attributes['type']
    if (suite) test.suite = suite
    const file = attributes['source-file']
    const line = wholeNumber(attributes['source-line'])
    if (file) test.file = normalisePath(file)
    if (file && line > 0) test.line = line
    const duration = seconds(attributes['time'])
    if (duration !== undefined) test.duration_s = duration
    this.tests.add(withFailure(test, message ?? failure?.['exception-type'], trace))
  }

  private status({ result }: Attributes, name: string, failure: boolean): CaseStatus {
    const word = result?.toLowerCase() ?? ''
    const status = Object.hasOwn(results, word) ? results[word] : undefined
    if (status === undefined)
      this.context.problems.error(`the test "${name}" has the unknown result "${result ?? ''}"`, this.context.line())
    if (status === 'passed' && failure) return 'failed'
    return status ?? 'error'
  }
}

const node = (attributes: Attributes): Node => ({
  attributes,
  failure: undefined,
  message: undefined,
  trace: undefined,
  markers: noMarkers,
})
