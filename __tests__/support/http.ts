import type { Clock, Files, Http, HttpAnswer, HttpRequest } from '../../src/ports.js'
import { FakeClock } from './clock.js'
import { type Match, matches, type Reply, Replies } from './scripts.js'

/** An answer with a status; header names in lower case. */
export const answer = (status: number, body = '', headers: Record<string, string> = {}): HttpAnswer => ({
  kind: 'answer',
  status,
  headers,
  body,
})

/** HTTP that follows a script, matched on `METHOD url`, the latest rule first; a request without a rule throws. */
export class ScriptedHttp implements Http {
  readonly requests: HttpRequest[] = []
  private readonly rules = new Replies<HttpRequest, HttpAnswer | 'hangs'>()

  /** `files` take what is downloaded. */
  constructor(
    private readonly clock: Clock = new FakeClock(),
    private readonly files?: Files,
  ) {}

  /** Says what a request is answered; `hangs` answers only at its timeout or when it is cancelled. */
  on(match: Match<HttpRequest>, reply: Reply<HttpRequest, HttpAnswer | 'hangs'>): this {
    this.rules.add((request) => matches(match, request, `${request.method} ${request.url}`), reply)
    return this
  }

  async request(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    this.requests.push(request)
    const reply = this.rules.answer(request)
    if (!reply) throw new Error(`no script for the request: ${request.method} ${request.url}`)
    if (signal?.aborted) return { kind: 'network', reason: 'the request was cancelled' }
    if (reply !== 'hangs') return this.#deliver(reply, request)
    return new Promise((resolve) => {
      const forget = this.clock.after(request.timeoutMs, () =>
        resolve({ kind: 'timeout', reason: `no answer within ${request.timeoutMs} ms` }),
      )
      signal?.addEventListener('abort', () => {
        forget()
        resolve({ kind: 'network', reason: 'the request was cancelled' })
      })
    })
  }

  #deliver(reply: HttpAnswer, { maxBytes, into }: HttpRequest): HttpAnswer {
    const isFile = into !== undefined && reply.kind === 'answer' && reply.status >= 200 && reply.status < 300
    if (!isFile) return cut(reply, maxBytes)
    if (Buffer.byteLength(reply.body) > maxBytes)
      return { kind: 'network', reason: `the answer is longer than ${maxBytes} bytes` }
    this.files?.write(into, reply.body)
    return { ...reply, body: '' }
  }
}

const cut = (reply: HttpAnswer, maxBytes: number): HttpAnswer =>
  reply.kind === 'answer' ? { ...reply, body: Buffer.from(reply.body).subarray(0, maxBytes).toString() } : reply
