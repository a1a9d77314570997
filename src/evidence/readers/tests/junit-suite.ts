import type { OpenSuite, TestsBuilder } from '../../build-tests.js'
import type { Digest } from '../../digest.js'
import type { TestCase } from '../../evidence.js'
import { markerSet, markersInTitle, noMarkers, tellsMarkers, withMarkers } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, Problems } from '../../reader.js'
import { briefly } from '../../shorten.js'
import { JunitReruns } from './junit-reruns.js'

interface Where {
  /** A `<testsuites>`, which only collects suites. */
  collects: boolean
  depth: number
  parent: JunitSuite | undefined
  digest: Digest
}

/** One `<testsuite>` or `<testsuites>` while it is open: what its attributes claim and what its tests show. */
export class JunitSuite {
  readonly name: string
  readonly file: string | undefined
  readonly depth: number
  readonly parent: JunitSuite | undefined
  readonly digest: Digest
  /** Tests in this suite and those within, before and after re-runs are taken as one. */
  raw = 0
  /** Tests that stand directly in this suite, before re-runs are taken as one. */
  direct = 0
  folded = 0
  /** `<failure>`, `<error>` and the like that were really there, and failing tests without one. */
  shownBad = 0
  ownTime = 0
  /** In Go a name stands for one test, whatever the numbers say. */
  namesAreUnique = false
  readonly reruns: JunitReruns
  /** What its properties and its title give each of its tests. */
  markers: readonly string[]
  private innerTime = 0
  private children = 0
  private mismatch = false
  private open: OpenSuite | undefined
  private broken: { message: string | undefined; details: string | undefined } | undefined

  constructor(
    private readonly builder: TestsBuilder,
    private readonly attributes: Attributes,
    private readonly where: Where,
  ) {
    this.name = attributes['name'] ?? ''
    this.depth = where.depth
    this.parent = where.parent
    this.digest = where.digest
    const file = attributes['file'] ?? attributes['filepath'] ?? where.parent?.file
    this.file = file ? normalisePath(file) : undefined
    this.reruns = new JunitReruns(builder)
    const [around = noMarkers, own] = [where.parent?.markers, markersInTitle(this.name)]
    this.markers = own.length > 0 ? markerSet([...around, ...own]) : around
    if (where.parent) where.parent.children++
  }

  /** Where the tests of this suite are counted. */
  get counted(): OpenSuite {
    return (this.open ??= this.builder.suite(this.name))
  }

  /** Tests directly in `<testsuites>` come from many files (Node's runner): the same name is another test there. */
  get repeatsAreReruns(): boolean {
    return !this.where.collects
  }

  /** pytest, or one of its suites. */
  get ofPytest(): boolean {
    return /^pytest\b/.test(this.name) || this.parent?.ofPytest === true
  }

  property({ name, value }: Attributes): void {
    if (name === 'go.version') this.namesAreUnique = true
    if (tellsMarkers(name)) this.markers = withMarkers(this.markers, value)
  }

  /** An `<error>` or `<failure>` that stands in the suite itself. */
  problemElement(name: string, attributes: Attributes): boolean {
    if (name !== 'error' && name !== 'failure') return false
    this.broken ??= { message: attributes['message'] ?? attributes['type'], details: undefined }
    return true
  }

  problemText(text: string): void {
    if (this.broken) this.broken.details ??= text
  }

  /** Seconds: the suite's own time where it is stated, else the sum of what is in it. */
  get duration(): number {
    return (this.where.collects ? undefined : seconds(this.attributes['time'])) ?? this.ownTime + this.innerTime
  }

  close(problems: Problems): void {
    const leaf = this.children === 0 && this.direct === 0
    const claimed = this.claims()
    this.foldReruns()
    if (leaf && claimed.tests > 0) this.countClaims(claimed, problems)
    else if (this.broken) this.countBroken()
    if (!leaf) this.compare(claimed, problems)
    if (this.open) this.identify(this.open)
    const { parent } = this
    if (!parent) return
    parent.raw += this.raw
    parent.folded += this.folded
    parent.shownBad += this.shownBad
    parent.innerTime += this.duration
    parent.mismatch ||= this.mismatch
  }

  /** The suite's own number decides whether tests of one name are several tests or one that was run again. */
  private foldReruns(): void {
    const { tests } = this.attributes
    const stated = tests === undefined ? undefined : wholeNumber(tests)
    const { repeats } = this.reruns
    if (repeats > 0 && stated !== undefined && stated !== this.direct && this.direct - repeats <= stated) {
      this.reruns.foldRepeats(this.open)
      this.folded -= repeats
    }
    if (this.namesAreUnique || stated === undefined || ![this.raw, this.direct].includes(stated))
      this.folded -= this.reruns.foldFailures(this.open)
  }

  private claims() {
    const whole = (name: string): number => wholeNumber(this.attributes[name])
    const bad = whole('failures') + whole('errors')
    const skipped = whole('skipped') || whole('disabled') || whole('ignored')
    return { tests: Math.max(whole('tests'), bad), failed: whole('failures'), errors: whole('errors'), skipped }
  }

  /** Where a suite lists no test, its attributes are all that is known. */
  private countClaims(claimed: ReturnType<JunitSuite['claims']>, problems: Problems): void {
    const bad = claimed.failed + claimed.errors
    const errors = claimed.errors + (this.broken && bad === 0 ? 1 : 0)
    const skipped = Math.min(claimed.skipped, claimed.tests - Math.min(claimed.tests, claimed.failed + errors))
    const tests = Math.max(claimed.tests, claimed.failed + errors)
    this.builder.countUnlisted(this.counted, { tests, failed: claimed.failed, errors, skipped })
    this.raw += tests
    this.folded += tests
    this.shownBad += claimed.failed + errors
    if (this.broken) this.list({ name: this.title, status: 'error', ...this.told() })
    problems.warning(`${this.title} states ${tests} tests and lists none: its numbers are taken as they are`)
  }

  /** An error of the suite itself, with no test that shows it, is one error. */
  private countBroken(): void {
    this.raw++
    this.folded++
    this.direct++
    this.shownBad++
    this.builder.count(this.counted, 'error')
    this.list({ name: this.title, status: 'error', ...this.told() })
  }

  private list(test: TestCase): void {
    const more = { ...(this.name ? { suite: this.name } : {}), ...(this.file ? { file: this.file } : {}) }
    this.builder.list(this.counted, { ...test, ...more })
  }

  private told(): Pick<TestCase, 'message' | 'details'> {
    return briefly(this.broken?.message, this.broken?.details)
  }

  private compare(claimed: ReturnType<JunitSuite['claims']>, problems: Problems): void {
    if (this.mismatch) return
    const missing = claimed.failed + claimed.errors - this.shownBad
    if (missing > 0) {
      this.mismatch = true
      problems.error(
        `${this.title} states ${claimed.failed} failures and ${claimed.errors} errors, but its tests show ${this.shownBad}`,
      )
      return
    }
    const { tests } = this.attributes
    const stated = wholeNumber(tests)
    // Some count re-runs and inner suites' tests and some do not; Node counts what stands directly in the suite.
    const known = [this.raw, this.folded, this.direct, this.direct + this.children]
    if (tests === undefined || known.includes(stated)) return
    this.mismatch = true
    problems.warning(`${this.title} states ${stated} tests, but lists ${this.raw}: the listed ones count`)
  }

  private get title(): string {
    return this.name
      ? `suite "${this.name.slice(0, 200)}"`
      : this.where.collects
        ? 'the report'
        : 'a suite without name'
  }

  /** Ant's summary splits a suite's name into package and name and repeats everything else. */
  private identify(open: OpenSuite): void {
    if (open.totals.name === 'further suites') return
    const { package: folder = '', timestamp = '', time = '' } = this.attributes
    const name = folder && !this.name.startsWith(`${folder}.`) ? `${folder}.${this.name}` : this.name
    const { tests, passed, failed, errors } = open.totals
    for (const part of [name, timestamp, time, `${tests} ${passed} ${failed} ${errors}`]) this.digest.add(part)
    open.totals.id = this.digest.text()
    open.totals.duration_s = this.children === 0 ? this.duration : this.ownTime
  }
}

/** A count of an attribute; what is no number of at least 0 is 0. */
export function wholeNumber(text: string | undefined): number {
  const value = text === undefined ? 0 : Number(text.trim().replaceAll(',', ''))
  return Number.isSafeInteger(Math.trunc(value)) && value > 0 ? Math.trunc(value) : 0
}

/** `1.5`, `1,234.5` (Surefire groups thousands) or `0,5` as seconds; undefined when it is no duration. */
export function seconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  let value = Number(text)
  if (Number.isNaN(value)) value = Number(text.includes('.') ? text.replaceAll(',', '') : text.replace(',', '.'))
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
