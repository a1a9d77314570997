import { SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { hasLine, lineObject } from '../../json-lines.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, type Fields, number, text } from '../../values.js'

/** The JSON reporter of Dart's package:test, which `flutter test --machine` writes too: an event a line. */
export const dartJson: TextReader = {
  format: 'dart-json',
  recognised: 'lines of JSON with `protocolVersion` and `runnerVersion`, or of the types that follow them',
  proven: 'unproven',
  kind: 'tests',
  family: 'text',
  jsonLines: true,
  supports: (head) =>
    hasLine(head, (event) => at(event, 'protocolVersion') !== undefined && at(event, 'type') === 'start'),
  open: (context) => new DartHandler(context),
}

const results: Readonly<Record<string, CaseStatus>> = { success: 'passed', failure: 'failed', error: 'error' }
const maxRemembered = 100_000
const maxText = 8000

/** A test that has begun. */
interface Open {
  test: TestCase
  start: number | undefined
  error: string
  trace: string
  skipped: string | undefined
}

class DartHandler implements TextHandler {
  private readonly tests: SuitesBuilder
  private readonly suites = new Map<number, string>()
  private readonly running = new Map<number, Open>()
  private done: boolean | null | undefined
  private seen = false
  private pid: unknown

  constructor(private readonly context: ReadContext) {
    this.tests = new SuitesBuilder(context)
  }

  line(line: string): void {
    const event = lineObject(line)
    // Flutter writes lists of its own, and tests may print.
    if (event === undefined) return
    if (event === null) this.context.problems.error('holds a line of broken JSON: it is cut short', this.context.line())
    else this.event(event)
  }

  finish(): TestsEvidence | null {
    const { problems } = this.context
    if (!this.seen) {
      problems.error('holds no event of a test run of Dart')
      return null
    }
    for (const open of this.running.values()) {
      const said = open.error || 'did not end'
      this.tests.add(withFailure({ ...open.test, status: 'error' }, said, open.trace || undefined))
    }
    if (this.done === undefined) problems.error('has no last event: it is cut short')
    else if (this.done === null) problems.error('says that the run was stopped')
    this.tests.check({ passed: this.done !== false })
    return this.tests.finish(undefined, this.pid)
  }

  private event(event: Fields): void {
    const type = at(event, 'type')
    const id = number(at(event, 'testID')) ?? -1
    const open = this.running.get(id)
    if (type === 'start') {
      this.seen = true
      this.pid = at(event, 'pid')
    } else if (type === 'suite') this.suite(at(event, 'suite'))
    else if (type === 'testStart') this.begin(event)
    else if (type === 'error' && open) this.fail(open, event)
    else if (type === 'error') this.tests.addOutside(this.outside(event))
    else if (type === 'print' && open && at(event, 'messageType') === 'skip') open.skipped = text(at(event, 'message'))
    else if (type === 'testDone') this.end(id, open, event)
    else if (type === 'done') {
      const success = at(event, 'success')
      this.done = typeof success === 'boolean' ? success : null
    }
  }

  private outside(event: Fields): Omit<TestCase, 'status'> {
    return withFailure({ name: 'an error outside of tests' }, text(at(event, 'error')), text(at(event, 'stackTrace')))
  }

  private suite(suite: unknown): void {
    const id = number(at(suite, 'id'))
    const path = text(at(suite, 'path'))
    if (id !== undefined && path !== undefined && this.suites.size < maxRemembered)
      this.suites.set(id, normalisePath(path))
  }

  private begin(event: Fields): void {
    const started = at(event, 'test')
    const id = number(at(started, 'id'))
    if (id === undefined) return
    const suite = this.suites.get(number(at(started, 'suiteID')) ?? -1)
    const url = text(at(started, 'root_url')) ?? text(at(started, 'url'))
    const line = number(at(started, 'root_line')) ?? number(at(started, 'line'))
    const test: TestCase = { name: text(at(started, 'name')) || 'a test without name', status: 'passed' }
    if (suite !== undefined) test.suite = suite
    const file = url?.startsWith('file:') ? normalisePath(url) : suite
    if (file !== undefined) test.file = file
    if (line !== undefined && line > 0 && url?.startsWith('file:')) test.line = line
    const skipped = text(at(at(started, 'metadata'), 'skipReason'))
    if (this.running.size > maxRemembered) this.context.problems.error('holds too many tests that did not end')
    else this.running.set(id, { test, start: number(at(event, 'time')), error: '', trace: '', skipped })
  }

  private fail(open: Open, event: Fields): void {
    const add = (before: string, key: string): string =>
      before.length > maxText ? before : before + (before && '\n') + (text(at(event, key)) ?? '')
    open.error = add(open.error, 'error')
    open.trace = add(open.trace, 'stackTrace')
  }

  private end(id: number, open: Open | undefined, event: Fields): void {
    const { problems } = this.context
    if (!open) return problems.error(`ends a test that did not begin (${id})`, this.context.line())
    this.running.delete(id)
    const result = text(at(event, 'result')) ?? ''
    const ended = Object.hasOwn(results, result) ? results[result] : undefined
    if (ended === undefined) problems.error(`holds the unknown result "${result}"`, this.context.line())
    const skipped = at(event, 'skipped') === true && ended === 'passed'
    // Loading a file is a test of the runner's own, which only tells when it fails.
    if (at(event, 'hidden') === true && ended === 'passed') return
    const duration = (number(at(event, 'time')) ?? 0) - (open.start ?? NaN)
    const test: TestCase = { ...open.test, status: skipped ? 'skipped' : (ended ?? 'error') }
    if (duration >= 0) test.duration_s = duration / 1000
    if (skipped) this.tests.add(withFailure(test, open.skipped, undefined))
    else this.tests.add(ended === 'passed' ? test : withFailure(test, open.error, dartTrace(open.trace)))
  }
}

/** Dart writes `test/a_test.dart 22:7  main.<fn>`; other traces are read in the spelling with a colon. */
const dartTrace = (trace: string): string => trace.replaceAll(/^(\S{1,500}\.dart) (\d{1,9}):(\d{1,9}) /gm, '$1:$2:$3 ')
