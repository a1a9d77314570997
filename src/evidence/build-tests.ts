import type { CaseStatus, MarkedTotals, SuiteTotals, TestCase, TestsEvidence } from './evidence.js'
import { noMarkers } from './markers.js'
import { type ReadContext, Truncated } from './reader.js'

/** Of tests that did not pass, so many are listed; skipped ones have a limit of the same size of their own. */
export const maxBadCases = 10_000
/** So many tests are listed in all; passing ones give way. */
export const maxCases = 20_000
const maxSuites = 20_000
/** So many sets of markers are counted apart, over all suites. */
const maxMarked = 20_000

/** A suite while its report is read. */
export interface OpenSuite {
  readonly index: number
  readonly totals: SuiteTotals
  /** Its tests by their sets of markers. */
  marked?: Map<string, MarkedTotals>
}

/** A test's entry in the listing; `test` is replaced when the test is run again, and gone when it was no test of its own. */
export interface Listed {
  readonly suite: number
  readonly order: number
  test: TestCase | undefined
}

/**
 * Counts tests and lists a bounded part of them. The counting of passing tests allocates nothing, so that a report
 * of a million tests costs what its parser costs.
 */
export class TestsBuilder {
  private readonly all: OpenSuite[] = []
  private readonly bad: Listed[] = []
  private readonly skipped: Listed[] = []
  private readonly passed: Listed[] = []
  private order = 0
  private sets = 0
  private cut = false
  /** How many `<testsuite>`s or the like there are, those without own tests too. */
  suites = 0

  constructor(private readonly context: ReadContext) {}

  /** A suite to count into; over the limit, all that follow share one that merging cannot tell apart. */
  suite(name: string): OpenSuite {
    if (this.all.length > maxSuites) return this.all[maxSuites] as OpenSuite
    const shown = this.context.suite ?? (this.all.length === maxSuites ? 'further suites' : copied(name))
    const suite: OpenSuite = { index: this.all.length, totals: emptyTotals(shown) }
    this.all.push(suite)
    return suite
  }

  /** Whether such a test would still be listed; ask before building its `TestCase`, which costs more than counting. */
  wants(status: CaseStatus, flaky = false): boolean {
    const list = this.listFor(status, flaky)
    return list.length < (list === this.passed ? maxCases : maxBadCases)
  }

  /** Counts a test; `markers` are each there once, in order. */
  count(suite: OpenSuite, status: CaseStatus, markers = noMarkers): void {
    const { totals } = suite
    totals.tests++
    bump(totals, status, 1)
    if (markers.length > 0) this.mark(suite, status, markers)
    if (++this.order > this.context.caps.items)
      throw new Truncated(`it holds more than ${this.context.caps.items} tests`)
  }

  /** Several tests of which only the numbers are known. */
  countUnlisted(suite: OpenSuite, numbers: Pick<SuiteTotals, 'tests' | 'failed' | 'errors' | 'skipped'>): void {
    const { totals } = suite
    totals.tests += numbers.tests
    totals.failed += numbers.failed
    totals.errors += numbers.errors
    totals.skipped += numbers.skipped
    totals.passed += numbers.tests - numbers.failed - numbers.errors - numbers.skipped
  }

  /** Counts a test that is counted under its markers too, or takes that back. */
  mark(suite: OpenSuite, status: CaseStatus, markers: readonly string[], by: 1 | -1 = 1): void {
    const marked = this.markedIn(suite, markers)
    if (!marked) return
    marked.tests += by
    bump(marked, status, by)
  }

  /** Some tests have markers that are not counted. */
  cutMarkers(): void {
    this.cut = true
  }

  /** Lists a counted test as far as the limits allow; undefined when they do not. */
  list(suite: OpenSuite, test: TestCase): Listed | undefined {
    if (!this.wants(test.status, test.flaky)) return undefined
    const entry = { suite: suite.index, order: this.order, test: this.labelled(test) }
    this.listFor(test.status, test.flaky).push(entry)
    return entry
  }

  /** Counts that a test which failed before ended otherwise, or (`undefined`) that it is no test of its own. */
  recount(suite: OpenSuite, before: CaseStatus, now: CaseStatus | undefined, markers = noMarkers): void {
    const marked = markers.length > 0 ? this.markedIn(suite, markers) : undefined
    for (const totals of marked ? [suite.totals, marked] : [suite.totals]) {
      bump(totals, before, -1)
      if (now === undefined) totals.tests--
      else bump(totals, now, 1)
    }
  }

  /** Replaces a listed test, strings copied and named like the others of the report. */
  relist(entry: Listed, test: TestCase): void {
    entry.test = this.labelled(test)
  }

  /** The evidence; `wall` is what the root states as the whole time. */
  finish(duration: number, wall?: number): TestsEvidence {
    const sum = sumOf(this.all.map((suite) => suite.totals))
    const bad = this.bad.filter(({ test }) => test !== undefined)
    const passed = this.passed.filter(({ test }) => test !== undefined)
    const room = Math.max(0, maxCases - bad.length - this.skipped.length)
    const listed = [...bad, ...this.skipped, ...passed.slice(0, room)]
    listed.sort((a, b) => a.suite - b.suite || a.order - b.order)
    for (const { suite } of listed) (this.all[suite] as OpenSuite).totals.listed++
    for (const { totals, marked } of this.all)
      if (marked) totals.marked = [...marked.values()].filter((m) => m.tests > 0)
    return {
      kind: 'tests',
      tests: sum.tests,
      passed: sum.passed,
      failed: sum.failed,
      errors: sum.errors,
      skipped: sum.skipped,
      flaky: sum.flaky,
      duration_s: rounded(duration),
      ...(wall === undefined ? {} : { wall_s: rounded(wall) }),
      suites: this.suites,
      cases: listed.map(({ test }) => test as TestCase),
      cases_omitted: sum.tests - listed.length,
      suite_totals: this.all.filter(({ totals }) => totals.tests > 0).map(({ totals }) => totals),
      ...(this.cut ? { markers_cut: true as const } : {}),
    }
  }

  /** The numbers of a suite's tests with these markers; undefined when there are too many sets. */
  private markedIn(suite: OpenSuite, markers: readonly string[]): MarkedTotals | undefined {
    const key = markers.join('\0')
    const known = suite.marked?.get(key)
    if (known) return known
    if (this.sets >= maxMarked) {
      this.cut = true
      return undefined
    }
    this.sets++
    const made = { markers: markers.map(copied), tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0 }
    suite.marked ??= new Map()
    suite.marked.set(copied(key), made)
    return made
  }

  private listFor(status: CaseStatus, flaky: boolean | undefined): Listed[] {
    if (flaky || status === 'failed' || status === 'error') return this.bad
    return status === 'skipped' ? this.skipped : this.passed
  }

  /** Slices of the text being parsed would keep all of it in memory. */
  private labelled(test: TestCase): TestCase {
    const kept = { ...test, name: copied(test.name) }
    if (this.context.suite !== undefined) kept.suite = this.context.suite
    else if (kept.suite !== undefined) kept.suite = copied(kept.suite)
    for (const key of ['classname', 'file', 'message', 'details'] as const) {
      const value = kept[key]
      if (value !== undefined) kept[key] = copied(value)
    }
    if (kept.markers) kept.markers = kept.markers.map(copied)
    return kept
  }
}

const emptyTotals = (name: string): SuiteTotals => ({
  name,
  tests: 0,
  passed: 0,
  failed: 0,
  errors: 0,
  skipped: 0,
  flaky: 0,
  duration_s: 0,
  listed: 0,
})

function bump(totals: Omit<MarkedTotals, 'markers'>, status: CaseStatus, by: number): void {
  if (status === 'passed') totals.passed += by
  else if (status === 'failed') totals.failed += by
  else if (status === 'error') totals.errors += by
  else totals.skipped += by
}

/** The sum of several suites' numbers. */
export function sumOf(list: readonly SuiteTotals[]): Omit<SuiteTotals, 'name' | 'id' | 'listed' | 'marked'> {
  const sum = { tests: 0, passed: 0, failed: 0, errors: 0, skipped: 0, flaky: 0, duration_s: 0 }
  for (const totals of list) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += totals[key]
  return sum
}

/** A string of its own: a slice keeps the whole text alive that it was cut from. */
const copied = (text: string): string => (text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8'))

/** Seconds to the microsecond, so that sums of fractions print well. */
export const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6
