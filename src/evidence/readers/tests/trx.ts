import { type Counted, isBad, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { markedWith, noMarkers, withMarkers } from '../../markers.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { wholeNumber } from './junit-suite.js'

/** TRX of Visual Studio, `dotnet test --logger trx` and MSTest, whichever framework ran. */
export const trx: XmlReader = {
  format: 'trx',
  recognised: 'root `<TestRun>`',
  proven: 'jest-trx-results-processor 3.0; Visual Studio, dotnet test: unproven by a run of ours',
  kind: 'tests',
  family: 'xml',
  supports: (root) => root === 'TestRun',
  open: (context) => new TrxHandler(context),
}

/** Outcomes of a test; where none is written it is `Error`, the first of the enumeration. */
const outcomes: Readonly<Record<string, CaseStatus>> = {
  passed: 'passed',
  completed: 'passed',
  warning: 'passed',
  failed: 'failed',
  error: 'error',
  timeout: 'error',
  passedbutrunaborted: 'error',
  disconnected: 'error',
  inprogress: 'error',
  inconclusive: 'skipped',
  notexecuted: 'skipped',
  pending: 'skipped',
  // Neither ran to its end: it is no failure, and the report is no proof.
  aborted: 'skipped',
  notrunnable: 'skipped',
}
const unfinished = ['aborted', 'notrunnable']

interface Result {
  attributes: Attributes
  message: string | undefined
  trace: string | undefined
  /** A test of data rows: they are tests of their own. */
  before: { tests: number; bad: number }
}

/** What the report tells of a test apart from its results. */
interface Definition {
  id: string
  classname?: string
  markers: readonly string[]
}

const maxRemembered = 50_000
/** A string of its own: a slice keeps the text alive that it was cut from. */
const own = (text: string): string => Buffer.from(text).toString()

class TrxHandler implements XmlHandler {
  private readonly tests: SuitesBuilder
  /** The names of the elements that are open. */
  private readonly path: string[] = []
  private readonly results: Result[] = []
  /** Tests whose class and categories are told only after them, and what is told before. */
  private readonly waiting = new Map<string, Counted[]>()
  private readonly definitions = new Map<string, Definition>()
  private definition: Definition | undefined
  private remembered = 0
  private counters: Attributes = {}
  private outcome: string | undefined
  private run: string | undefined
  /** Tests that stand for those of their data rows; and those of them that failed as one of these did. */
  private parents = 0
  private badParents = 0

  constructor(private readonly context: ReadContext) {
    this.tests = new SuitesBuilder(context)
  }

  open(name: string, attributes: Attributes): boolean {
    const parent = this.path.at(-1)
    this.path.push(name)
    if (parent === 'Results' || parent === 'InnerResults') this.openResult(attributes)
    else if (name === 'TestRun') this.run = attributes['id']
    else if (name === 'Counters') this.counters = attributes
    else if (name === 'ResultSummary') this.outcome = attributes['outcome']?.toLowerCase()
    else if (parent === 'TestDefinitions') this.definition = { id: attributes['id'] ?? '', markers: noMarkers }
    else if (name === 'TestCategoryItem') this.mark(attributes['TestCategory'])
    else if (name === 'TestMethod') this.define(attributes['className'])
    return parent === 'ErrorInfo' && (name === 'Message' || name === 'StackTrace')
  }

  close(name: string, text: string | undefined): void {
    this.path.pop()
    const parent = this.path.at(-1)
    const result = this.results.at(-1)
    if (parent === 'Results' || parent === 'InnerResults') this.endResult()
    else if (parent === 'TestDefinitions') this.endDefinition()
    else if (parent === 'ErrorInfo' && name === 'Message' && result) result.message ??= text
    else if (parent === 'ErrorInfo' && name === 'StackTrace' && result) result.trace ??= text
  }

  finish(): TestsEvidence {
    const count = (...names: string[]): number => names.reduce((sum, name) => sum + wholeNumber(this.counters[name]), 0)
    const total = this.counters['total'] === undefined ? undefined : count('total')
    const tests = [total, total === undefined ? undefined : total - this.parents]
    const failed = this.outcome !== undefined && ['failed', 'error', 'aborted', 'timeout'].includes(this.outcome)
    this.tests.check({ tests, bad: count('failed', 'error', 'timeout') - this.badParents, passed: !failed })
    if (this.outcome === 'aborted' || this.outcome === 'inprogress')
      this.context.problems.error(`says that the run did not end: its outcome is "${this.outcome}"`)
    return this.tests.finish(undefined, this.run)
  }

  private openResult(attributes: Attributes): void {
    const before = { tests: this.tests.tests, bad: this.tests.bad }
    this.results.push({ attributes, message: undefined, trace: undefined, before })
  }

  private endResult(): void {
    const result = this.results.pop()
    if (!result) return
    const { attributes, before } = result
    const name = attributes['testName'] ?? attributes['testId'] ?? 'a test without name'
    const status = this.status(attributes['outcome'], name)
    if (this.tests.tests > before.tests) {
      this.parents++
      if (!isBad(status)) return
      this.badParents++
      if (this.tests.bad > before.bad) return
    }
    const id = attributes['testId'] ?? ''
    const known = this.definitions.get(id)
    const test = withFailure(caseOf(attributes, name, status, known), result.message, result.trace)
    const counted = this.tests.add(test)
    if (!known) this.remember(id, counted)
  }

  private remember(id: string, counted: Counted): void {
    const others = this.waiting.get(id)
    if (this.remembered++ >= maxRemembered) return
    if (others) others.push(counted)
    else this.waiting.set(own(id), [counted])
  }

  private status(outcome: string | undefined, name: string): CaseStatus {
    const word = (outcome ?? 'error').toLowerCase()
    const status = Object.hasOwn(outcomes, word) ? outcomes[word] : undefined
    const { problems } = this.context
    if (status === undefined)
      problems.error(`the test "${name}" has the unknown outcome "${outcome}"`, this.context.line())
    if (unfinished.includes(word))
      problems.error(`the test "${name}" has the outcome "${outcome}"`, this.context.line())
    return status ?? 'error'
  }

  /** The class of the test that is being defined, as `Namespace.Class, Assembly, Version=…` or without the rest. */
  private define(className: string | undefined): void {
    const name = className?.split(',', 1)[0]?.trim()
    if (this.definition && name) this.definition.classname = own(name)
  }

  private mark(category: string | undefined): void {
    if (this.definition) this.definition.markers = withMarkers(this.definition.markers, category)
  }

  /** What is told of a test belongs to its results, which stand before it in most files. */
  private endDefinition(): void {
    const { definition } = this
    this.definition = undefined
    if (!definition) return
    const { id, classname, markers } = definition
    for (const counted of this.waiting.get(id) ?? []) {
      const { listed } = counted
      if (classname !== undefined && listed?.test) this.tests.relist(listed, { ...listed.test, classname })
      if (markers.length > 0) this.tests.mark(counted, markers)
    }
    if (this.waiting.delete(id)) return
    if (markers.length > 0 && this.remembered >= maxRemembered) this.tests.cutMarkers()
    if (this.remembered++ < maxRemembered) this.definitions.set(own(id), { ...definition, markers: markers.map(own) })
  }
}

function caseOf(attributes: Attributes, name: string, status: CaseStatus, known: Definition | undefined): TestCase {
  const duration = timeSpan(attributes['duration'])
  return {
    name,
    status,
    ...(known?.classname === undefined ? {} : { classname: known.classname }),
    ...markedWith(known?.markers ?? noMarkers),
    ...(duration === undefined ? {} : { duration_s: duration }),
  }
}

/** `[d.]hh:mm:ss[.fffffff]` as seconds. */
function timeSpan(text: string | undefined): number | undefined {
  const match = /^(?:(\d{1,9})\.)?(\d{1,9}):(\d\d):(\d\d(?:\.\d{1,9})?)$/.exec(text?.trim() ?? '')
  if (!match) return undefined
  const [, days = '0', hours, minutes, rest] = match
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest)
}
