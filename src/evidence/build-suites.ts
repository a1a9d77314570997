import { stripControls } from '../base/text.js'
import { type Listed, type OpenSuite, TestsBuilder } from './build-tests.js'
import { Digest } from './digest.js'
import type { CaseStatus, TestCase, TestsEvidence } from './evidence.js'
import { markedWith, markerSet, markersInTitle, noMarkers } from './markers.js'
import type { ReadContext } from './reader.js'
import { briefly } from './shorten.js'
import { placeInTrace } from './trace.js'

interface Suite {
  open: OpenSuite
  digest: Digest
}

/** A test that was counted, to be counted otherwise when it is run again. */
export interface Counted {
  suite: OpenSuite
  status: CaseStatus
  listed: Listed | undefined
  markers: readonly string[]
}

/** What a report says of itself. */
export interface Claims {
  /** The numbers of tests that it may mean, of which one has to be right. */
  tests?: readonly (number | undefined)[]
  /** How many failed, errors too. */
  bad?: number | undefined
  /** Whether the tool says that the run succeeded. */
  passed?: boolean | undefined
}

const maxNamed = 20_000

/** Tests that come one by one, each with its suite's name, for formats that do not nest suites as JUnit does. */
export class SuitesBuilder {
  private readonly builder: TestsBuilder
  private readonly suites = new Map<string, Suite>()
  private seconds = 0
  tests = 0
  bad = 0
  /** Of `tests`, those that stand for an error outside of any test. */
  private outside = 0

  constructor(private readonly context: ReadContext) {
    this.builder = new TestsBuilder(context)
  }

  /** Counts a test in the suite that it names, and lists it as far as the limits allow. */
  add(test: TestCase): Counted {
    const { open, digest } = this.suite(test.suite ?? '')
    this.tests++
    if (isBad(test.status)) this.bad++
    const seconds = test.duration_s ?? 0
    this.seconds += seconds
    open.totals.duration_s += seconds
    if (test.flaky) open.totals.flaky++
    digest.add(`${test.status} ${test.name} ${seconds}`)
    const markers = markersOf(test)
    this.builder.count(open, test.status, markers)
    const listed = this.builder.list(open, { ...named(test), ...markedWith(markers) })
    return { suite: open, status: test.status, listed, markers }
  }

  /** Counts an error that no test of the report shows: of a suite, a file or the run. */
  addOutside(test: Omit<TestCase, 'status'>): void {
    this.outside++
    this.add({ ...test, status: 'error' })
  }

  /** The test that failed was run again and passed: it is one test, and flaky; it keeps saying why it failed. */
  passAgain(before: Counted): void {
    this.bad--
    this.builder.recount(before.suite, before.status, 'passed', before.markers)
    before.suite.totals.flaky++
    const test = before.listed?.test
    if (before.listed && test) this.builder.relist(before.listed, { ...test, status: 'passed', flaky: true })
  }

  /** Gives a test that was counted without them the markers that the report tells later. */
  mark(counted: Counted, markers: readonly string[]): void {
    const all = markerSet([...counted.markers, ...markers])
    if (counted.markers.length > 0) this.builder.mark(counted.suite, counted.status, counted.markers, -1)
    this.builder.mark(counted.suite, counted.status, all)
    const test = counted.listed?.test
    if (counted.listed && test) this.builder.relist(counted.listed, { ...test, markers: [...all] })
  }

  /** Some tests have markers that are not counted. */
  cutMarkers(): void {
    this.builder.cutMarkers()
  }

  /** Replaces what is listed of a test by what is known of it later. */
  relist(listed: Listed, test: TestCase): void {
    this.builder.relist(listed, test)
  }

  /** Tells a suite apart from the same suite in another run: the time of its start, or an id of the run. */
  identify(suite: string, run: unknown): void {
    if (typeof run === 'string' || typeof run === 'number') this.suite(suite).digest.add(String(run))
  }

  /** Holds what the report says of itself against the tests that it lists: what may hide a failure is an error. */
  check({ tests = [], bad = 0, passed }: Claims): void {
    const { problems } = this.context
    if (bad > this.bad) problems.error(`states ${bad} failed tests and lists ${this.bad}`)
    else if (passed === false && this.bad === 0) problems.error('says that the run failed, and no test shows why')
    const stated = tests.filter((n) => n !== undefined)
    const listed = this.tests - this.outside
    if (stated.length === 0 || stated.includes(listed) || stated.includes(this.tests)) return
    const text = `states ${stated[0]} tests and lists ${listed}`
    if (Math.max(...stated) > listed) problems.error(text)
    else problems.warning(`${text}: the listed ones count`)
  }

  /** The evidence; `wall` is what the report states as the whole time, `run` what tells one run from the next. */
  finish(wall?: number, run?: unknown): TestsEvidence {
    for (const [name, { open, digest }] of this.suites) {
      digest.add(name)
      this.identify(name, run)
      if (this.suites.size <= maxNamed) open.totals.id = digest.text()
    }
    this.builder.suites = [...this.suites.values()].filter(({ open }) => open.totals.tests > 0).length
    return this.builder.finish(this.seconds, wall)
  }

  private suite(name: string): Suite {
    const known = this.suites.get(name)
    if (known) return known
    const open = this.builder.suite(name)
    const suite = { open, digest: new Digest() }
    if (this.suites.size <= maxNamed) this.suites.set(Buffer.from(name).toString(), suite)
    return suite
  }
}

/** What the report gives a test as markers, and what stands in its titles. */
function markersOf({ name, classname, suite, markers = [] }: TestCase): readonly string[] {
  const titles = [suite, classname, name].filter((title) => title?.includes('@'))
  return markers.length + titles.length > 0 ? markerSet([...markers, ...titles.flatMap(markersInTitle)]) : noMarkers
}

/** Without the empty names and paths that some reports hold. */
function named(test: TestCase): TestCase {
  const { file, ...rest } = test
  const name = test.name.trim() === '' ? 'a test without name' : test.name
  return { ...rest, name, ...(file ? { file } : {}) }
}

export const isBad = (status: CaseStatus): boolean => status === 'failed' || status === 'error'

/** The test with what is said of its failure: message, details, and the place that the trace points to in its file. */
export function withFailure<T extends Omit<TestCase, 'status'> & { status?: CaseStatus }>(
  test: T,
  message: string | undefined,
  trace: string | undefined,
): T {
  const said = message === undefined ? undefined : stripControls(message)
  const details = trace === undefined ? undefined : stripControls(trace)
  const told = { ...test, ...briefly(said && withoutTrace(said), details ?? said) }
  if (test.status === 'passed' || test.status === 'skipped') return told
  const place = placeInTrace(`${said ?? ''}\n${details ?? ''}`, test.classname)
  if (!place || (test.file !== undefined && !sameFile(test.file, place.file))) return told
  return { ...told, file: test.file ?? place.file, line: place.line }
}

/** The message before the frames that some tools append to it. */
const withoutTrace = (text: string): string => {
  const at = text.search(/\n[ \t]+at /)
  return at > 0 ? text.slice(0, at) : text
}

/** Whether two paths can be one file: one ends with the other. */
export const sameFile = (a: string, b: string): boolean => a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`)

/** Milliseconds as seconds; undefined when they are no duration. */
export const fromMilliseconds = (ms: unknown): number | undefined =>
  typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms / 1000 : undefined
