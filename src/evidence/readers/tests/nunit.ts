import { type Counted, isBad, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { markedWith, noMarkers, tellsMarkers, withMarkers } from '../../markers.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { seconds, wholeNumber } from './junit-suite.js'

/** NUnit 2 (`<test-results>`) and NUnit 3 and 4 (`<test-run>`), as the console, the adapter and Unity write them. */
export const nunit: XmlReader = {
  format: 'nunit',
  recognised: 'root `<test-run>`, `<test-results>`, or `<test-suite>` with `runstate`',
  proven: 'NUnit console 2.6, pytest-nunit 1.0.7; NUnit 3 and 4, Unity: unproven by a run of ours',
  kind: 'tests',
  family: 'xml',
  supports: (root, attributes) =>
    root === 'test-run' || root === 'test-results' || (root === 'test-suite' && attributes['runstate'] !== undefined),
  open: (context) => new NunitHandler(context),
}

/** Values of `result`; those of NUnit 2 that are not among those of NUnit 3 stand beside them. */
const results: Readonly<Record<string, CaseStatus>> = {
  passed: 'passed',
  success: 'passed',
  warning: 'passed',
  failed: 'failed',
  failure: 'failed',
  error: 'error',
  cancelled: 'error',
  skipped: 'skipped',
  ignored: 'skipped',
  inconclusive: 'skipped',
  notrunnable: 'skipped',
}
/** Values of `label` beside `result="Failed"` that say that the test broke rather than failed. */
const broken = ['error', 'invalid', 'cancelled']

/** A test or a suite while it is open. */
interface Node {
  attributes: Attributes
  /** A `<failure>` was there. */
  failure: boolean
  message: string | undefined
  trace: string | undefined
  /** Its categories, with those of the suites around it. */
  markers: readonly string[]
  /** Of a suite: how many tests did not pass before it was opened. */
  before: number
}

class NunitHandler implements XmlHandler {
  private readonly tests: SuitesBuilder
  private readonly suites: Node[] = []
  private test: Node | undefined
  private root: Attributes | undefined
  /** How many suites contradict their tests. */
  private told = 0

  constructor(private readonly context: ReadContext) {
    this.tests = new SuitesBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    this.root ??= attributes
    if (name === 'test-suite') this.suites.push(this.node(attributes))
    else if (name === 'test-case') this.test = this.node(attributes)
    else if (name === 'failure') this.fail()
    else if (name === 'property' && tellsMarkers(attributes['name'])) this.mark(attributes['value'])
    else if (name === 'category') this.mark(attributes['name'])
    return name === 'message' || name === 'stack-trace'
  }

  close(name: string, text: string | undefined): void {
    const node = this.test ?? this.suites.at(-1)
    if (name === 'message' && node) node.message ??= text
    else if (name === 'stack-trace' && node) node.trace ??= text
    else if (name === 'test-case' && this.test) this.endTest(this.test)
    else if (name === 'test-suite') this.endSuite()
  }

  finish(): TestsEvidence {
    const root = this.root ?? {}
    const total = root['total'] === undefined ? undefined : wholeNumber(root['total'])
    const all = total === undefined ? undefined : total + wholeNumber(root['not-run'])
    const ofRun = root['testcasecount'] === undefined ? undefined : wholeNumber(root['testcasecount'])
    const failed = wholeNumber(root['failed']) + wholeNumber(root['failures']) + wholeNumber(root['errors'])
    const result = root['result']?.toLowerCase()
    this.tests.check({ tests: [total, all, ofRun], bad: failed, passed: result !== 'failed' })
    const started = root['start-time'] ?? `${root['date'] ?? ''} ${root['time'] ?? ''}`
    return this.tests.finish(seconds(root['duration'] ?? root['time-taken']), started)
  }

  private node(attributes: Attributes): Node {
    const { markers = noMarkers } = this.suites.at(-1) ?? {}
    return { attributes, failure: false, message: undefined, trace: undefined, markers, before: this.tests.bad }
  }

  private mark(category: string | undefined): void {
    const node = this.test ?? this.suites.at(-1)
    if (node) node.markers = withMarkers(node.markers, category)
  }

  private fail(): void {
    const node = this.test ?? this.suites.at(-1)
    if (node) node.failure = true
  }

  private endTest(node: Node): Counted {
    this.test = undefined
    const { attributes } = node
    const suite = this.fixture
    const name = attributes['name'] ?? attributes['fullname'] ?? 'a test without name'
    const test: TestCase = { name, status: this.status(node, name) }
    if (suite) test.suite = suite
    if (attributes['classname']) test.classname = attributes['classname']
    Object.assign(test, markedWith(node.markers))
    const duration = seconds(attributes['duration'] ?? attributes['time'])
    if (duration !== undefined) test.duration_s = duration
    return this.tests.add(withFailure(test, node.message, node.trace))
  }

  private status({ attributes, failure, message }: Node, name: string): CaseStatus {
    const { result, label, executed, success } = attributes
    const word = result?.toLowerCase()
    let status = word !== undefined && Object.hasOwn(results, word) ? results[word] : undefined
    // The oldest form says only whether a test ran and whether it was a success.
    if (word === undefined && /^false$/i.test(executed ?? '')) status = 'skipped'
    else if (word === undefined) status = /^false$/i.test(success ?? '') ? 'failed' : 'passed'
    if (status === undefined || !/^(?:true|false)?$/i.test(success ?? ''))
      this.context.problems.error(
        `the test "${name}" has the unknown result "${result ?? success}"`,
        this.context.line(),
      )
    if (status === undefined) return 'error'
    if (word === 'notrunnable') this.context.problems.error(`the test "${name}" cannot be run`, this.context.line())
    if (status === 'failed' && broken.includes(label?.toLowerCase() ?? '')) return 'error'
    // pytest-nunit writes an empty failure beside what passed.
    const failed = failure && (word === undefined || message?.trim())
    return status === 'passed' && failed ? 'failed' : status
  }

  /** A failure of a suite's own that none of its tests shows, or that came after them, is one error. */
  private endSuite(): void {
    const node = this.suites.pop()
    if (!node) return
    const { attributes } = node
    const result = attributes['result']?.toLowerCase() ?? ''
    const failed = isBad(results[result] ?? 'passed') || /^false$/i.test(attributes['success'] ?? '')
    if (!failed && !node.failure) return
    const shown = this.tests.bad > node.before
    if (shown && !(node.failure && /^teardown$/i.test(attributes['site'] ?? ''))) return
    const name = attributes['fullname'] ?? attributes['name'] ?? 'a suite without name'
    if (attributes['result'] === undefined && !node.failure) return this.contradicts(name)
    this.tests.addOutside(
      withFailure({ name, suite: name }, node.message ?? 'failed although no test in it did', node.trace),
    )
  }

  /** In the oldest form a suite has no failure of its own: what it says contradicts its tests. */
  private contradicts(name: string): void {
    if (this.told++ === 0) this.context.problems.error(`the suite "${name}" says that it failed, and no test in it did`)
  }

  /** The name of the class around a test; suites of one parametrised method are part of it. */
  private get fixture(): string | undefined {
    const node = this.suites.findLast(({ attributes }) => !methods.includes(attributes['type'] ?? ''))
    return node?.attributes['fullname'] ?? node?.attributes['name']
  }
}

const methods = ['ParameterizedMethod', 'ParameterizedTest', 'GenericMethod', 'Theory']
