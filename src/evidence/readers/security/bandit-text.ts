import { FindingsBuilder, placeOf, type Remark } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { withoutPassword } from './bandit.js'
import { gradeOf, linkOf } from './graded.js'

const custom = /^(\S.*?):(\d+): (B\d{3})\[bandit\]: ([A-Z]+): (.*)$/
const issue = /^>> Issue: \[(B\d{3}):[^\]]*\] ?(.*)$/
const graded = /^Severity: (\w+)\b/
const located = /^Location: (.+?):(\d+)(?::(\d+))?$/
const more = /^More Info: (\S+)$/
const skippedFiles = /^Files skipped \((\d+)\):/
const total = /^(Undefined|Low|Medium|High): (\d+)/
const skippedLines = /^Total (?:lines skipped \(#nosec\)|potential issues skipped .*): (\d+)$/

/** The text of `bandit` (`-f txt`, `screen`) and the lines of its formatter `custom`, colours aside. */
export const banditText: TextReader = {
  format: 'bandit-text',
  recognised: '`Run started:` and `Test results:`, or lines `file:1: B101[bandit]: LOW: …`',
  proven: 'Bandit 1.9',
  kind: 'findings',
  family: 'text',
  supports: (head) => {
    const lines = head.split('\n', 200).map((line) => withoutColours(line.trimEnd()))
    return (
      custom.test(lines.find((line) => line !== '') ?? '') ||
      (lines.some((line) => line.startsWith('Run started:')) && lines.some((line) => line === 'Test results:'))
    )
  },
  open: (context) => new BanditTextHandler(context),
}

const withoutColours = (line: string): string => line.replaceAll(/\u001B\[[\d;]*m/g, '')

class BanditTextHandler implements TextHandler {
  private readonly findings: FindingsBuilder
  private remark: Remark | undefined
  private last: Remark | undefined
  private whole = false
  private lines = 0
  private strange: number | undefined
  private inTotals = false
  private claimed = 0
  private none = false

  constructor(private readonly context: ReadContext) {
    this.findings = new FindingsBuilder(context, ['vulnerabilities'])
  }

  line(raw: string): void {
    const line = withoutColours(raw).trim()
    if (line === '') return
    const placed = custom.exec(line)
    if (placed) this.placed(placed)
    else if (/^(?:Run started:|Test results:|>> Issue:)/.test(line)) this.report(line)
    else if (this.whole) this.report(line)
    // A message of several lines goes on; before the first remark nothing else may stand but Bandit's own log.
    else if (this.last) this.last.message = `${this.last.message}\n${line}`.slice(0, 2000)
    else if (!/^\[[\w.]+\]\s+[A-Z]+\s/.test(line) && !line.startsWith('Working...'))
      this.strange ??= this.context.line()
  }

  finish(): FindingsEvidence | null {
    this.flush()
    if (this.last) this.findings.add({ ...this.last, message: withoutPassword(this.last.rule, this.last.message) })
    const { problems } = this.context
    if (this.strange !== undefined) problems.error('holds text that is not of bandit', this.strange)
    if (this.strange !== undefined) return null
    if (this.whole && !this.inTotals) problems.error('has no totals at its end: it is cut short')
    const found = this.findings.size
    // Issues below a level that was asked for are counted and not shown.
    if (this.claimed > 0 && found === 0 && !this.none) problems.error(`states ${this.claimed} issues and shows none`)
    if (this.whole || found > 0 || this.context.silentMeansNone) return this.findings.finish()
    problems.error('holds no remark, and that bandit ended well is not known')
    return null
  }

  private placed([, file = '', row, rule = '', severity, message = '']: RegExpExecArray): void {
    if (this.last) this.findings.add({ ...this.last, message: withoutPassword(this.last.rule, this.last.message) })
    const place = placeOf({ file: normalisePath(file), line: Number(row) })
    this.last = { rule, severity: gradeOf(severity), message, tool: 'Bandit', ...place }
  }

  /** A line of the report in sections. */
  private report(line: string): void {
    this.whole = true
    if (line === 'No issues identified.') this.none = true
    const found = issue.exec(line)
    if (found) {
      this.flush()
      const rule = found[1] ?? ''
      this.remark = { rule, severity: 'unknown', message: withoutPassword(rule, found[2] ?? ''), tool: 'Bandit' }
      return
    }
    if (this.remark) this.detail(line, this.remark)
    if (line.startsWith('Run metrics:')) this.flush()
    if (line === 'Total issues (by severity):') this.inTotals = true
    else if (line === 'Total issues (by confidence):') this.lines = 1
    const counted = this.inTotals && this.lines === 0 ? total.exec(line) : null
    if (counted) this.claimed += Number(counted[2])
    if (!this.remark) this.footer(line)
  }

  private detail(line: string, remark: Remark): void {
    const severity = graded.exec(line)
    if (severity) remark.severity = gradeOf(severity[1])
    const link = more.exec(line)
    if (link) Object.assign(remark, linkOf(link[1]))
    const place = located.exec(line)
    if (!place) return
    const column = place[3] === undefined ? undefined : Number(place[3]) + 1
    Object.assign(remark, placeOf({ file: normalisePath(place[1] ?? ''), line: Number(place[2]), column }))
    this.flush()
  }

  private footer(line: string): void {
    const lines = skippedLines.exec(line)
    if (lines) this.findings.suppress(Number(lines[1]))
    const files = Number(skippedFiles.exec(line)?.[1] ?? 0)
    if (files > 0) this.context.problems.error(`says that ${files} files were not scanned`, this.context.line())
  }

  private flush(): void {
    if (this.remark) this.findings.add(this.remark)
    this.remark = undefined
  }
}
