import { type Counted, isBad, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { hasLine, lineObject } from '../../json-lines.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, type Fields, number, text } from '../../values.js'

/** `go test -json`: an event a line, those of several packages mixed; other output may stand between. */
export const goTestJson: TextReader = {
  format: 'go-test-json',
  recognised: 'lines of JSON with `Action` and `Package` or `ImportPath`',
  proven: 'Go 1.26',
  kind: 'tests',
  family: 'text',
  jsonLines: true,
  supports: (head) => hasLine(head, isEvent),
  open: (context) => new GoHandler(context),
}

const isEvent = (event: Fields): boolean =>
  text(at(event, 'Action')) !== undefined && (text(at(event, 'Package')) ?? text(at(event, 'ImportPath'))) !== undefined

const ends: Readonly<Record<string, CaseStatus>> = { pass: 'passed', bench: 'passed', fail: 'failed', skip: 'skipped' }
const maxOutput = 8000
const maxRemembered = 100_000

/** A package while its events come. */
interface Package {
  name: string
  /** What running tests, and the package itself (under ''), have written. */
  output: Map<string, string>
  /** Tests that began and did not end. */
  running: Set<string>
  /** Tests that failed, which may be run again. */
  failed: Map<string, Counted>
  /** How the last run of the package ended. */
  ended: 'pass' | 'fail' | 'skip' | undefined
  failedBuild: string | undefined
}

class GoHandler implements TextHandler {
  private readonly tests: SuitesBuilder
  private readonly packages = new Map<string, Package>()
  /** What failing builds have written, by what was built. */
  private readonly builds = new Map<string, { output: string; failed: boolean }>()
  private strange: { text: string; line: number } | undefined
  private seen = false

  constructor(private readonly context: ReadContext) {
    this.tests = new SuitesBuilder(context)
  }

  line(line: string): void {
    const event = lineObject(line)
    if (event === null) this.context.problems.error('holds a line of broken JSON: it is cut short', this.context.line())
    else if (event && isEvent(event)) this.event(event)
    else if (/^(?:--- )?FAIL\b|^panic: /.test(line))
      this.context.problems.error(`says outside of any test: ${line.slice(0, 200)}`, this.context.line())
    else if (line.trim() !== '') this.strange ??= { text: line, line: this.context.line() }
  }

  finish(): TestsEvidence | null {
    const { problems } = this.context
    if (!this.seen) {
      problems.error('holds no event of go test')
      return null
    }
    const { strange } = this
    if (strange) problems.warning(`holds other output: ${strange.text.slice(0, 100)}`, strange.line)
    for (const pkg of this.packages.values()) this.closePackage(pkg)
    for (const [name, { output, failed }] of this.builds)
      if (failed) this.tests.addOutside(withFailure({ name, suite: name }, undefined, output))
    return this.tests.finish()
  }

  private event(event: Fields): void {
    this.seen = true
    const action = text(at(event, 'Action')) ?? ''
    const name = text(at(event, 'Package'))
    if (name === undefined) this.build(action, event)
    else this.ofPackage(this.package(name), action, event)
  }

  private build(action: string, event: Fields): void {
    const path = text(at(event, 'ImportPath')) ?? ''
    const build = this.builds.get(path) ?? { output: '', failed: false }
    if (this.builds.size < maxRemembered) this.builds.set(path, build)
    if (action === 'build-fail') build.failed = true
    else if (build.output.length < maxOutput) build.output += text(at(event, 'Output')) ?? ''
  }

  private package(name: string): Package {
    let pkg = this.packages.get(name)
    if (!pkg) {
      pkg = { name, output: new Map(), running: new Set(), failed: new Map(), ended: undefined, failedBuild: undefined }
      this.packages.set(name, pkg)
    }
    return pkg
  }

  private ofPackage(pkg: Package, action: string, event: Fields): void {
    const test = text(at(event, 'Test')) ?? ''
    if (action === 'start' || action === 'run') pkg.ended = undefined
    if (action === 'run' && test) pkg.running.add(test)
    if (action === 'output') return this.output(pkg, test, text(at(event, 'Output')) ?? '')
    const status = Object.hasOwn(ends, action) ? ends[action] : undefined
    if (status === undefined) return
    if (test) return this.endTest(pkg, { name: test, status, duration_s: number(at(event, 'Elapsed')) })
    this.endRunning(pkg)
    pkg.ended = status === 'failed' ? 'fail' : status === 'skipped' ? 'skip' : 'pass'
    pkg.failedBuild = text(at(event, 'FailedBuild'))
    if (pkg.ended !== 'fail') pkg.output.clear()
  }

  private output(pkg: Package, test: string, output: string): void {
    const before = pkg.output.get(test) ?? ''
    if (/^\s*(?:=== |--- (?:PASS|FAIL|SKIP|BENCH):)/.test(output) || before.length > maxOutput) return
    pkg.output.set(test, before + output)
  }

  private endTest(pkg: Package, end: { name: string; status: CaseStatus; duration_s: number | undefined }): void {
    const { name, status, duration_s: seconds } = end
    pkg.running.delete(name)
    const output = pkg.output.get(name)
    pkg.output.delete(name)
    const before = pkg.failed.get(name)
    if (before) {
      // In Go a name is always one test: it was run again.
      if (status === 'failed') return
      if (status === 'passed') {
        pkg.failed.delete(name)
        return this.tests.passAgain(before)
      }
    }
    const test: TestCase = { name, classname: pkg.name, suite: pkg.name, status }
    if (seconds !== undefined && seconds >= 0) test.duration_s = seconds
    const counted = this.tests.add(
      status === 'passed' ? test : inPackage(withFailure(test, undefined, output), pkg.name),
    )
    if (isBad(status) && pkg.failed.size < maxRemembered) pkg.failed.set(name, counted)
  }

  /** A test that did not end by itself took the package with it. Benchmarks tell no end. */
  private endRunning(pkg: Package): void {
    for (const name of pkg.running)
      if (!name.startsWith('Benchmark')) {
        const output = `did not end\n${pkg.output.get(name) ?? ''}`
        pkg.output.set(name, output)
        this.endTest(pkg, { name, status: 'failed', duration_s: undefined })
      }
    pkg.running.clear()
  }

  /** A package that failed although each of its tests passed at last is one error: its build, `TestMain`, or a test run twice. */
  private closePackage(pkg: Package): void {
    const { name, failedBuild } = pkg
    if (pkg.ended === undefined && (pkg.running.size > 0 || pkg.failed.size === 0))
      this.context.problems.error(`the package ${name} did not end: the report is cut short`)
    this.endRunning(pkg)
    const build = failedBuild === undefined ? undefined : this.builds.get(failedBuild)
    if (build) build.failed = false
    if (pkg.ended !== 'fail' || pkg.failed.size > 0) return
    const output = build?.output || pkg.output.get('') || `the package ${name} failed`
    this.tests.addOutside(
      inPackage(withFailure<Omit<TestCase, 'status'>>({ name, suite: name }, undefined, output), name),
    )
  }
}

/** Go names a file within its package. */
const inPackage = <T extends Omit<TestCase, 'status'>>(test: T, pkg: string): T =>
  test.file && !test.file.includes('/') && pkg.includes('/') ? { ...test, file: `${pkg}/${test.file}` } : test
