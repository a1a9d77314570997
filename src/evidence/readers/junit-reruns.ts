import type { Listed, OpenSuite, TestsBuilder } from '../build-tests.js'
import type { CaseStatus, TestCase } from '../evidence.js'

/** One failing run of a test. */
interface Run {
  status: CaseStatus
  listed: Listed | undefined
}
/** A test's name in its suite, and what else tells it apart. */
interface Key {
  name: string
  more: string
}
const maxRemembered = 100_000

/**
 * The tests of one suite that failed, by name. A test is run again only after it failed, so the same name after a failure
 * is the same test: when it passes at last, all its runs are one flaky test.
 */
export class JunitReruns {
  /** The runs by name, then by the rest: most tests are told apart by their names. */
  private failed: Map<string, Map<string, Run[]>> | undefined

  private remembered = 0

  constructor(private readonly builder: TestsBuilder) {}

  get any(): boolean {
    return this.failed !== undefined
  }

  /** Whether any test of this name failed. */
  has(name: string): boolean {
    return this.failed?.has(name) === true
  }

  /** Remembers a failing run, which was counted as a test of its own. */
  remember({ name, more }: Key, run: Run): void {
    if (this.remembered++ >= maxRemembered) return
    this.failed ??= new Map()
    let named = this.failed.get(name)
    if (!named) {
      this.failed.set(Buffer.from(name).toString(), (named = new Map()))
    }
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
    this.builder.recount(suite, first.status, 'passed')
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

  /** The flaky test says why it failed before. */
  private relist(listed: Listed, before: TestCase, now: TestCase): void {
    const { message, details } = before
    const why = { ...(message === undefined ? {} : { message }), ...(details === undefined ? {} : { details }) }
    this.builder.relist(listed, { ...now, flaky: true, ...why })
  }

  private remove(suite: OpenSuite, run: Run): void {
    this.builder.recount(suite, run.status, undefined)
    if (run.listed) run.listed.test = undefined
  }
}
