import { coverageOf, CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence, FileCoverage } from '../../evidence.js'
import { statementsOf } from '../../merge-coverage.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { Ranges } from './ranges.js'

/** Go's cover profiles. Their totals are statements of blocks, as `go tool cover` counts them; lines are those of blocks. */
export const goCover: TextReader = {
  format: 'go-cover',
  recognised: 'a first line `mode: set`, `count` or `atomic`',
  proven: 'Go 1.26',
  kind: 'coverage',
  family: 'text',
  supports: (head) => /^\s*mode: (?:set|count|atomic)[ \t\r]*(?:\n|$)/.test(head),
  open: (context) => new GoCoverHandler(context),
}

const mode = /^mode: (?:set|count|atomic)$/
/** What stands behind the last colon: from, to, statements, hits. */
const block = /^(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (\d{1,9}) (\d{1,25})$/

class GoCoverHandler implements TextHandler {
  private readonly coverage: CoverageBuilder
  private readonly ranges = new Ranges()
  private readonly blocks = new Map<string, NonNullable<FileCoverage['blocks']>>()
  private modes = 0
  private early = 0
  private last: { name: string; file: FileBuilder } | undefined

  constructor(private readonly context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  line(text: string): void {
    const line = text.trim()
    if (line === '') return
    if (mode.test(line)) {
      this.modes++
      return
    }
    // What begins in another way is another text, which is said once, at the end.
    if (this.modes === 0) {
      this.early++
      return
    }
    const colon = line.lastIndexOf(':')
    const found = colon > 0 ? block.exec(line.slice(colon + 1)) : null
    if (!found || !this.add(this.fileOf(line.slice(0, colon)), found))
      this.context.problems.error('this is no line of a Go cover profile', this.context.line())
  }

  finish(): CoverageEvidence | null {
    if (this.modes === 0) {
      this.context.problems.error('is no Go cover profile: its first line is not `mode: …`')
      return null
    }
    if (this.early > 0) this.context.problems.error(`has ${this.early} lines before the first \`mode: …\``)
    this.ranges.finish()
    const files = this.coverage.finish().files.map((file) => {
      const blocks = this.blocks.get(file.path)
      return blocks ? { ...file, ...statementsOf(blocks), blocks } : file
    })
    return coverageOf(files)
  }

  /** Nearly every line is of the same file as the one before. */
  private fileOf(name: string): FileBuilder {
    if (this.last?.name !== name) this.last = { name, file: this.coverage.file(normalisePath(name)) }
    return this.last.file
  }

  private add(file: FileBuilder, found: RegExpExecArray): boolean {
    const [line, column, endLine, endColumn, statements, hits] = found.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    if (!this.ranges.add(file, { line, column, endLine, endColumn, hits })) return false
    let blocks = this.blocks.get(file.path)
    if (!blocks) this.blocks.set(file.path, (blocks = {}))
    const place = `${line}.${column},${endLine}.${endColumn}`
    const known = blocks[place]
    // Tests of several packages may have run one block; its code must then be the same.
    if (known && known[0] !== statements)
      this.context.problems.error(`has ${known[0]} and ${statements} statements for ${file.path}:${place}`)
    blocks[place] = [Math.max(known?.[0] ?? 0, statements), (known?.[1] ?? 0) + hits]
    return true
  }
}
