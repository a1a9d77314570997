import type { Listed, OpenSuite, TestsBuilder } from '../../build-tests.js'
import type { CaseStatus, TestCase } from '../../evidence.js'

/** One run of a test, which was counted as a test of its own. */
export interface Run {
  status: CaseStatus
  listed: Listed | undefined
  markers: readonly string[]
}
/** A test's name in its suite, and what else tells it apart. */
interface Key {
  name: string
  more: string
}
const maxRemembered = 100_000

/**
 * Which tests of one suite are one test that was run again. A test is run again only after it failed, so the same name
 * after a failure is the same test: when it passes at last, all its runs are one flaky test.
 */
export class JunitReruns {
  /** The failing runs by name, then by the rest: most tests are told apart by their names. */
  private failed: Map<string, Map<string, Run[]>> | undefined
  private remembered = 0
  private lastName: string | undefined
  private lastMore: string | undefined
  private lastRun: Run | undefined
  /** Runs without a failure that the same test follows at once: pytest-rerunfailures writes failing attempts so. */
  private followed: { run: Run; by: Run }[] | undefined

  constructor(private readonly builder: TestsBuilder) {}

  /** Whether any test of this name failed. */
  has(name: string): boolean {
    return this.failed?.has(name) === true
  }

  /** Takes note of the next test in order. */
  follow(name: string, more: string | undefined, run: Run): void {
    const { lastRun } = this
    if (lastRun?.status === 'passed' && name === this.lastName && more === this.lastMore) {
      this.followed ??= []
      if (this.followed.length < maxRemembered) this.followed.push({ run: lastRun, by: run })
    }
    this.lastName = name
    this.lastMore = more
    this.lastRun = run
  }

  /** Remembers a failing run. */
  remember({ name, more }: Key, run: Run): void {
    if (this.remembered++ >= maxRemembered) return
    this.failed ??= new Map()
    let named = this.failed.get(name)
    if (!named) this.failed.set(Buffer.from(name).toString(), (named = new Map()))
    const runs = named.get(more)
    if (runs) runs.push(run)
    else named.set(more, [run])
  }

  /**
   * The test passed at last: its failing runs become this one. Answers how many runs were taken away, or undefined when
   * no such test failed.
   */
  pass(suite: OpenSuite, { name, more }: Key, test: () => TestCase): number | undefined {
    const [first, ...others] = this.failed?.get(name)?.get(more) ?? []
    if (!first) return undefined
    this.failed?.get(name)?.delete(more)
    this.builder.recount(suite, first.status, 'passed', first.markers)
    suite.totals.flaky++
    for (const run of others) this.remove(suite, run)
    if (first.listed?.test) this.relist(first.listed, first.listed.test, test())
    return others.length
  }

  /** Of tests that failed several times only the worst run stays; answers how many were taken away. */
  foldFailures(suite: OpenSuite | undefined): number {
    let removed = 0
    for (const runs of [...(this.failed?.values() ?? [])].flatMap((named) => [...named.values()])) {
      const worst = runs.find(({ status }) => status === 'error') ?? runs[0]
      for (const run of runs) {
        if (run === worst || !suite) continue
        this.remove(suite, run)
        removed++
      }
    }
    return removed
  }

  /** How many tests a suite has more than it counts, when the same test in a row is one. */
  get repeats(): number {
    return this.followed?.length ?? 0
  }

  /** The suite counts tests in a row as one: the earlier runs were attempts that failed. */
  foldRepeats(suite: OpenSuite | undefined): void {
    if (!suite) return
    for (const { run } of this.followed ?? []) this.remove(suite, run)
    const gone = new Set(this.followed?.map(({ run }) => run))
    for (const { by } of this.followed ?? []) {
      if (by.status !== 'passed' || gone.has(by)) continue
      suite.totals.flaky++
      if (by.listed?.test) this.builder.relist(by.listed, { ...by.listed.test, flaky: true })
    }
  }

  /** The flaky test says why it failed before. */
  private relist(listed: Listed, before: TestCase, now: TestCase): void {
    const { message, details } = before
    const why = { ...(message === undefined ? {} : { message }), ...(details === undefined ? {} : { details }) }
    this.builder.relist(listed, { ...now, flaky: true, ...why })
  }

  private remove(suite: OpenSuite, run: Run): void {
    this.builder.recount(suite, run.status, undefined, run.markers)
    if (run.listed) run.listed.test = undefined
  }
}
