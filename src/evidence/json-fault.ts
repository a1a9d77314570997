/** Where text stops being JSON: a line from 1, and whether it only stops too early. */
export interface JsonFault {
  line: number
  cut: boolean
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /true|false|null/y
type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end'

/** Finds the first fault of text that `JSON.parse` refused; its own messages tell the place only sometimes. */
export function jsonFault(text: string): JsonFault {
  const at = new Scanner(text).fault()
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++
  return { line, cut: at >= text.trimEnd().length }
}

class Scanner {
  private at = 0
  private readonly open: ('{' | '[')[] = []
  private wanted: Wanted = 'value'

  constructor(private readonly text: string) {}

  fault(): number {
    for (;;) {
      while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++
      if (this.at >= this.text.length || !this.step(this.text[this.at] as string)) return this.at
      if (this.wanted === ', or end' && this.open.length === 0 && this.onlyBlanksLeft()) return this.at
    }
  }

  /** Takes one token; false where it cannot stand. */
  private step(char: string): boolean {
    const { wanted } = this
    if (char === '}' || char === ']') return this.close(char)
    if (wanted === ':') return char === ':' && this.advance('value')
    if (wanted === ', or end')
      return char === ',' && this.open.length > 0 && this.advance(this.open.at(-1) === '{' ? 'key' : 'value')
    if (char === '"') return this.string(wanted.startsWith('key') ? ':' : ', or end')
    if (wanted.startsWith('key')) return false
    if (char === '{' || char === '[') {
      this.open.push(char)
      return this.advance(char === '{' ? 'key or }' : 'value or ]')
    }
    return this.scalar(number) || this.scalar(word)
  }

  private close(char: '}' | ']'): boolean {
    const fits = char === '}' ? ['key or }', ', or end'] : ['value or ]', ', or end']
    if (!fits.includes(this.wanted) || this.open.at(-1) !== (char === '}' ? '{' : '[')) return false
    this.open.pop()
    return this.advance(', or end')
  }

  private string(next: Wanted): boolean {
    let end = this.at + 1
    for (; end < this.text.length; end++) {
      const code = this.text.charCodeAt(end)
      if (code === 0x22) break
      if (code < 0x20) {
        this.at = end
        return false
      }
      if (code === 0x5c) end++
    }
    const whole = end < this.text.length
    this.at = whole ? end + 1 : this.text.length
    this.wanted = next
    return whole
  }

  private scalar(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (!found || found[0] === '') return false
    this.at += found[0].length
    this.wanted = ', or end'
    return true
  }

  private advance(wanted: Wanted): boolean {
    this.at++
    this.wanted = wanted
    return true
  }

  private onlyBlanksLeft(): boolean {
    return !/\S/.test(this.text.slice(this.at, this.at + 1000))
  }
}
