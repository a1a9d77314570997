import { createHash } from 'node:crypto'
import { FindingsBuilder, placeOf, type Remark } from '../../build-findings.js'
import type { Category, FindingsEvidence, Problem, Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import type { Format } from '../../../language/formats.js'

/** How many remarks a summary states; `of` are the severities that it counts, all where absent. */
export interface Claim {
  count: number
  of?: readonly Severity[]
}

/** A tool that writes a line a remark: what it is known by and what its lines say. */
export interface LineFormat {
  format: Format
  recognised: string
  proven: string
  /** The tool's name, for findings and messages. */
  tool: string
  category?: Category
  /** Its lines are JSON documents of their own. */
  jsonLines?: true
  /** Its remarks look like those of others: only a text that begins with its own lines is recognised. */
  strict?: true
  /** Its remarks look like those of others: one of the first lines must look like this. */
  sign?: RegExp
  /** It repeats remarks, in summaries or by target: the same one counts once. */
  repeats?: true
  /** The remark that a line is; `heading` is the last line of that kind. */
  remark(line: string, heading: string | undefined): Remark | 'suppressed' | undefined
  /** The file that the lines below are about. */
  heading?(line: string): string | undefined
  /** The rest of the message of the remark above. */
  goesOn?: RegExp
  /** What is done with a remark when its message is whole. */
  whole?(remark: Remark): Remark
  /** Other lines of the tool: excerpts, carets, hints. */
  own?: RegExp
  /** What a summary line states. */
  claim?(line: string): readonly Claim[] | undefined
  /** A line that only this tool writes when it finds nothing. */
  clean?: RegExp
  /** A line that says that the tool did not do its work. */
  failed?: RegExp
  /** A line that says that there were errors: one must be shown. */
  broken?: RegExp
  /** A line without which the text is cut short. */
  end?: RegExp
}

/** What npm, Yarn, pnpm, make and shells print around a tool's own lines. */
const banner =
  /^(?:> |\$ |yarn run |Done in |info Visit |error Command failed|npm (?:ERR!|error|warn|notice) |\s*ELIFECYCLE|exit status \d+|make(?:\[\d+\])?: (?:Entering|Leaving|Nothing) )/

/** How interpreters and shells say that a program did not run to its end. */
const crash =
  /^(?:Traceback \(most recent call last\):|panic: |fatal error: |Segmentation fault|Killed$|Aborted)|: (?:command )?not found$|core dumped/

/** Begins like a remark, `file.ext:12` or `file.ext(12`: one that is not understood must not get lost. */
const placed = /^(?:[A-Za-z]:[\\/])?[^\s:(]+\.\w+[:(]\d+[:,)]/

/** Ends what some tool wrote: of another tool than the one that is read, it says that there is more. */
const summary =
  /^(?:\S{1,3} )?\d+ problems?(?: \(|$)|^Found \d+ errors?\b|^\d+ (?:errors?|warnings?|issues?|offenses?) (?:found|detected)\b/

const headLines = 200
const maxSeen = 200_000

/** The line without colours, links and trailing blanks. */
export const plainLine = (line: string): string =>
  line.includes('\u001B')
    ? line
        .replaceAll(/\u001B\[[\d;:]*[A-Za-z]/g, '')
        .replaceAll(/\u001B\][^\u0007\u001B]{0,2000}(?:\u0007|\u001B\\)/g, '')
        .trimEnd()
    : line.trimEnd()

/** A reader of a tool that writes a line a remark. */
export const lineReader = (spec: LineFormat): TextReader => ({
  format: spec.format,
  recognised: spec.recognised,
  proven: spec.proven,
  kind: 'findings',
  family: 'text',
  ...(spec.jsonLines ? { jsonLines: true } : {}),
  supports: (head) => isOf(spec, head),
  open: (context) => new LineHandler(spec, context),
})

function isOf(spec: LineFormat, head: string): boolean {
  let heading: string | undefined
  const all = head.split('\n', headLines).map(plainLine)
  // Of a text that begins as JSON only JSON counts: what stands in its strings is another's.
  const lines = head.trimStart().startsWith('{') ? all.filter((line) => line.startsWith('{')) : all
  const { sign } = spec
  if (sign && !lines.some((line) => sign.test(line))) return false
  for (const line of lines) {
    if (spec.remark(line, heading) || spec.clean?.test(line)) return true
    heading = spec.heading?.(line) ?? heading
    if (spec.strict && isStrange(spec, line)) return false
  }
  return false
}

const isStrange = (spec: LineFormat, line: string): boolean =>
  line !== '' &&
  !banner.test(line) &&
  spec.heading?.(line) === undefined &&
  spec.claim?.(line) === undefined &&
  ![spec.goesOn, spec.own, spec.failed, spec.broken, spec.end].some((pattern) => pattern?.test(line))

class LineHandler implements TextHandler {
  private readonly findings: FindingsBuilder
  private current: Remark | undefined
  private heading: string | undefined
  private clean = false
  private broken: number | undefined
  private ended = false
  private failed = false
  private readonly seen = new Set<string>()
  private readonly shown: Partial<Record<Severity, number>> = {}
  private readonly claims = new Map<string, Claim>()
  private strange: Problem | undefined
  private unusedHeading: Problem | undefined

  constructor(
    private readonly spec: LineFormat,
    private readonly context: ReadContext,
  ) {
    this.findings = new FindingsBuilder(context, [spec.category ?? 'lint'])
  }

  line(raw: string): void {
    const { spec } = this
    const line = plainLine(raw)
    if (line === '') return
    if (spec.end?.test(line)) this.ended = true
    const remark = spec.remark(line, this.heading)
    if (remark) this.unusedHeading = undefined
    if (remark === 'suppressed') {
      this.findings.suppress(1)
      this.clean = true
    } else if (remark) {
      this.flush()
      if (!this.repeated(remark)) this.current = remark
    }
    if (remark) return
    if (this.current && spec.goesOn?.test(line)) {
      if (this.current.message.length < 2000) this.current.message += `\n${line.trim()}`
      return
    }
    const heading = spec.heading?.(line)
    if (heading === undefined) this.other(line)
    else {
      this.unused()
      this.heading = heading
      this.unusedHeading = { level: 'error', message: line, line: this.context.line() }
    }
  }

  /** What looks like a heading and has nothing below it is something else. */
  private unused(): void {
    this.strange ??= this.unusedHeading
    this.unusedHeading = undefined
  }

  private other(line: string): void {
    const { spec } = this
    for (const claim of spec.claim?.(line) ?? []) this.add(claim)
    if (spec.jsonLines && line.startsWith('{') && parsed(line) === undefined)
      this.context.problems.error(`is not JSON, or cut short: ${line.slice(0, 100)}`, this.context.line())
    if (spec.clean?.test(line)) this.clean = true
    else if (spec.broken?.test(line)) this.broken ??= this.context.line()
    else if (crash.test(line) || spec.failed?.test(line)) {
      this.failed = true
      this.context.problems.error(`${spec.tool} says that it failed: ${line.trim().slice(0, 200)}`, this.context.line())
    } else if (isStrange(spec, line)) {
      this.strange ??= { level: 'error', message: line, line: this.context.line() }
      if (this.findings.size + (this.current ? 1 : 0) > 0 && (placed.test(line) || summary.test(line)))
        this.context.problems.error(`is no line of ${spec.tool}: ${line.slice(0, 200)}`, this.context.line())
    }
  }

  finish(): FindingsEvidence | null {
    this.flush()
    this.unused()
    const { problems, silentMeansNone } = this.context
    const claimed = this.compare()
    const { tool, end } = this.spec
    const bad = (this.shown.error ?? 0) + (this.shown.critical ?? 0) + (this.shown.high ?? 0)
    if (this.broken !== undefined && bad === 0)
      problems.error(`${tool} says that there were errors, and none is shown`, this.broken)
    const { strange } = this
    const foreign = strange !== undefined && this.findings.size === 0
    if (end && !this.ended && !foreign) problems.error(`has no end: what ${tool} wrote is cut short`)
    if (this.findings.size > 0) return this.findings.finish()
    if (foreign) problems.error(`is no output of ${tool}: ${strange.message.slice(0, 200)}`, strange.line)
    else if (!this.failed && !this.clean && !claimed && !silentMeansNone)
      problems.error(`holds no remark, and that ${tool} ended well is not known`)
    else if (!this.failed) return this.findings.finish()
    return null
  }

  /** Holds what summaries state against what is shown; answers whether there was a summary. */
  private compare(): boolean {
    for (const { count, of } of this.claims.values()) {
      const shown = of ? of.reduce((sum, severity) => sum + (this.shown[severity] ?? 0), 0) : this.findings.size
      if (count > shown) this.context.problems.error(`states ${count} remarks and shows ${shown}`)
      else if (count < shown) this.context.problems.warning(`states ${count} remarks and shows ${shown}`)
    }
    return this.claims.size > 0
  }

  /** Several runs of the tool may stand in one text: what they state adds up. */
  private add({ count, of }: Claim): void {
    const key = of?.join(' ') ?? ''
    this.claims.set(key, { count: count + (this.claims.get(key)?.count ?? 0), ...(of ? { of } : {}) })
  }

  private repeated(remark: Remark): boolean {
    if (!this.spec.repeats) return false
    const key = createHash('sha256').update(JSON.stringify(remark)).digest('base64')
    if (this.seen.has(key)) return true
    if (this.seen.size < maxSeen) this.seen.add(key)
    return false
  }

  private flush(): void {
    if (!this.current) return
    const remark = this.spec.whole?.(this.current) ?? this.current
    this.current = undefined
    this.shown[remark.severity] = (this.shown[remark.severity] ?? 0) + 1
    this.findings.add(remark)
  }
}

/** The JSON document that a line is; undefined when it is none. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** A place as a pattern found it. */
export interface Where {
  file: string | undefined
  line?: string | undefined
  column?: string | undefined
  end_line?: string | undefined
  end_column?: string | undefined
}

interface Parts extends Where {
  tool: string | undefined
  rule: string | undefined
  severity: Severity
  message: string | undefined
}

/** A remark of parts that a pattern found: what is no number is left out. */
export function remarkOf(parts: Parts): Remark {
  const whole = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value))
  return {
    rule: parts.rule || (parts.tool ?? 'lint').toLowerCase().replaceAll(' ', '-'),
    severity: parts.severity,
    message: parts.message?.trim() || 'no message is given',
    ...(parts.tool === undefined ? {} : { tool: parts.tool }),
    ...placeOf({
      file: parts.file && normalisePath(parts.file),
      line: whole(parts.line),
      column: whole(parts.column),
      end_line: whole(parts.end_line),
      end_column: whole(parts.end_column),
    }),
  }
}

/** A path up to its first colon, a drive's aside; for the patterns of formats that write `path:line`. */
export const pathPart = String.raw`((?:[A-Za-z]:[\\/])?[^\s:][^:]*)`

/** The severity that a tool's word stands for; a word that is not known counts among the worst. */
export const gradeOf = (words: Readonly<Record<string, Severity>>, word: string | undefined): Severity => {
  const key = (word ?? '').toLowerCase()
  return Object.hasOwn(words, key) ? (words[key] as Severity) : 'error'
}
