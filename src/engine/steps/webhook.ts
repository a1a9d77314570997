import { createHmac } from 'node:crypto'
import { retryAfter } from '../../base/retry-after.js'
import type { Body } from '../../workflow/model.js'
import { signalOf } from '../halt.js'
import { failed, succeeded } from '../kind.js'
import type { StepCall, StepKind } from '../kind.js'
import { fillJson } from './json.js'

type Webhook = Extract<Body, { kind: 'webhook' }>

const timeoutMs = 30_000
const maxAnswer = 1024 * 1024

/** An HTTP request. Its answer becomes the outputs `status` and `body`; an unexpected status fails the step. */
export const webhook: StepKind<Webhook> = async (call) => {
  const { body, expressions, ports, stop, print } = call
  const url = expressions.text(body.url)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return failed('the URL is no http or https address')
  const { text, type } = content(call)
  const headers = Object.fromEntries(
    Object.entries(body.headers).map(([name, value]) => [name.toLowerCase(), expressions.text(value)]),
  )
  const secret = body.secret && expressions.text(body.secret)
  if (secret === '') return failed('the secret that signs the request is empty: pass it in, and name it in `secrets`')
  const request = {
    method: body.method,
    url,
    headers: {
      'user-agent': 'wf',
      ...(type ? { 'content-type': type } : {}),
      ...headers,
      ...(secret ? signature(secret, text ?? '', ports.clock.now()) : {}),
    },
    ...(text === undefined ? {} : { body: text }),
    timeoutMs,
    maxBytes: maxAnswer,
    allowPrivate: body.allowPrivate,
  }
  const { signal, forget } = signalOf(stop)
  const answer = await ports.http.request(request, signal).finally(forget)
  if (answer.kind === 'refused') return failed(`${answer.reason}; \`allow-private: true\` allows private addresses`)
  if (answer.kind !== 'answer') return failed(`no answer from ${new URL(url).host}: ${answer.reason}`, true)
  print('stdout', `${body.method} ${new URL(url).host}: ${answer.status}\n`)
  const outputs = { status: answer.status, body: answer.body }
  const expected = body.status.length
    ? body.status.includes(answer.status)
    : answer.status >= 200 && answer.status < 300
  if (expected) return { ending: succeeded, outputs }
  const wanted = body.status.length ? body.status.join(' or ') : '200 to 299'
  const outside = answer.status >= 500 || answer.status === 429
  const after = retryAfter(answer.headers['retry-after'], ports.clock.now())
  const asked = after === undefined ? {} : { retryAfter: after }
  return { ...failed(`the answer is ${answer.status}, expected ${wanted}`, outside), outputs, ...asked }
}

function content({ body, expressions }: StepCall<Webhook>): { text?: string; type?: string } {
  if (!body.body) return {}
  if ('text' in body.body) return { text: expressions.text(body.body.text), type: 'text/plain; charset=utf-8' }
  return { text: JSON.stringify(fillJson(body.body.json, expressions)), type: 'application/json' }
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`, so that an old request cannot be replayed unnoticed. */
function signature(secret: string, body: string, now: number): Record<string, string> {
  const seconds = Math.floor(now / 1000)
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'x-wf-signature': `t=${seconds},v1=${digest}` }
}
