import { type ReadContext, Truncated } from '../../reader.js'

const maxDocument = 64 * 2 ** 20

/** A row of JSON documents, one a line or each over several lines. */
export class JsonStream {
  private open: string[] = []
  private size = 0
  private depth = 0
  private quoted = false
  /** Something was wrong, and it is said. */
  faulty = false

  /** `take` gets each document; `stray` each line outside of them and tells whether the tool may write it. */
  constructor(
    private readonly context: ReadContext,
    private readonly take: (value: unknown) => void,
    private readonly stray: (text: string) => boolean = () => false,
  ) {}

  line(line: string): void {
    if (this.faulty) return
    if (this.depth === 0) {
      const plain = line.trim()
      if (plain === '') return
      if (plain[0] !== '{' && plain[0] !== '[') {
        if (!this.stray(plain)) this.fault(`holds a line that is no JSON: ${plain.slice(0, 200)}`)
        return
      }
      if (/[}\]]$/.test(plain) && this.single(plain)) return
    }
    this.size += line.length + 1
    if (this.size > maxDocument) throw new Truncated('a document in it is larger than 64 MB')
    this.open.push(line)
    this.scan(line)
    if (this.depth <= 0) this.close()
  }

  /** Says what is wrong when the text ends within a document. */
  end(): void {
    if (this.depth > 0 && !this.faulty) this.fault('is not JSON: it ends too early, it is cut short')
  }

  /** Says that what came last is not of the tool, and reads no further. */
  fault(message: string): void {
    this.faulty = true
    this.context.problems.error(message, this.context.line())
  }

  /** Most rows hold a document a line, which need not be looked through first. */
  private single(line: string): boolean {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      return false
    }
    this.take(value)
    return true
  }

  private scan(line: string): void {
    for (let i = 0; i < line.length; i++) {
      const char = line[i]
      if (this.quoted) {
        if (char === '\\') i++
        else if (char === '"') this.quoted = false
      } else if (char === '"') this.quoted = true
      else if (char === '{' || char === '[') this.depth++
      else if (char === '}' || char === ']') this.depth--
    }
    // A line break within quotes is no JSON; the next line starts outside of them, and parsing tells.
    this.quoted = false
  }

  private close(): void {
    const whole = this.open.join('\n')
    this.open = []
    this.size = 0
    this.depth = 0
    let value: unknown
    try {
      value = JSON.parse(whole)
    } catch {
      return this.fault('holds a line that is not JSON')
    }
    this.take(value)
  }
}
