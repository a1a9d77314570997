import { TextDecoder } from 'node:util'
import { join } from 'node:path'
import { fileSafe } from '../base/address.js'
import type { Redactor } from '../base/redact.js'
import { stripControls } from '../base/text.js'
import type { Appender, Files } from '../ports.js'

/** Receives what a step prints, cleaned of secrets, while it runs. */
export type Live = (step: string, stream: 'stdout' | 'stderr', text: string) => void

const tailLines = 20
const tailBytes = 8 * 1024

/** What one attempt prints: to its log, to those who watch, to the report that its stdout is, and its last lines in memory. */
export class AttemptOutput {
  #log: Appender | undefined
  #capture: Appender | undefined
  #tail = ''
  #ended = false
  readonly #streams: Record<'stdout' | 'stderr', { decoder: TextDecoder; clean: ReturnType<Redactor['stream']> }>

  constructor(
    private readonly options: {
      step: string
      files: Files
      redactor: Redactor
      live: Live
      /** Where the log goes, absolute. */
      logPath: string
      /** Where stdout goes when it is a report, absolute; it is then not shown. */
      capturePath?: string
    },
  ) {
    const stream = () => ({ decoder: new TextDecoder(), clean: options.redactor.stream() })
    this.#streams = { stdout: stream(), stderr: stream() }
  }

  /** Takes what the step prints. What still comes after the end (of a plug-in that was left behind) belongs to nobody. */
  print(stream: 'stdout' | 'stderr', chunk: Uint8Array | string): void {
    if (this.#ended) return
    const { decoder, clean } = this.#streams[stream]
    if (stream === 'stdout' && this.options.capturePath !== undefined) {
      this.#capture ??= this.#open(this.options.capturePath)
      this.#capture.write(chunk)
    }
    this.#pass(stream, clean.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })))
  }

  /** Passes on what was held back; the answer says whether there is a log, and its last lines. */
  end(): { logged: boolean; tail: string[] } {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { decoder, clean } = this.#streams[stream]
      this.#pass(stream, clean.push(decoder.decode()) + clean.end())
    }
    this.#ended = true
    this.#log?.close()
    this.#capture?.close()
    const lines = this.#tail.split('\n').map((line) => stripControls(afterReturn(line)))
    if (lines.at(-1) === '') lines.pop()
    return { logged: this.#log !== undefined, tail: lines.slice(-tailLines) }
  }

  #pass(stream: 'stdout' | 'stderr', text: string): void {
    if (text === '') return
    this.#log ??= this.#open(this.options.logPath)
    this.#log.write(text)
    this.#tail = (this.#tail + (text.length > tailBytes ? text.slice(-tailBytes) : text)).slice(-tailBytes)
    if (stream === 'stderr' || this.options.capturePath === undefined)
      this.options.live(this.options.step, stream, text)
  }

  #open(path: string): Appender {
    this.options.files.makeFolder(join(path, '..'))
    return this.options.files.append(path)
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
