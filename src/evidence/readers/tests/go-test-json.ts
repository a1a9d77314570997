import { type Counted, isBad, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { hasLine, lineObject } from '../../json-lines.js'
import { type ReadContext, type TextHandler, type TextReader, Truncated } from '../../reader.js'
import { at, type Fields, number, text } from '../../values.js'

/** `go test -json`: an event a line, those of several packages mixed; other output may stand between. */
export const goTestJson: TextReader = {
  format: 'go-test-json',
  recognised: 'lines of JSON with `Action` and `Package`, `ImportPath` or `Test`',
  proven: 'Go 1.26',
  kind: 'tests',
  family: 'text',
  jsonLines: true,
  supports: (head) => hasLine(head, namesItself),
  open: (context) => new GoHandler(context),
}

/** What test2json says can happen. Without `-p` it names no package. */
const actions = /^(?:start|run|pause|cont|pass|bench|fail|output|skip|attr|artifacts|build-output|build-fail)$/
const isEvent = (event: Fields): boolean => actions.test(text(at(event, 'Action')) ?? '')
const namesItself = (event: Fields): boolean =>
  isEvent(event) && ['Package', 'ImportPath', 'Test'].some((key) => text(at(event, key)) !== undefined)

const ends: Readonly<Record<string, CaseStatus>> = { pass: 'passed', bench: 'passed', fail: 'failed', skip: 'skipped' }
/** What the test binary and `go test` say around what tests print. */
const marks = /^\s*(?:=== |--- (?:PASS|FAIL|SKIP|BENCH):|(?:PASS|FAIL)\s*$|FAIL\t)/
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
  /** How many of its tests failed since it began or ended. */
  bad: number
  /** Its own failure was counted. */
  told: boolean
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
    if (action.startsWith('build-')) this.build(action, event)
    else this.ofPackage(this.package(event), action, event)
  }

  private build(action: string, event: Fields): void {
    const path = text(at(event, 'ImportPath')) ?? ''
    const build = this.builds.get(path) ?? { output: '', failed: false }
    if (this.builds.size >= maxRemembered) throw new Truncated(`it holds more than ${maxRemembered} builds`)
    this.builds.set(path, build)
    if (action === 'build-fail') build.failed = true
    else if (build.output.length < maxOutput) build.output += text(at(event, 'Output')) ?? ''
  }

  private package(event: Fields): Package {
    const name = text(at(event, 'Package')) ?? ''
    let pkg = this.packages.get(name)
    if (!pkg) {
      if (this.packages.size >= maxRemembered) throw new Truncated(`it holds more than ${maxRemembered} packages`)
      pkg = {
        name,
        output: new Map(),
        running: new Set(),
        failed: new Map(),
        ended: undefined,
        bad: 0,
        told: false,
      }
      this.packages.set(name, pkg)
      this.tests.identify(name, at(event, 'Time'))
    }
    return pkg
  }

  private ofPackage(pkg: Package, action: string, event: Fields): void {
    const test = text(at(event, 'Test')) ?? ''
    if (action === 'start' || action === 'run') pkg.ended = undefined
    if (pkg.running.size > maxRemembered) throw new Truncated(`more than ${maxRemembered} tests did not end`)
    if (action === 'run' && test) pkg.running.add(test)
    if (action === 'output') return this.output(pkg, test, text(at(event, 'Output')) ?? '')
    const status = Object.hasOwn(ends, action) ? ends[action] : undefined
    if (status === undefined) return
    if (test) return this.endTest(pkg, { name: test, status, duration_s: number(at(event, 'Elapsed')) })
    this.endPackage(pkg, status, event)
  }

  /** A package that fails without any failing test has a build, a `TestMain` or an exit that failed. */
  private endPackage(pkg: Package, status: CaseStatus, event: Fields): void {
    this.endRunning(pkg)
    pkg.ended = status === 'failed' ? 'fail' : status === 'skipped' ? 'skip' : 'pass'
    const build = this.builds.get(text(at(event, 'FailedBuild')) ?? '')
    if (build) build.failed = false
    if (pkg.ended === 'fail' && pkg.bad === 0 && pkg.name !== '')
      this.tellOutside(pkg, build?.output || pkg.output.get(''))
    pkg.bad = 0
    pkg.output.clear()
  }

  private tellOutside(pkg: Package, output: string | undefined, name = pkg.name): void {
    pkg.told = true
    const test = { name: name || 'a package', suite: pkg.name }
    const said = output || 'the package failed although none of its tests did'
    this.tests.addOutside(inPackage(withFailure<Omit<TestCase, 'status'>>(test, undefined, said), pkg.name))
  }

  private output(pkg: Package, test: string, output: string): void {
    const before = pkg.output.get(test) ?? ''
    const failed = pkg.name === '' && test === '' ? /^FAIL\t(\S{1,500})/.exec(output) : null
    if (failed) {
      // Of several packages that are not told apart only the last one's end is an event.
      if (pkg.bad === 0) this.tellOutside(pkg, output, failed[1])
      pkg.bad = 0
    }
    if (marks.test(output) || before.length > maxOutput) return
    if (before !== '' || pkg.output.size < maxRemembered) pkg.output.set(test, before + output)
  }

  private endTest(pkg: Package, end: { name: string; status: CaseStatus; duration_s: number | undefined }): void {
    const { name, status, duration_s: seconds } = end
    pkg.running.delete(name)
    const output = pkg.output.get(name)
    pkg.output.delete(name)
    const before = pkg.failed.get(name)
    if (status === 'failed') pkg.bad++
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

  /** Tests that failed and passed when they were run again leave a package that failed. */
  private closePackage(pkg: Package): void {
    if (pkg.ended === undefined)
      this.context.problems.error(`the package ${pkg.name} did not end: the report is cut short`)
    this.endRunning(pkg)
    if (pkg.ended === 'fail' && pkg.failed.size === 0 && !pkg.told) this.tellOutside(pkg, undefined)
  }
}

/** Go names a file within its package. */
const inPackage = <T extends Omit<TestCase, 'status'>>(test: T, pkg: string): T =>
  test.file && !test.file.includes('/') && pkg.includes('/') ? { ...test, file: `${pkg}/${test.file}` } : test
