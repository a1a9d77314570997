import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'

/** The annotated source that gcov writes (`*.gcov`), one or several one after the other. */
export const gcov: TextReader = {
  format: 'gcov',
  recognised: 'a first line `-: 0:Source:…`',
  proven: 'gcov 12.2',
  kind: 'coverage',
  family: 'text',
  supports: (head) => /^\s*-:\s{0,20}0:Source:/.test(head),
  open: (context) => new GcovHandler(context),
}

/** How often: not at all, or a number, made short by `-H`, with a mark where a block of the line never ran. */
const line = /^ {0,40}(-|#####|=====|\d{1,20}(?:\.\d{1,9})?[kMGTPEZY]?)(\*?): {0,20}(\d{1,10})(?::|-block)/
const branch = /^branch {1,10}(\d{1,9}) (?:taken (\d{1,20})|never executed)/
const called = /^function (.{1,4000}) called (\d{1,20}) returned /
/** What else stands between the lines. */
const others =
  /^(?:call|unconditional|branch|condition|function|paths?) {1,10}|^(?:\s*(?:%%%%%|\$\$\$\$\$|\d+\*?): {0,20}\d+-block)/

class GcovHandler implements TextHandler {
  private readonly coverage: CoverageBuilder
  private file: FileBuilder | undefined
  /** Within the instances of a template, whose lines were counted together before. */
  private instance = ''
  private separated = false
  private at = 0
  private early = 0
  private pending: { name: string; ran: boolean } | undefined

  constructor(private readonly context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  line(text: string): void {
    const found = line.exec(text)
    if (this.separated) {
      this.separated = false
      const begins = !found && text.endsWith(':') && !others.test(text)
      this.instance = begins ? text : ''
      if (begins) return
    }
    if (found) this.source(found, text)
    else if (/^-{18}$/.test(text)) this.separated = true
    else if (text !== '') this.other(text)
  }

  finish(): CoverageEvidence | null {
    if (!this.file) {
      this.context.problems.error('names no source: it is no output of gcov')
      return null
    }
    if (this.early > 0) this.context.problems.error(`has ${this.early} lines before the first \`0:Source:\``)
    return this.coverage.finish()
  }

  private source([all, count = '', , number = '']: RegExpExecArray, text: string): void {
    const at = Number(number)
    if (at === 0) {
      const rest = text.slice(all.length)
      if (rest.startsWith('Source:')) this.begin(rest.slice('Source:'.length))
      return
    }
    const { file, pending } = this
    if (!file) this.early++
    if (!file || all.endsWith('-block')) return
    this.at = at
    if (pending) file.function(`${this.instance} ${pending.name}`, at, pending.ran)
    this.pending = undefined
    if (count !== '-' && this.instance === '') file.hit(at, hitsOf(count))
  }

  private begin(name: string): void {
    this.file = this.coverage.file(normalisePath(name))
    this.instance = ''
    this.pending = undefined
  }

  /** A function's name stands before its first line, the branches of a line after it. */
  private other(text: string): void {
    // What begins in another way is another text, which is said once, at the end.
    if (!this.file) {
      this.early++
      return
    }
    const function_ = called.exec(text)
    if (function_) {
      this.pending = { name: function_[1] as string, ran: Number(function_[2]) > 0 }
      return
    }
    const found = branch.exec(text)
    if (found) this.file?.branchNamed(this.at, `${this.instance} ${found[1]}`, Number(found[2] ?? 0) > 0)
    else if (!others.test(text)) this.context.problems.error('this is no line of gcov', this.context.line())
  }
}

function hitsOf(count: string): number {
  const power = ' kMGTPEZY'.indexOf(count.at(-1) as string)
  return power > 0 ? Number(count.slice(0, -1)) * 1000 ** power : Number(count) || 0
}
