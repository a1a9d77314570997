import { type Listed, type OpenSuite, TestsBuilder } from '../../build-tests.js'
import { Digest } from '../../digest.js'
import type { CaseStatus, TestCase, TestsEvidence } from '../../evidence.js'
import { markedWith, markerSet, markersInTitle } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { briefly, cutMiddle } from '../../shorten.js'
import { placeInTrace } from '../../trace.js'
import { readDetails, readPlan, readPoint, type TapDetails, type TapPoint } from './tap-line.js'

/** TAP 12 to 14, subtests in indented and in braced form, as Node, tap, Perl and bats write them. */
export const tap: TextReader = {
  format: 'tap',
  recognised: 'a line `TAP version N`, or a plan and test lines',
  proven: 'Node 20.20 and 24.21, tape 5.10, Vitest 4.1 (`tap`, `tap-flat`), Perl Test::More 1.30',
  kind: 'tests',
  family: 'text',
  supports: (head) =>
    /^\s*TAP version \d+\s*$/m.test(head) || (/^1\.\.\d+/m.test(head) && /^\s*(?:not )?ok\b/m.test(head)),
  open: (context) => new TapHandler(context),
}

const maxYamlLines = 400
const maxRemembered = 10_000
const maxDepth = 64

/** The tests at one depth of indentation. */
interface Level {
  name: string
  suite: OpenSuite | undefined
  plan: number | undefined
  points: number
  bad: number
  /** Those that count as bad, to be forgiven where the test around them is marked TODO. */
  failures: { suite: OpenSuite; listed: Listed | undefined; markers: readonly string[] }[]
  /** Leaves among the points. */
  tests: number
}

class TapHandler implements TextHandler {
  private readonly builder: TestsBuilder
  private readonly digest = new Digest()
  private levels: Level[] = [newLevel('')]
  /** The last point, until it is known whether YAML follows. */
  private pending: { point: TapPoint; depth: number; kids: Level | undefined } | undefined
  /** Points whose tests follow in braces, by depth. */
  private readonly braces = new Map<number, TapPoint>()
  private yaml: { indent: number; lines: string[] } | undefined
  private subtest: string | undefined
  private seen = false
  private ended: string | undefined
  private seconds = 0

  constructor(private readonly context: ReadContext) {
    this.builder = new TestsBuilder(context)
  }

  line(text: string): void {
    const content = text.trimStart()
    const indent = text.length - content.length
    if (this.yaml && this.insideYaml(content, indent)) return
    if (content === '---' && this.pending) {
      this.yaml = { indent, lines: [] }
      return
    }
    if (content === '' || this.ended !== undefined) return
    const depth = Math.min(Math.floor(indent / 4), maxDepth)
    if (/^bail out!/i.test(content)) this.bailOut(content.slice(9).trim())
    else if (/^TAP version \d+/.test(content)) this.seen = true
    else if (content.startsWith('#')) this.comment(content)
    else if (content.startsWith('}')) this.closeBrace(depth)
    else this.result(content, depth)
  }

  finish(): TestsEvidence | null {
    this.settle()
    const { problems } = this.context
    const [top] = this.levels as [Level]
    if (!this.seen) {
      problems.error('holds no line of the Test Anything Protocol')
      return null
    }
    if (this.ended !== undefined) problems.error(`the run bailed out: ${this.ended || 'no reason is given'}`)
    else if (this.levels.length > 1 || this.braces.size > 0) problems.error('ends within a subtest: it is cut short')
    else if (top.plan === undefined) problems.error('has no plan (`1..N`), so it may be cut short')
    else if (top.plan !== top.points) problems.error(`plans ${top.plan} tests and holds ${top.points}`)
    const evidence = this.builder.finish(this.seconds)
    for (const totals of evidence.suite_totals ?? []) totals.id = `${this.digest.text()} ${totals.name}`
    return evidence
  }

  private bailOut(reason: string): void {
    this.settle()
    this.seen = true
    this.ended = reason
  }

  private comment(content: string): void {
    this.settle()
    const name = /^# Subtest:?\s*(.*)$/.exec(content)?.[1]
    if (name !== undefined) this.subtest = name.replace(/\\([#\\])/g, '$1')
  }

  private result(content: string, depth: number): void {
    const point = readPoint(content)
    const plan = point ? undefined : readPlan(content)
    if (!point && !plan) return
    this.settle()
    this.seen = true
    this.deepen(depth)
    if (plan) this.takePlan(plan, depth)
    if (!point) return
    const level = this.levels[depth] as Level
    level.points++
    const kids = this.leave(depth)
    if (point.opens) {
      this.braces.set(depth, point)
      this.subtest = point.name
    } else this.pending = { point, depth, kids }
  }

  private takePlan(plan: { tests: number; reason: string }, depth: number): void {
    const level = this.levels[depth] as Level
    level.plan ??= plan.tests
    if (plan.tests === 0 && depth === 0)
      this.context.problems.warning(`runs no test${plan.reason ? `: ${plan.reason}` : ' (`1..0`)'}`)
  }

  /** Enters subtests down to a depth. */
  private deepen(depth: number): void {
    while (this.levels.length <= depth) {
      const around = this.levels.at(-1)?.name
      const name = this.subtest ?? 'subtest'
      this.levels.push(newLevel(around ? `${around} > ${name}` : name))
      this.subtest = undefined
    }
  }

  /** Leaves the subtests below a depth and answers the outermost, whose summary the next point is. */
  private leave(depth: number): Level | undefined {
    let left: Level | undefined
    // A brace of a level that is left can be closed no more.
    for (const [opened, { name }] of this.braces)
      if (opened > depth) {
        this.braces.delete(opened)
        this.context.problems.error(`the subtest "${name}" is not closed`)
      }
    while (this.levels.length > depth + 1) {
      const inner = left
      left = this.levels.pop() as Level
      if (inner) {
        left.tests += inner.tests
        left.bad += inner.bad
        left.failures.push(...inner.failures.slice(0, maxRemembered - left.failures.length))
      }
      const { plan, points, name } = left
      if (plan === undefined) this.context.problems.warning(`subtest "${name}" has no plan`)
      else if (plan !== points) this.context.problems.error(`subtest "${name}" plans ${plan} tests and holds ${points}`)
    }
    return left
  }

  private closeBrace(depth: number): void {
    const point = this.braces.get(depth)
    if (!point) return
    this.settle()
    this.braces.delete(depth)
    this.pending = { point, depth, kids: this.leave(depth) }
  }

  private insideYaml(content: string, indent: number): boolean {
    const yaml = this.yaml as { indent: number; lines: string[] }
    if (content === '...' && indent <= yaml.indent) {
      this.settle()
      return true
    }
    // A block that was never closed ends where the text is indented less and speaks TAP again.
    if (indent < yaml.indent && (readPoint(content) || readPlan(content))) {
      this.settle()
      return false
    }
    if (yaml.lines.length < maxYamlLines) yaml.lines.push(' '.repeat(Math.max(0, indent - yaml.indent)) + content)
    return true
  }

  /** Counts the pending point, now that its YAML is known. */
  private settle(): void {
    const { pending, yaml } = this
    this.pending = undefined
    this.yaml = undefined
    if (!pending) return
    const details = yaml ? readDetails(yaml.lines) : undefined
    const { point, depth, kids } = pending
    const level = this.levels[depth] as Level
    this.subtest = undefined
    if (depth === 0) this.seconds += (details?.ms ?? point.ms ?? 0) / 1000
    if (kids && kids.tests > 0) this.summary(pending.point, level, kids)
    else if (!(details?.type === 'suite' && point.ok)) this.count(point, level, details)
  }

  /** A point above subtests only sums them up, unless it failed although they passed, or it excuses them. */
  private summary(point: TapPoint, level: Level, kids: Level): void {
    level.tests += kids.tests
    if (point.directive) {
      for (const { suite, listed, markers } of kids.failures) {
        this.builder.recount(suite, 'failed', 'skipped', markers)
        if (listed?.test) this.builder.relist(listed, { ...listed.test, status: 'skipped' })
      }
      return
    }
    level.bad += kids.bad
    level.failures.push(...kids.failures.slice(0, maxRemembered - level.failures.length))
    if (!point.ok && kids.bad === 0) this.count(point, level, undefined)
  }

  private count(point: TapPoint, level: Level, details: TapDetails | undefined): void {
    const status: CaseStatus = point.directive ? 'skipped' : point.ok ? 'passed' : 'failed'
    const suite = (level.suite ??= this.openSuite(level.name))
    level.tests++
    const markers = markerSet([...markersInTitle(level.name), ...markersInTitle(point.name)])
    this.builder.count(suite, status, markers)
    this.digest.add(`${status} ${point.name} ${details?.ms ?? point.ms ?? ''}`)
    const listed = this.builder.wants(status)
      ? this.builder.list(suite, { ...describe(point, status, level.name, details), ...markedWith(markers) })
      : undefined
    if (status !== 'failed') return
    level.bad++
    if (level.failures.length < maxRemembered) level.failures.push({ suite, listed, markers })
  }

  private openSuite(name: string): OpenSuite {
    this.builder.suites++
    return this.builder.suite(name)
  }
}

const newLevel = (name: string): Level => ({
  name,
  suite: undefined,
  plan: undefined,
  points: 0,
  bad: 0,
  failures: [],
  tests: 0,
})

function describe(point: TapPoint, status: CaseStatus, suite: string, details: TapDetails | undefined): TestCase {
  const test: TestCase = { name: point.name || point.reason || 'a test without name', status }
  if (suite) test.suite = suite
  const ms = details?.ms ?? point.ms
  if (ms !== undefined) test.duration_s = ms / 1000
  if (status === 'skipped' && point.reason) test.message = point.reason
  if (status !== 'failed' || !details) return test
  if (details.message) Object.assign(test, briefly(details.message, details.text))
  else test.details = cutMiddle(details.text)
  const trace = placeInTrace(details.text)
  if (details.file) test.file = normalisePath(details.file)
  if (details.line !== undefined) test.line = details.line
  if (trace && (test.file === undefined || test.file === trace.file)) Object.assign(test, trace)
  return test
}
