import { FindingsBuilder, placeOf, type Remark } from '../../build-findings.js'
import type { FindingsEvidence, Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'

const plain = /^(\S.*?)\((\d+),(\d+)\): (error|warning|message) (TS\d+): (.*)$/
const pretty = /^(\S.*?):(\d+):(\d+) - (error|warning|message) (TS\d+): (.*)$/
const global = /^(error|warning) (TS\d+): (.*)$/
const summary = /^Found (\d+) errors?\b/
/** What npm, Yarn, pnpm and `tsc --build` print around the compiler's own lines. */
const banner =
  /^(?:> |\$ |yarn run |Done in |info Visit |error Command failed|npm (?:ERR!|error) |npm warn |\s*ELIFECYCLE|\[?\d{1,2}:\d{2}:\d{2}(?: [AP]M)?\]? |Found \d+ errors?|Errors {2}Files$|\s+\d+ {2}\S)/

/** The text of `tsc`, pretty or not, colours aside; vue-tsc and ts-loader write the same lines. */
export const tsc: TextReader = {
  format: 'tsc',
  recognised: 'a line `file(1,2): error TS…` or its pretty form',
  proven: 'TypeScript 5.9 and 7.0',
  kind: 'findings',
  family: 'text',
  supports: (head) => head.split('\n', 200).some((line) => parseRemark(withoutColours(line.trimEnd())) !== undefined),
  open: (context) => new TscHandler(context),
}

const severities: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', message: 'note' }

function parseRemark(line: string): Remark | undefined {
  const placed = plain.exec(line) ?? pretty.exec(line)
  if (placed) {
    const [, file = '', row, column, level = '', rule = '', message = ''] = placed
    const place = placeOf({ file: normalisePath(file), line: Number(row), column: Number(column) })
    return { rule, severity: severities[level] ?? 'error', message, tool: 'tsc', ...place }
  }
  const whole = global.exec(line)
  if (!whole) return undefined
  return { rule: whole[2] ?? '', severity: severities[whole[1] ?? ''] ?? 'error', message: whole[3] ?? '', tool: 'tsc' }
}

const withoutColours = (line: string): string => line.replaceAll(/\u001B\[[\d;]*m/g, '')

class TscHandler implements TextHandler {
  private readonly findings: FindingsBuilder
  private remark: Remark | undefined
  private errors = 0
  private claimed = 0
  private strange: { text: string; line: number } | undefined

  constructor(private readonly context: ReadContext) {
    this.findings = new FindingsBuilder(context, ['types'])
  }

  line(text: string): void {
    const line = withoutColours(text.trimEnd())
    const remark = parseRemark(line)
    if (remark) {
      this.flush()
      this.remark = remark
      return
    }
    const found = summary.exec(line)
    if (found) this.claimed += Number(found[1])
    // The rest of a message is indented; in pretty output a blank line ends it and the source follows.
    if (/^ {2,}\S/.test(line) && this.remark && this.remark.message.length < 2000)
      this.remark.message += `\n${line.trimEnd()}`
    else {
      this.flush()
      if (line !== '' && this.findings.size === 0 && !banner.test(line))
        this.strange ??= { text: line, line: this.context.line() }
    }
  }

  finish(): FindingsEvidence | null {
    this.flush()
    const { problems } = this.context
    if (this.findings.size === 0) {
      const { strange } = this
      if (strange) problems.error(`is no output of tsc: ${strange.text.slice(0, 200)}`, strange.line)
      else if (this.claimed > 0) problems.error(`states ${this.claimed} errors and shows none`)
      else if (!this.context.silentMeansNone) problems.error('holds no remark, and that tsc ended well is not known')
      if (strange || this.claimed > 0 || !this.context.silentMeansNone) return null
    }
    if (this.claimed > this.errors) problems.error(`states ${this.claimed} errors and shows ${this.errors}`)
    return this.findings.finish()
  }

  private flush(): void {
    if (!this.remark) return
    if (this.remark.severity === 'error') this.errors++
    this.findings.add(this.remark)
    this.remark = undefined
  }
}
