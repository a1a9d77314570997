import type { TestsBuilder } from '../../build-tests.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { markerSet, markersInTitle, noMarkers, tellsMarkers, withMarkers } from '../../markers.js'
import type { Attributes } from '../../reader.js'
import { describeCase } from './junit-describe.js'
import type { Run } from './junit-reruns.js'
import { type JunitSuite, seconds } from './junit-suite.js'

/** What the children of a test say; several results in one test: the worst wins. */
const children: Readonly<Record<string, CaseStatus | 'flaky'>> = {
  error: 'error',
  failure: 'failed',
  skipped: 'skipped',
  ignored: 'skipped',
  disabled: 'skipped',
  pending: 'skipped',
  // Surefire: the test failed again, or passed at last.
  rerunFailure: 'failed',
  rerunError: 'error',
  flakyFailure: 'flaky',
  flakyError: 'flaky',
}

/** Values of `status` and `result` that say more than that the test ran. */
const statuses: Readonly<Record<string, CaseStatus>> = {
  failed: 'failed',
  fail: 'failed',
  failure: 'failed',
  error: 'error',
  errored: 'error',
  broken: 'error',
  disabled: 'skipped',
  notrun: 'skipped',
  skipped: 'skipped',
  ignored: 'skipped',
  suppressed: 'skipped',
  pending: 'skipped',
  inconclusive: 'skipped',
}
/** Why CTest could not start a test, which fails its run; it writes `<skipped>`, as for tests that were left out. */
const notStarted =
  /^(?:Unable to find executable|Required Files Missing|Fixture dependency failed|Insufficient resources|Failed to change working directory)/
const mayFail = 'TEST_CASE tagged with !mayfail'
const worst: readonly CaseStatus[] = ['passed', 'skipped', 'failed', 'error']
const worse = (a: CaseStatus, b: CaseStatus): CaseStatus => (worst.indexOf(b) > worst.indexOf(a) ? b : a)

/** The `<testcase>` that is open; one object serves all, since a report may hold millions. */
export class JunitCase {
  private attributes: Attributes = {}
  private status: CaseStatus = 'passed'
  private flaky = false
  /** Disabled, or to be done: what else stands there does not count. */
  private excused = false
  private bad = 0
  /** The worst result's element, which gives message and place. */
  private told: Attributes | undefined
  private toldStatus: CaseStatus = 'passed'
  private text: string | undefined
  private textIsOfTold = false
  private markers = noMarkers

  constructor(private readonly builder: TestsBuilder) {}

  begin(attributes: Attributes): void {
    this.attributes = attributes
    this.status = 'passed'
    this.flaky = false
    this.excused = false
    this.bad = 0
    this.told = undefined
    this.toldStatus = 'passed'
    this.text = undefined
    this.markers = noMarkers
  }

  property({ name, value }: Attributes): void {
    if (tellsMarkers(name)) this.markers = withMarkers(this.markers, value)
  }

  /** Takes note of a child; answers whether its text is wanted. */
  child(name: string, attributes: Attributes): boolean {
    const says = this.says(name, attributes)
    if (says === undefined) return this.wantsOutput(name)
    const status = says === 'flaky' ? 'passed' : says
    if (says === 'flaky') this.flaky = true
    if (status !== 'skipped') this.bad++
    // Node: a test marked TODO may fail, and does not fail the run; so may Catch2's `!mayfail`.
    if (name === 'skipped' && (attributes['type'] === 'todo' || attributes['message'] === mayFail)) this.excused = true
    this.status = worse(this.status, status)
    this.textIsOfTold = this.told === undefined || worse(this.toldStatus, status) !== this.toldStatus
    if (this.textIsOfTold) {
      this.told = attributes
      this.toldStatus = status
      this.text = undefined
    }
    return this.textIsOfTold
  }

  private says(name: string, attributes: Attributes): CaseStatus | 'flaky' | undefined {
    if (name === 'skipped' && this.attributes['status'] === 'notrun' && notStarted.test(attributes['message'] ?? ''))
      return 'error'
    return Object.hasOwn(children, name) ? children[name] : undefined
  }

  /** CTest says why a test failed nowhere but in what the test has printed. */
  private wantsOutput(name: string): boolean {
    if (name !== 'system-out' || this.bad === 0 || this.text?.trim() || this.told?.['message']) return false
    this.textIsOfTold = true
    return true
  }

  childText(text: string): void {
    if (this.textIsOfTold) this.text = text
  }

  /** Counts the test in its suite, and lists it as far as the limits allow. */
  end(suite: JunitSuite): void {
    const { attributes } = this
    if (attributes['status'] !== undefined || attributes['result'] !== undefined) this.takeStatus()
    if (this.excused) this.status = 'skipped'
    const { name = '', time } = attributes
    this.markers = this.markersWith(suite.markers)
    suite.raw++
    suite.direct++
    suite.shownBad += this.bad
    const duration = time === undefined ? undefined : seconds(time)
    if (duration !== undefined) suite.ownTime += duration
    // Enough to know the same suite again beside its name and times; whole names would cost as much as the parsing.
    suite.digest.count(name.length + Math.round((duration ?? 0) * 1e6) * 1024)
    if (this.status === 'passed' && suite.reruns.has(name) && this.passAgain(suite, name, duration)) return
    suite.folded++
    this.builder.count(suite.counted, this.status, this.markers)
    const listed = this.builder.wants(this.status, this.flaky)
      ? this.builder.list(suite.counted, this.describe(suite, duration))
      : undefined
    const run = { status: this.status, listed, markers: this.markers }
    suite.reruns.follow(name, attributes['classname'], run)
    if (this.status !== 'passed' || this.flaky) this.noteTrouble(suite, name, run)
  }

  /** Its own markers, those of its suites, and those in its titles; most tests have none. */
  private markersWith(around: readonly string[]): readonly string[] {
    const { name, classname } = this.attributes
    const isPlain = around.length + this.markers.length === 0 && !name?.includes('@') && !classname?.includes('@')
    if (isPlain) return noMarkers
    return markerSet([...around, ...this.markers, ...markersInTitle(classname), ...markersInTitle(name)])
  }

  private noteTrouble(suite: JunitSuite, name: string, run: Run): void {
    suite.digest.add(`${this.status} ${name}`)
    if (this.status === 'passed') suite.counted.totals.flaky++
    if (suite.repeatsAreReruns && (this.status === 'failed' || this.status === 'error'))
      suite.reruns.remember({ name, more: this.more }, run)
  }

  /** `disabled` is said of tests that did not run, whatever else stands there; the rest only makes it worse. */
  private takeStatus(): void {
    const { status, result } = this.attributes
    for (const word of [status?.toLowerCase(), result?.toLowerCase()]) {
      const says = word !== undefined && Object.hasOwn(statuses, word) ? statuses[word] : undefined
      if (says === undefined) continue
      if (word === 'disabled') this.excused = true
      this.status = worse(this.status, says)
      if (says !== 'skipped' && this.bad === 0) this.bad = 1
    }
  }

  /** Whether the test failed before in this suite; then it is that test, and flaky. */
  private passAgain(suite: JunitSuite, name: string, duration: number | undefined): boolean {
    const removed = suite.reruns.pass(suite.counted, { name, more: this.more }, () => this.describe(suite, duration))
    if (removed === undefined) return false
    suite.folded -= removed
    suite.digest.add(`flaky ${name}`)
    return true
  }

  /** What beside the name tells two tests of a suite apart. */
  private get more(): string {
    const { classname = '', file = '' } = this.attributes
    return Buffer.from(`${classname}\0${file}`).toString()
  }

  private describe(suite: JunitSuite, duration: number | undefined): TestCase {
    const { attributes, status, flaky, told, text, markers } = this
    return describeCase({ attributes, status, flaky, duration, told, text, markers }, suite)
  }
}
