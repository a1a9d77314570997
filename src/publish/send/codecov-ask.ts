import { retryAfter } from '../../base/retry-after.js'
import type { Json } from '../../base/json.js'
import { stripControls, truncate } from '../../base/text.js'
import type { Failure } from '../../effects/effect.js'
import type { Clock, Http, HttpAnswer, HttpRequest } from '../../ports.js'
import { listOf, memberOf, textOf } from './answers.js'

export interface AskTools {
  http: Http
  clock: Clock
  signal: AbortSignal
}

/** An answer that was hoped for, or why there is none; `advice` is what would mend it. */
export type Asked = { ok: true; data: Json } | { ok: false; failure: Failure; advice?: string }

/** Between two attempts, in milliseconds; a service that wants more than `longest` is not waited for. */
const waits = [1000, 2000]
const longest = 20_000
const maxAnswer = 256 * 1024

/**
 * Asks `who`, again where that may help: no answer, 429 (as long as `retry-after` says) and 500 and more. A redirect is no answer: it
 * would take the token to another host.
 */
export async function ask(
  who: string,
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'timeoutMs' | 'allowPrivate'>,
  { http, clock, signal }: AskTools,
): Promise<Asked> {
  for (let attempt = 0; ; attempt++) {
    const headers = { 'user-agent': 'wf', ...request.headers }
    const answer = await http.request({ ...request, headers, maxBytes: maxAnswer }, signal)
    if (signal.aborted) return cancelled
    if (answer.kind === 'answer' && answer.status >= 200 && answer.status < 300)
      return { ok: true, data: parsed(answer.body) }
    const wait = heals(answer) ? (askedFor(answer, clock.now()) ?? waits[attempt]) : undefined
    if (wait === undefined || wait > longest || attempt >= waits.length) return refusal(who, answer)
    await pause(wait, clock, signal)
    if (signal.aborted) return cancelled
  }
}

const cancelled: Asked = { ok: false, failure: { ok: false, kind: 'cancelled', message: 'cancelled' } }

const heals = (answer: HttpAnswer): boolean =>
  answer.kind === 'answer' ? answer.status === 429 || answer.status >= 500 : answer.kind !== 'refused'

/** How long the service asks to wait: seconds, or a date. */
function askedFor(answer: HttpAnswer, now: number): number | undefined {
  return answer.kind === 'answer' ? retryAfter(answer.headers['retry-after'], now) : undefined
}

async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const forget = clock.after(ms, resolve)
    const stop = (): void => {
      forget()
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

function refusal(who: string, answer: HttpAnswer): Asked {
  const failed = (failure: Failure, advice?: string): Asked => ({
    ok: false,
    failure,
    ...(advice === undefined ? {} : { advice }),
  })
  if (answer.kind === 'refused')
    return failed({ ok: false, kind: 'refused', status: 0, message: `${who} may not be asked: ${answer.reason}` })
  if (answer.kind !== 'answer')
    return failed(
      { ok: false, kind: 'network', message: `${who} did not answer: ${answer.reason}` },
      'run the job again',
    )
  const { status, body } = answer
  const said = saidIn(body)
  const message = `${who} answered ${status}${said === '' ? '' : `: ${said}`}`
  if (status === 429) return failed({ ok: false, kind: 'limited', message }, 'run the job again later')
  if (status >= 500) return failed({ ok: false, kind: 'network', message }, 'run the job again')
  if (status >= 300 && status < 400)
    return failed({
      ok: false,
      kind: 'refused',
      status,
      message: `${message}, which leads to another address and is not followed`,
    })
  return failed({ ok: false, kind: 'refused', status, message })
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

/** What the body of a refusal says, as one short line; a page for a browser says nothing. */
function saidIn(body: string): string {
  const data = parsed(body)
  const first =
    listOf(data)[0] ?? memberOf(data, 'detail') ?? memberOf(data, 'message') ?? memberOf(data, 'error') ?? data
  const text = typeof first === 'string' ? first : (textOf(first, 'message') ?? (data === null ? body : ''))
  return text.includes('<') ? '' : truncate(stripControls(text).replaceAll(/\s+/g, ' ').trim(), 200)
}
