import { formatDuration } from '../base/duration.js'
import { stripControls, withoutOldMarks } from '../base/text.js'
import { afterReturn } from '../engine/output.js'
import { breakerText, isOfBreaker } from '../journal/breakers.js'
import type { JournalEvent, JournalLine } from '../journal/events.js'
import type { Status } from '../journal/outcome.js'
import type { Plan, PlannedInstance } from '../plan/plan.js'
import type { Clock, Terminal } from '../ports.js'
import { missText, readyText } from '../publish/words.js'

/** How much is shown while a run goes on: every line of its steps, the ends of steps only, or nothing. */
export type Loudness = 'lines' | 'steps' | 'nothing'

const marks: Record<Status, [string, string]> = {
  success: ['✓', '32'],
  judged: ['!', '33'],
  failure: ['✗', '31'],
  skipped: ['-', '90'],
  cancelled: ['-', '33'],
  'not-run-here': ['?', '33'],
}
/** The progress line is drawn at most so often, in milliseconds. */
const drawEvery = 100
/** A line that does not end is shown in pieces of this many characters. */
const longestLine = 8192

/** Shows a run while it goes on: what steps print, with their address before each line; what ended; and, to a person, a progress line. */
export class LiveView {
  readonly #open = new Map<string, string>()
  readonly #began = new Map<string, number>()
  /** Steps that are ready and go on in the background. */
  readonly #background = new Set<string>()
  #total = 0
  #done = 0
  #drawn = false
  #drawnAt = 0

  constructor(
    private readonly terminal: Terminal,
    private readonly clock: Clock,
    private readonly loudness: Loudness,
  ) {}

  start(plan: Plan): void {
    this.#total = stepsIn(plan.stages.flatMap((s) => s.instances))
  }

  /** Takes what a step prints; only whole lines are shown, a very long one in pieces. */
  readonly output = (step: string, _stream: 'stdout' | 'stderr', text: string): void => {
    if (this.loudness !== 'lines') return this.#progress()
    const lines = text.split('\n')
    lines[0] = (this.#open.get(step) ?? '') + (lines[0] ?? '')
    let rest = lines.pop() ?? ''
    if (rest.length > longestLine) {
      lines.push(rest)
      rest = ''
    }
    this.#open.set(step, rest)
    this.#print(lines.map((line) => this.#line(step, line)))
  }

  /** Takes a line of the journal. */
  readonly journal = ({ event, at }: JournalLine): void => {
    if (this.loudness === 'nothing') return
    if (event.type === 'attempt.started') this.#attempt(event, at)
    if (isOfBreaker(event) && event.type !== 'breaker.counted')
      this.#print([`  ${this.#paint('33', '⚡')} ${oneLine(breakerText(event))}`])
    if (event.type === 'stage.planned') this.#total += stepsIn(event.instances)
    if (event.type === 'step.ready') this.#ready(event)
    if (event.type === 'step.finished') this.#finished(event, at)
    if (event.type === 'fix.applied') this.#fixed(event)
    if (event.type === 'cache.miss')
      this.#print([`  ${this.#paint('90', `○ ${oneLine(`${event.step}  ${missText(event.why)}`)}`)}`])
    if (event.type === 'instance.finished' && event.status === 'not-run-here')
      this.#print([`${this.#mark('not-run-here')} ${oneLine(`${event.instance}  ${event.reason ?? ''}`)}`])
    this.#progress(true)
  }

  /** Takes the progress line away. */
  end(): void {
    this.#erase()
  }

  #attempt(event: Extract<JournalEvent, { type: 'attempt.started' }>, at: number): void {
    if (event.attempt > 1) this.#print([`  ${this.#paint('33', '↻')} ${event.step}  attempt ${event.attempt}`])
    else this.#began.set(event.step, at)
  }

  #ready({ step, duration_ms }: Extract<JournalEvent, { type: 'step.ready' }>): void {
    this.#background.add(step)
    this.#print([`  ${this.#paint('36', '▸')} ${oneLine(step)}  ${readyText(duration_ms)}`])
  }

  #finished(event: Extract<JournalEvent, { type: 'step.finished' }>, at: number): void {
    const took = this.#close(event.step, at)
    this.#done += 1
    const time = took === undefined ? '' : `  ${this.#paint('90', formatDuration(took))}`
    const reason = event.reason ? `  ${oneLine(event.reason)}` : ''
    this.#print([`${this.#mark(event.status)} ${oneLine(event.step)}${time}${reason}`])
  }

  /** The command that mends is a step for those who watch, and none of the plan. */
  #fixed({ step, files }: Extract<JournalEvent, { type: 'fix.applied' }>): void {
    this.#close(`${step}-fix`, 0)
    this.#done -= 1
    this.#print([`  ${this.#paint('36', '✎')} ${step}  fixed: ${oneLine(files.join(', ')) || 'nothing changed'}`])
  }

  /** Shows what a step left of a line; answers how long it took, in milliseconds. */
  #close(step: string, at: number): number | undefined {
    const rest = this.#open.get(step)
    if (rest) this.#print([this.#line(step, rest)])
    this.#open.delete(step)
    const began = this.#began.get(step)
    this.#began.delete(step)
    this.#background.delete(step)
    return began === undefined ? undefined : at - began
  }

  #mark(status: Status): string {
    const [mark, colour] = marks[status]
    return `  ${this.#paint(colour, mark)}`
  }

  #line(step: string, line: string): string {
    return `${this.#paint('90', `[${step}]`)} ${harmless(afterReturn(line))}`
  }

  #print(lines: readonly string[]): void {
    if (!lines.length) return
    this.#erase()
    this.terminal.err(`${lines.join('\n')}\n`)
  }

  #progress(now = false): void {
    if (!this.terminal.interactive || this.loudness === 'nothing') return
    const time = this.clock.monotonic()
    if (!now && time - this.#drawnAt < drawEvery) return
    this.#drawnAt = time
    const running = [...this.#began.keys()].filter((step) => !this.#background.has(step)).join(', ')
    const text = `  ${this.#done}/${this.#total}  ${running}`.slice(0, Math.max(10, this.terminal.columns - 1))
    this.terminal.err(`\r\u001B[2K${this.#paint('36', text)}`)
    this.#drawn = true
  }

  #erase(): void {
    if (this.#drawn) this.terminal.err('\r\u001B[2K')
    this.#drawn = false
  }

  #paint(colour: string, text: string): string {
    return this.terminal.colours ? `\u001B[${colour}m${text}\u001B[0m` : text
  }
}

const stepsIn = (instances: readonly PlannedInstance[]): number =>
  instances.reduce((sum, instance) => sum + instance.steps.length + instance.finally.length, 0)

/** One line, whatever is told: a reason may hold what a step said. */
const oneLine = (text: string): string => harmless(text.replaceAll('\n', ' '))

/** `##[` is a command to a runner anywhere in a line; `::` is one only at its start, where a mark or an address stands. */
const harmless = (line: string): string => withoutOldMarks(stripControls(line))
