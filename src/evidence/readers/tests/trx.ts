import type { Listed } from '../../build-tests.js'
import { isBad, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
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

const maxRemembered = 50_000

class TrxHandler implements XmlHandler {
  private readonly tests: SuitesBuilder
  /** The names of the elements that are open. */
  private readonly path: string[] = []
  private readonly results: Result[] = []
  /** Tests whose class is told only after them, and classes that are told before. */
  private readonly waiting = new Map<string, { listed: Listed; test: TestCase }[]>()
  private readonly classes = new Map<string, string>()
  private definition: string | undefined
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
    else if (parent === 'TestDefinitions') this.definition = attributes['id']
    else if (name === 'TestMethod') this.define(attributes['className'])
    return parent === 'ErrorInfo' && (name === 'Message' || name === 'StackTrace')
  }

  close(name: string, text: string | undefined): void {
    this.path.pop()
    const parent = this.path.at(-1)
    const result = this.results.at(-1)
    if (parent === 'Results' || parent === 'InnerResults') this.endResult()
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
    const test = withFailure(caseOf(attributes, name, status, this.classes.get(id)), result.message, result.trace)
    const { listed } = this.tests.add(test)
    if (!listed || test.classname !== undefined || this.waiting.size >= maxRemembered) return
    const others = this.waiting.get(id)
    if (others) others.push({ listed, test })
    else this.waiting.set(Buffer.from(id).toString(), [{ listed, test }])
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
    const id = this.definition
    const name = className?.split(',', 1)[0]?.trim()
    if (!id || !name) return
    for (const { listed, test } of this.waiting.get(id) ?? []) this.tests.relist(listed, { ...test, classname: name })
    if (!this.waiting.delete(id) && this.classes.size < maxRemembered)
      this.classes.set(Buffer.from(id).toString(), Buffer.from(name).toString())
  }
}

function caseOf(attributes: Attributes, name: string, status: CaseStatus, classname: string | undefined): TestCase {
  const duration = timeSpan(attributes['duration'])
  return {
    name,
    status,
    ...(classname === undefined ? {} : { classname }),
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
