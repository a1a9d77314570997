import { formatDuration } from '../base/duration.js'
import { stripControls, withoutCommands } from '../base/text.js'
import { breakerText, isOfBreaker } from '../journal/breakers.js'
import type { JournalEvent, JournalLine } from '../journal/events.js'
import type { Status } from '../journal/outcome.js'
import type { Terminal } from '../ports.js'
import { escapeData } from '../publish/commands.js'
import { missText, readyText } from '../publish/words.js'

const marks: Record<Status, string> = {
  success: '\u001B[32m✓\u001B[0m',
  judged: '\u001B[33m!\u001B[0m',
  failure: '\u001B[31m✗\u001B[0m',
  skipped: '-',
  cancelled: '\u001B[33m-\u001B[0m',
  'not-run-here': '\u001B[33m?\u001B[0m',
}
/** So much of what a step prints is kept while another one is shown, in characters; its log in the run's folder is whole. */
const kept = 1_000_000

/** A line of ours: a mark, and text that may hold what others said. */
type Said = readonly [mark: string, text: string]

/** A step that runs, or that has ended and waits to be shown. */
interface Shown {
  step: string
  began: number
  /** What it printed and nobody saw yet. */
  held: string
  dropped: number
  /** Its group is open. */
  open: boolean
  end?: Said[]
}

/**
 * A run in the log of a job: each step in a group of its own, one after another even where they run at once. One step is shown live;
 * what others print waits for its turn. What failed is told again below its group, where nobody has to unfold it.
 */
export class RunnerLog {
  /** In the order in which they began. */
  readonly #steps: Shown[] = []
  /** Steps that are ready and go on in the background: what they print from there on is shown when they have ended. */
  readonly #background = new Map<string, Shown>()

  /** Commands in what steps print are the runner's business only where the code is `trusted`. */
  constructor(
    private readonly terminal: Pick<Terminal, 'out'>,
    private readonly trusted: boolean,
  ) {}

  /** Takes what a step prints. */
  readonly output = (step: string, _stream: 'stdout' | 'stderr', text: string): void => {
    const shown = this.#background.get(step) ?? this.#of(step, 0)
    shown.held += text
    if (this.#steps[0] === shown) this.#flush(shown)
    else if (shown.held.length > kept) {
      const cut = shown.held.indexOf('\n', shown.held.length - kept / 2) + 1 || shown.held.length - kept / 2
      shown.dropped += cut
      shown.held = shown.held.slice(cut)
    }
  }

  /** Takes a line of the journal. */
  readonly journal = ({ event, at }: JournalLine): void => {
    if (event.type === 'attempt.started') this.#attempt(event, at)
    if (event.type === 'cache.miss') this.output(event.step, 'stdout', `○ ${missText(event.why)}\n`)
    if (isOfBreaker(event) && event.type !== 'breaker.counted')
      this.output(event.step, 'stdout', `⚡ ${breakerText(event)}\n`)
    if (event.type === 'step.ready') this.#ready(event)
    if (event.type === 'step.finished') this.#finished(event, at)
    if (event.type === 'fix.tried') {
      const files = event.files.join(', ') || 'nothing'
      this.#end(this.#of(`${event.step}-fix`, at), [['✎', `${event.step}  its fix changes: ${files}`]])
    }
    if (event.type === 'instance.finished' && event.status === 'not-run-here')
      this.say(`${event.instance}  ${event.reason ?? ''}`, marks['not-run-here'])
  }

  /** Prints a line of ours, or several; none of them is a command, whatever names and reasons of others bring along. */
  say(text: string, mark = ''): void {
    this.terminal.out(`${mark}${mark === '' ? '' : ' '}${harmless(text)}\n`)
  }

  #attempt(event: Extract<JournalEvent, { type: 'attempt.started' }>, at: number): void {
    const shown = this.#of(event.step, at)
    if (event.attempt > 1) this.output(event.step, 'stdout', `↻ attempt ${event.attempt}\n`)
    else shown.began = at
  }

  /** What a service printed until it was ready is shown like a step that ended; nobody waits for its end to see other steps. */
  #ready({ step, duration_ms }: Extract<JournalEvent, { type: 'step.ready' }>): void {
    const shown = this.#of(step, 0)
    this.#background.set(step, { step, began: shown.began, held: '', dropped: 0, open: false })
    this.#end(shown, [['▸', `${step}  ${readyText(duration_ms)}`]])
  }

  #finished(event: Extract<JournalEvent, { type: 'step.finished' }>, at: number): void {
    const service = this.#background.get(event.step)
    if (service) this.#steps.push(service)
    this.#background.delete(event.step)
    const known = service ?? this.#steps.find(({ step }) => step === event.step)
    const shown = known ?? this.#of(event.step, at)
    const took = event.attempts > 0 ? `  ${formatDuration(Math.max(0, at - shown.began))}` : ''
    const reason = event.reason ? `  ${event.reason}` : ''
    const tail = event.conclusion === 'failure' ? event.tail.map((line): Said => ['   ', line]) : []
    this.#end(shown, [[marks[event.status], `${event.step}${took}${reason}`], ...tail])
  }

  #of(step: string, began: number): Shown {
    const known = this.#steps.find((one) => one.step === step && !one.end)
    if (known) return known
    const shown: Shown = { step, began, held: '', dropped: 0, open: false }
    this.#steps.push(shown)
    return shown
  }

  /** A step has ended: it is shown now if it is its turn, and then whatever waited behind it. */
  #end(shown: Shown, lines: Said[]): void {
    shown.end = lines
    const first = this.#steps[0]
    // What ended goes before what still runs, unless that is being shown.
    if (first !== shown && first && !first.end && !first.open && first.held === '') {
      this.#steps.splice(this.#steps.indexOf(shown), 1)
      this.#steps.unshift(shown)
    }
    while (this.#steps[0]?.end) this.#close(this.#steps[0])
    const next = this.#steps[0]
    if (next) this.#flush(next)
  }

  #close(shown: Shown): void {
    this.#flush(shown, true)
    if (shown.open) this.terminal.out('::endgroup::\n')
    for (const [mark, text] of shown.end ?? []) this.say(text, mark)
    this.#steps.shift()
  }

  /** Shows whole lines; the last one too when nothing comes after it. */
  #flush(shown: Shown, last = false): void {
    const border = last ? shown.held.length : shown.held.lastIndexOf('\n') + 1
    const text = shown.held.slice(0, border)
    shown.held = shown.held.slice(border)
    if (text === '' && shown.dropped === 0) return
    if (!shown.open) this.terminal.out(`::group::${escapeData(harmless(shown.step))}\n`)
    shown.open = true
    if (shown.dropped > 0) this.terminal.out(`… ${shown.dropped} characters are only in the log of the run's folder\n`)
    shown.dropped = 0
    const lines = text.split('\n')
    if (lines.at(-1) === '') lines.pop()
    this.terminal.out(lines.map((line) => `${this.trusted ? line : harmless(line)}\n`).join(''))
  }
}

/** The runner reads `::command::` at the start of a line, after blanks, and `##[command]` anywhere in it. */
const harmless = (line: string): string => withoutCommands(stripControls(line))
