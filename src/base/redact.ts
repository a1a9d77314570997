import { anyToken, longestToken, mayHoldToken } from './tokens.js'

const shortestSecret = 6
/** What stands in the place of a secret. */
export const mask = '***'

/**
 * Takes secrets out of text on its way to any sink. Fed as secrets appear; exact values are masked longest first, then known shapes of
 * tokens, whoever put them there. Of a line that has no end yet so much as the longest of them is held back.
 */
export class Redactor {
  readonly #values = new Set<string>()
  #ordered: string[] = []

  /** `told` hears of every value that is to be hidden from now on. */
  constructor(private readonly told: (value: string) => void = () => undefined) {}

  /** Values under six characters are not masked: they would blot out ordinary text; the answer says whether it is. */
  add(value: string): boolean {
    if (value.trim().length < shortestSecret) return false
    if (this.#values.has(value)) return true
    const lines = value.split('\n').map((line) => line.trim())
    for (const part of [value, value.trim(), ...lines.filter((line) => line.length >= shortestSecret)]) {
      this.#values.add(part)
      this.#values.add(JSON.stringify(part).slice(1, -1))
    }
    this.#values.add(encodeURIComponent(value))
    this.#values.add(Buffer.from(value).toString('base64'))
    this.#ordered = [...this.#values].sort((a, b) => b.length - a.length)
    this.told(value)
    return true
  }

  text(text: string): string {
    let clean = text
    for (const value of this.#ordered) if (clean.includes(value)) clean = clean.replaceAll(value, mask)
    return mayHoldToken(clean) ? clean.replace(anyToken, mask) : clean
  }

  /** For text that comes in chunks: a secret that is cut by a border is still found. Complete lines are passed on at once. */
  stream(): { push(text: string): string; end(): string } {
    let held = ''
    return {
      push: (text) => {
        const all = held + text
        const border = this.#border(all)
        held = all.slice(border)
        return border ? this.text(all.slice(0, border)) : ''
      },
      end: () => {
        const rest = this.text(held)
        held = ''
        return rest
      },
    }
  }

  /** Up to where the text can be passed on without cutting a secret in two. */
  #border(text: string): number {
    const multiline = this.#ordered.some((value) => value.includes('\n'))
    const newline = text.lastIndexOf('\n') + 1
    if (!multiline && newline) return newline
    const reach = Math.max(longestToken, this.#ordered[0]?.length ?? 0)
    if (text.length <= 4 * reach) return 0
    let border = text.length - reach
    const keepWhole = (start: number, length: number): void => {
      if (start < border && start + length > border) border = start
    }
    for (const match of text.matchAll(anyToken)) keepWhole(match.index, match[0].length)
    for (const value of this.#ordered)
      for (
        let at = text.indexOf(value, border - value.length);
        at !== -1 && at < border;
        at = text.indexOf(value, at + 1)
      )
        keepWhole(at, value.length)
    return border
  }
}
