import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, fields, items, text } from '../../values.js'
import { parsed, plainLine } from './lines.js'

/** `go vet -json`: a document a package, by analyser; comment lines `# package` may stand between. */
export const goVetJson: TextReader = {
  format: 'go-vet-json',
  recognised: 'a row of JSON documents of packages, analysers and lists with `posn` and `message`',
  proven: 'Go 1.26 (go vet -json)',
  kind: 'findings',
  family: 'text',
  jsonLines: true,
  supports: (head) =>
    /^(?:# .*\r?\n)*\{\r?\n\t"[^"\n]*": \{\r?\n\t\t"\w+": (?:\[\r?\n\t\t\t\{\r?\n\t{4}"(?:posn|category)"|\{\r?\n\t{3}"error")/.test(
      head,
    ),
  open: (context) => new GoVetHandler(context),
}

class GoVetHandler implements TextHandler {
  private readonly findings: FindingsBuilder
  private lines: string[] = []
  private size = 0
  private documents = 0
  private strange = false

  constructor(private readonly context: ReadContext) {
    this.findings = new FindingsBuilder(context, ['lint'])
  }

  line(raw: string): void {
    const line = plainLine(raw)
    if (this.lines.length === 0 && (line === '' || line.startsWith('# '))) return
    this.size += line.length
    // Documents are of one package each: what does not end is cut, and is not kept whole.
    if (this.size < this.context.caps.jsonBytes) this.lines.push(line)
    if (line === '}' || line === '{}' || !/^[{\s}]/.test(line)) this.document()
  }

  finish(): FindingsEvidence | null {
    if (this.lines.length > 0) this.document()
    if (this.documents === 0 && this.strange) return null
    if (this.documents === 0 && !this.context.silentMeansNone) {
      this.context.problems.error('holds no document, and that go vet ended well is not known')
      return null
    }
    return this.findings.finish()
  }

  private document(): void {
    const whole = this.lines.join('\n')
    const packages = fields(parsed(whole))
    this.lines = []
    this.size = 0
    if (!packages || !Object.values(packages).every((one) => fields(one))) {
      this.strange = true
      this.context.problems.error(
        `is no output of go vet -json, or cut short: ${whole.slice(0, 200)}`,
        this.context.line(),
      )
      return
    }
    this.documents++
    for (const analysers of Object.values(packages))
      for (const [rule, result] of Object.entries(fields(analysers) ?? {})) this.result(rule, result)
  }

  private result(rule: string, result: unknown): void {
    const list = items(result)
    if (!list) {
      const reason = text(at(result, 'error')) ?? 'no reason is given'
      this.context.problems.error(`go vet says that ${rule} failed: ${reason.slice(0, 200)}`)
    }
    for (const item of list ?? []) {
      const [file, line, column] = positionOf(text(at(item, 'posn')) ?? '')
      const [, endLine, endColumn] = positionOf(text(at(item, 'end')) ?? '')
      this.findings.add({
        rule,
        severity: 'error',
        message: text(at(item, 'message')) ?? 'no message is given',
        tool: 'go vet',
        ...placeOf({ file: file && normalisePath(file), line, column, end_line: endLine, end_column: endColumn }),
      })
    }
  }
}

function positionOf(text: string): [file?: string, line?: number, column?: number] {
  const found = /:(\d+)(?::(\d+))?$/.exec(text)
  if (!found) return text === '' ? [] : [text]
  const column = found[2] === undefined ? [] : [Number(found[2])]
  return [text.slice(0, found.index), Number(found[1]), ...column] as [string, number, number]
}
