import { sha256 } from '../base/hash.js'
import type { Appender, Clock } from '../ports.js'
import { cleanEvent, hidesSomething } from './clean.js'
import type { JournalEvent, JournalLine } from './events.js'

/** The first line's predecessor. */
export const origin = '0'.repeat(64)

/** The hash by which the next line refers to this one. */
export const hashLine = sha256

const nothing: { text: string; lines: readonly JournalLine[] } = { text: '', lines: [] }

export type Listener = (line: JournalLine) => void

/**
 * One machine's record of a run. `append` has written the line when it returns, so that an effect may rely on it; listeners are told
 * afterwards. `clean` takes secrets out of the text before it is written.
 */
export class Journal {
  #seq = 0
  #previous = origin
  #held = nothing
  readonly #lines: JournalLine[] = []
  readonly #listeners: Listener[] = []

  constructor(
    private readonly file: Appender,
    private readonly clock: Clock,
    private readonly clean: (text: string) => string = (text) => text,
  ) {}

  /** `at`: when it happened, where that was on another machine. */
  append(event: JournalEvent, at = this.clock.now()): void {
    const { line, text } = this.#lineOf(event, at)
    this.file.write(this.#held.text + text)
    this.#follow(text)
    this.#tell([...this.#held.lines, line])
  }

  /** The same for what nothing relies on before the event that comes next: it is written together with that. */
  hold(event: JournalEvent): void {
    const { line, text } = this.#lineOf(event, this.clock.now())
    this.#held = { text: this.#held.text + text, lines: [...this.#held.lines, line] }
    this.#follow(text)
  }

  #lineOf(event: JournalEvent, at: number): { line: JournalLine; text: string } {
    let line: JournalLine = { version: 1, seq: this.#seq, at, previous: this.#previous, event }
    let told = JSON.stringify(event)
    // What stands around an event holds no text of anybody's.
    if (hidesSomething(told, this.clean)) {
      line = { ...line, event: cleanEvent(event, this.clean), cleaned: true }
      told = `${JSON.stringify(line.event)},"cleaned":true`
    }
    const head = `{"version":1,"seq":${line.seq},"at":${line.at},"previous":"${line.previous}","event":`
    return { line, text: `${head}${told}}\n` }
  }

  #follow(text: string): void {
    this.#seq += 1
    this.#previous = hashLine(text.slice(0, -1))
  }

  #tell(lines: readonly JournalLine[]): void {
    this.#held = nothing
    for (const line of lines) {
      this.#lines.push(line)
      for (const listener of this.#listeners) listener(line)
    }
  }

  subscribe(listener: Listener): void {
    this.#listeners.push(listener)
  }

  /** What has been written so far. */
  get lines(): readonly JournalLine[] {
    return this.#lines
  }

  close(): void {
    if (this.#held.text) {
      this.file.write(this.#held.text)
      this.#tell(this.#held.lines)
    }
    this.file.close()
  }
}

/** Lines that a journal's text holds, and why reading stopped before its end: a torn last line is how a killed machine ends. */
export function readJournal(text: string): { lines: JournalLine[]; broken?: string } {
  const lines: JournalLine[] = []
  let previous = origin
  const texts = text.split('\n')
  const torn = texts.pop() !== ''
  for (const [i, raw] of texts.entries()) {
    const line = parseLine(raw)
    if (!line) return { lines, broken: `line ${i + 1} is not a line of a journal` }
    if (line.seq !== i || line.previous !== previous)
      return { lines, broken: `line ${i + 1} does not follow the one before it` }
    previous = hashLine(raw)
    lines.push(line)
  }
  return torn ? { lines, broken: 'the last line is cut off' } : { lines }
}

function parseLine(raw: string): JournalLine | undefined {
  try {
    const line = JSON.parse(raw) as JournalLine
    return line.version === 1 && typeof line.seq === 'number' && typeof line.event?.type === 'string' ? line : undefined
  } catch {
    return undefined
  }
}
