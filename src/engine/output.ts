import { TextDecoder } from 'node:util'
import { join } from 'node:path'
import { fileSafe } from '../base/address.js'
import type { Redactor } from '../base/redact.js'
import { stripControls, truncate } from '../base/text.js'
import type { Appender, Files } from '../ports.js'

/** Receives what a step prints, cleaned of secrets, while it runs. */
export type Live = (step: string, stream: 'stdout' | 'stderr', text: string) => void

type Stream = 'stdout' | 'stderr'
const tailLines = 20
const tailBytes = 8 * 1024
/** Steps print line by line; so many characters are gathered before they are looked at together. */
const most = 4 * tailBytes

/** Of the lines that look like an error the first ones say what began it, and the last ones often only what followed. */
const maxErrors = 5
const errorWidth = 500

const maskMark = '::add-mask::'
const longestMask = 64 * 1024

/** The text of a command as the runner reads it. */
const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')

/** What one attempt prints: to its log, to those who watch, to the report that its stdout is, and its first errors and last lines in memory. */
export class AttemptOutput {
  #log: Appender | undefined
  #capture: Appender | undefined
  #tail = ''
  /** What was not yet looked through for errors, and the beginning of the line before it. */
  #seen = ''
  #rest = ''
  readonly #errors: string[] = []
  #ended = false
  readonly #line: Partial<Record<Stream, string>> = {}
  readonly #streams: Partial<Record<Stream, { decoder: TextDecoder; clean: ReturnType<Redactor['stream']> }>> = {}

  constructor(
    private readonly options: {
      step: string
      files: Files
      redactor: Redactor
      live: Live
      /** The folder of the run, absolute, and where the log goes in it. */
      folder: string
      log: () => string
      /** Where stdout goes when it is a report, absolute; it is then not shown. */
      capturePath?: string
      /** Hears of everything as it comes, secrets and all. */
      watch?: (stream: Stream, text: string) => void
    },
  ) {}

  /** Takes what the step prints. What still comes after the end (of a plug-in that was left behind) belongs to nobody. */
  print(stream: Stream, chunk: Uint8Array | string): void {
    if (this.#ended) return
    const { decoder, clean } = (this.#streams[stream] ??= {
      decoder: new TextDecoder(),
      clean: this.options.redactor.stream(),
    })
    if (stream === 'stdout' && this.options.capturePath !== undefined) {
      this.#capture ??= this.options.files.append(this.options.capturePath)
      this.#capture.write(chunk)
    }
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    this.#hide(stream, text)
    this.options.watch?.(stream, text)
    this.#pass(stream, clean.push(text))
  }

  /** As on GitHub, a line `::add-mask::VALUE` makes a secret of a value from there on. */
  #hide(stream: Stream, text: string): void {
    const all = (this.#line[stream] ?? '') + text
    const border = all.lastIndexOf('\n') + 1
    const rest = all.slice(border)
    // Only what may still become the command is kept.
    const start = rest.trimStart()
    this.#line[stream] = start.startsWith(maskMark) || maskMark.startsWith(start) ? rest.slice(0, longestMask) : '-'
    if (!all.includes(maskMark)) return
    for (const line of all.slice(0, border).split('\n'))
      if (line.trimStart().startsWith(maskMark))
        this.options.redactor.add(unescapeData(line.trim().slice(maskMark.length)))
  }

  /** Passes on what was held back; the answer is the log, from the folder of the run, if there is one, its first errors and last lines. */
  end(): { log?: string; errors: string[]; tail: string[] } {
    for (const stream of ['stdout', 'stderr'] as const) {
      const open = this.#streams[stream]
      if (open) this.#pass(stream, open.clean.push(open.decoder.decode()) + open.clean.end())
    }
    this.#ended = true
    this.#capture?.close()
    if (!this.#log) return { errors: [], tail: [] }
    this.#log.close()
    this.#seen += '\n'
    this.#note()
    // One more, since the last may be the empty one after a line break.
    const last = this.#tail
      .slice(-tailBytes)
      .split('\n')
      .slice(-tailLines - 1)
    const lines = last.map((line) => stripControls(afterReturn(line)))
    if (lines.at(-1) === '') lines.pop()
    return { log: this.options.log(), errors: this.#errors, tail: lines.slice(-tailLines) }
  }

  #pass(stream: Stream, text: string): void {
    if (text === '') return
    this.#log ??= this.options.files.append(join(this.options.folder, this.options.log()))
    this.#log.write(text)
    this.#tail += text.length > tailBytes ? text.slice(-tailBytes) : text
    if (this.#tail.length > most) this.#tail = this.#tail.slice(-tailBytes)
    // What is a report says nothing to people.
    if (stream === 'stdout' && this.options.capturePath !== undefined) return
    if (this.#errors.length < maxErrors) this.#seen += text
    if (this.#seen.length > most) this.#note()
    this.options.live(this.options.step, stream, text)
  }

  /** Keeps the first lines that look like an error. */
  #note(): void {
    const all = this.#rest + this.#seen
    this.#seen = ''
    const border = all.lastIndexOf('\n') + 1
    this.#rest = all.slice(border, border + longestMask)
    const whole = all.slice(0, border)
    // Most of what is printed has no such line, which is seen at once without looking at each.
    if (!errorPart.test(whole) && !hiding.test(whole)) return
    for (const line of whole.split('\n')) {
      if (!errorPart.test(line) && !hiding.test(line)) continue
      const shown = stripControls(afterReturn(line)).trimEnd()
      if (this.#errors.length < maxErrors && looksLikeError(shown)) this.#errors.push(truncate(shown, errorWidth))
    }
  }
}

/** What a terminal shows of a line in which the cursor went back to its start. */
export function afterReturn(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line
  return whole.slice(whole.lastIndexOf('\r') + 1)
}

/** `logs/<stage>/<instance>/<step>.<attempt>.log`, from the folder of the run. */
export function logName(stage: string, instance: string, step: string, attempt: number): string {
  return join('logs', fileSafe(stage), fileSafe(instance), `${fileSafe(step)}.${attempt}.log`)
}

const errorWord =
  /(?<![\w./-])(?:\w*(?:error|exception)s?|fatal|panic|failed|failure|cannot|can't|could not|unable to|not found|no such file|denied|npm err!)(?![\w/-]|\.\w)/gi

/** Without this in it no line has such a word, unless what is not shown stands in the word. */
const errorPart =
  /error|exception|fatal|panic|fail|cannot|can't|could not|unable to|not found|no such file|denied|npm err!/i
const hiding = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

/** What says that all is well. */
const noError = /\b(?:0|no|without) (?:\w+ )?(?:errors?|failures?|failed)\b|\b(?:errors?|failures?|failed):? +0\b/gi

/** Longer lines are data. */
const longestError = 4000

/** Whether a line tells of an error: one of the words for it stands there, beside something that it is about, and not as `0 errors`. */
export function looksLikeError(line: string): boolean {
  if (line.length > longestError) return false
  const told = line.replaceAll(noError, '')
  const rest = told.replaceAll(errorWord, '')
  return rest !== told && (rest.match(/\w/g)?.length ?? 0) > 3
}
