import { TestsBuilder } from '../../build-tests.js'
import { Digest } from '../../digest.js'
import type { TestsEvidence } from '../../evidence.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { JunitCase } from './junit-case.js'
import { JunitSuite, seconds } from './junit-suite.js'

/**
 * JUnit XML: no standard but what Ant wrote first. The dialects of Surefire, Gradle, pytest, Jest, Mocha, PHPUnit,
 * Catch2, GoogleTest, Bazel and Node differ in which attributes they give and how deep suites nest.
 */
export const junit: XmlReader = {
  format: 'junit',
  recognised: 'root `<testsuites>` or `<testsuite>`',
  proven:
    'Node 20.20 and 24.21, pytest 9.2 (xunit1, xunit2, pytest-rerunfailures 16.7), unittest-xml-reporting 4.0, jest-junit 17, mocha-junit-reporter 2.2, Mocha 10.8 xunit, Vitest 4.1, Surefire 3.2 with re-runs, gotestsum 1.13 with re-runs, go-junit-report 2, Gitleaks 8.30, Ant 1.10, PHPUnit 9.6, Catch2 2.13, GoogleTest 1.12, CTest 3.25, Gradle 4.4, Bazel 4.2 (sh_test), Dependency-Check 12.1',
  kind: 'tests',
  family: 'xml',
  supports: (root) => root === 'testsuites' || root === 'testsuite',
  open: (context) => new JunitHandler(context),
}

class JunitHandler implements XmlHandler {
  private readonly builder: TestsBuilder
  private readonly test: JunitCase
  private suite: JunitSuite | undefined
  private root: JunitSuite | undefined
  private wall: number | undefined
  private depth = 0
  /** The depth of the test that is open, or 0. */
  private inTest = 0

  constructor(private readonly context: ReadContext) {
    this.builder = new TestsBuilder(context)
    this.test = new JunitCase(this.builder)
  }

  open(name: string, attributes: Attributes): boolean {
    const depth = ++this.depth
    if (this.inTest > 0) {
      if (name === 'property') this.test.property(attributes)
      return depth === this.inTest + 1 && this.test.child(name, attributes)
    }
    if (name === 'testcase') {
      this.inTest = depth
      this.test.begin(attributes)
      return false
    }
    if (name === 'testsuite' || name === 'testsuites') {
      this.openSuite(name, attributes)
      return false
    }
    if (name === 'property') this.suite?.property(attributes)
    return this.suite !== undefined && depth === this.suite.depth + 1 && this.suite.problemElement(name, attributes)
  }

  close(_name: string, text: string | undefined): void {
    const depth = this.depth--
    if (this.inTest > 0) {
      if (depth === this.inTest) {
        this.inTest = 0
        if (this.suite) this.test.end(this.suite)
      } else if (text !== undefined) this.test.childText(text)
      return
    }
    if (!this.suite) return
    if (depth === this.suite.depth) this.closeSuite(this.suite)
    else if (text !== undefined) this.suite.problemText(text)
  }

  finish(): TestsEvidence {
    // A cut report leaves suites open; what they hold so far is counted.
    while (this.suite) this.closeSuite(this.suite)
    return this.builder.finish(this.root?.duration ?? 0, this.wall)
  }

  private openSuite(name: string, attributes: Attributes): void {
    const collects = name === 'testsuites'
    if (!collects) this.builder.suites++
    this.suite = new JunitSuite(this.builder, attributes, {
      collects,
      depth: this.depth,
      parent: this.suite,
      digest: new Digest(),
    })
    this.root ??= this.suite
    if (collects && this.root === this.suite) this.wall = seconds(attributes['time'])
  }

  private closeSuite(suite: JunitSuite): void {
    suite.close(this.context.problems)
    this.suite = suite.parent
  }
}
