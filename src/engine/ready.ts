import { writtenDuration } from '../base/duration.js'
import { OutsideError } from '../base/errors.js'
import { stripControls } from '../base/text.js'
import type { Ports } from '../ports.js'
import { addressOf } from '../workflow/background.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Ready } from '../workflow/model.js'
import { signalOf } from './halt.js'
import type { Halt } from './halt.js'
import { afterReturn } from './output.js'
import { pause } from './retry.js'

/** Looks whether a background step is ready. */
export interface Probe {
  /** Takes what it prints, cleaned of nothing. */
  print: (stream: 'stdout' | 'stderr', text: string) => void
  /** Resolves with nothing when it is ready and when `stop` has ended; else with why it is not. */
  wait: (stop: Halt) => Promise<Unready>
}

/** Why a step is not ready: it took too long, or that can never be known. */
export interface Unready {
  late?: string
  never?: string
}

interface Outside {
  ports: Pick<Ports, 'http' | 'sockets' | 'clock'>
  /** Takes secrets out of a text. */
  clean: (text: string) => string
}

/** A probe for what a step says of its readiness; an expression that cannot be evaluated throws. */
export async function probeOf(
  ready: Ready | undefined,
  expressions: Environment,
  { ports, clean }: Outside,
): Promise<Probe> {
  const silent = (): void => undefined
  if (!ready) return { print: silent, wait: async () => ({}) }
  if (ready.kind === 'log') return logProbe(ready, clean, ports)
  const look = ready.kind === 'http' ? httpLook(ready, expressions, ports) : tcpLook(ready, expressions, ports)
  return { print: silent, wait: async (stop) => lookAgain(look, ready, ports, stop) }
}

/** One look: it is ready, it is not for a reason that may pass, or it never will be. */
type Look = (timeoutMs: number, stop: Halt) => Promise<'ready' | { reason: string; never?: boolean }>

/** One look may take so long, in milliseconds. */
const longestLook = 5000

async function lookAgain(
  look: Look,
  { within, interval }: { within: number; interval: number },
  { clock }: Outside['ports'],
  stop: Halt,
): Promise<Unready> {
  const end = clock.monotonic() + within
  for (;;) {
    const seen = await look(Math.max(1, Math.min(longestLook, end - clock.monotonic())), stop)
    if (seen === 'ready' || stop.halted) return {}
    if (seen.never) return { never: `it cannot be known when it is ready: ${seen.reason}` }
    const left = end - clock.monotonic()
    if (left <= 0) return { late: `it was not ready within ${writtenDuration(within)}: ${seen.reason}` }
    await pause(clock, Math.min(interval, left), stop)
    if (stop.halted) return {}
  }
}

function httpLook(
  { url, status }: Extract<Ready, { kind: 'http' }>,
  expressions: Environment,
  { http }: Outside['ports'],
): Look {
  const address = expressions.text(url)
  const wanted = (code: number): boolean => (status.length ? status.includes(code) : code >= 200 && code <= 299)
  return async (timeoutMs, stop) => {
    const { signal, forget } = signalOf(stop)
    const asked = { method: 'GET', url: address, headers: {}, timeoutMs, maxBytes: 1024, allowPrivate: true }
    const answer = await http.request(asked, signal).finally(forget)
    if (answer.kind !== 'answer') return { reason: answer.reason, never: answer.kind === 'refused' }
    return wanted(answer.status) ? 'ready' : { reason: `it answered with status ${answer.status}` }
  }
}

function tcpLook(
  { address }: Extract<Ready, { kind: 'tcp' }>,
  expressions: Environment,
  { sockets }: Outside['ports'],
): Look {
  const text = expressions.text(address)
  const place = addressOf(text)
  return async (timeoutMs) => {
    if (!place) return { reason: `${JSON.stringify(text.slice(0, 100))} is no address`, never: true }
    try {
      const connection = await sockets.connect({ ...place, secure: false, timeoutMs })
      connection.close()
      return 'ready'
    } catch (cause) {
      if (!(cause instanceof OutsideError)) throw cause
      return { reason: `port ${place.port}: ${cause.message}` }
    }
  }
}

/** Longer lines are looked through in pieces. */
const longestLine = 64 * 1024

/** Matches each line, and the start of one that has no end yet: a prompt is one. */
async function logProbe(
  { pattern, within }: Extract<Ready, { kind: 'log' }>,
  clean: Outside['clean'],
  { clock }: Outside['ports'],
): Promise<Probe> {
  const { RE2JS } = await import('re2js')
  let shape: ReturnType<typeof RE2JS.compile>
  try {
    shape = RE2JS.compile(pattern)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return {
      print: () => undefined,
      wait: async () => ({ never: `the pattern of \`ready.log\` cannot be used: ${why}` }),
    }
  }
  const open: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  let found = false
  let tell = (): void => undefined
  const matches = (line: string): boolean => shape.matcher(stripControls(afterReturn(clean(line)))).find()
  return {
    print(stream, text) {
      if (found) return
      const lines = (open[stream] + text).split('\n')
      open[stream] = lines.at(-1)?.slice(-longestLine) ?? ''
      found = lines.some((line) => line !== '' && matches(line))
      if (found) tell()
    },
    wait: async (stop) =>
      new Promise((resolve) => {
        const forget = stop.on(() => end({}))
        const cancel = clock.after(within, () =>
          end({ late: `it was not ready within ${writtenDuration(within)}: it printed no line with \`${pattern}\`` }),
        )
        function end(answer: Unready): void {
          cancel()
          forget()
          resolve(answer)
        }
        tell = () => end({})
        if (found) end({})
      }),
  }
}
