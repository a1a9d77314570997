import type { LookupAddress } from 'node:dns'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import { OutsideError } from '../base/errors.js'
import type { Http, HttpAnswer, HttpRequest } from '../ports.js'
import { isPublicAddress } from './addresses.js'
import { pourInto, sendFrom } from './http-files.js'

/** Turns names into addresses; `node:dns` unless a test says otherwise. */
export type Resolve = (host: string) => Promise<LookupAddress[]>

/**
 * HTTP and HTTPS without redirects (the status is the answer) and without shared connections. Addresses are judged after
 * name resolution, and those that were judged are those connected to. No reason repeats the URL: it may hold secrets.
 */
export function hostHttp(resolve: Resolve = resolveByDns): Http {
  return {
    async request(request, signal) {
      const url = URL.canParse(request.url) ? new URL(request.url) : undefined
      const refused = url ? refusal(url, request) : 'the URL is not valid'
      if (!url || refused !== undefined) return { kind: 'refused', reason: refused ?? '' }
      if (signal?.aborted) return cancelled
      return send({ url, request, signal, resolve })
    },
  }
}

const cancelled: HttpAnswer = { kind: 'network', reason: 'the request was cancelled' }

async function resolveByDns(host: string): Promise<LookupAddress[]> {
  const { lookup } = await import('node:dns/promises')
  return lookup(host, { all: true })
}

function refusal(url: URL, { allowPrivate }: HttpRequest): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `only http and https are spoken, not ${url.protocol.slice(0, -1)}`
  if (url.username || url.password) return 'the URL holds a user name or a password: send them in a header'
  const host = hostOf(url)
  // Node asks no resolver for an address, so it is judged here. The URL parser has normalised its spelling.
  return isIP(host) && !allowPrivate && !isPublicAddress(host) ? notPublic(host) : undefined
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')
const notPublic = (host: string): string => `${host} is not a public address`

/** Marks an error as a refusal, on its way through node's connection. */
class Refused extends Error {}

interface Sending {
  url: URL
  request: HttpRequest
  signal: AbortSignal | undefined
  resolve: Resolve
}

async function send({ url, request, signal, resolve }: Sending): Promise<HttpAnswer> {
  const over = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    over.abort()
  }, request.timeoutMs)
  const abort = (): void => over.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const { request: open } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
    const options: RequestOptions = {
      method: request.method,
      headers: headersOf(request),
      agent: false,
      signal: over.signal,
      lookup: judgedLookup(resolve, request.allowPrivate),
    }
    return await new Promise<HttpAnswer>((answer, fail) => {
      const sent = open(url, options, (message) => void receive(message, request).then(answer, fail))
      sent.on('error', fail)
      if (request.upload) sendFrom(request.upload, sent).catch(fail)
      else sent.end(request.body)
    })
  } catch (error) {
    if (timedOut) return { kind: 'timeout', reason: `${url.hostname} did not answer within ${request.timeoutMs} ms` }
    return signal?.aborted ? cancelled : failure(error, url)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** The length of what a file gives is known beforehand, and many servers want to be told. */
const headersOf = ({ headers, upload }: HttpRequest): Record<string, string> =>
  upload ? { ...headers, 'content-length': String(upload.bytes) } : headers

/** Hands the connection only addresses that it may use, so that a second resolution cannot answer otherwise. */
function judgedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  const judge = async (host: string): Promise<LookupAddress[]> => {
    const found = await resolve(host)
    const usable = allowPrivate ? found : found.filter(({ address }) => isPublicAddress(address))
    if (!usable.length) throw new Refused(notPublic(host))
    return usable
  }
  return (host, { all }, connect) => {
    // Out of the promise, so that what throws in there is not taken for a failed resolution.
    judge(host).then(
      (usable) =>
        process.nextTick(() =>
          all ? connect(null, usable) : connect(null, usable[0]?.address ?? '', usable[0]?.family),
        ),
      (error: NodeJS.ErrnoException) => process.nextTick(() => connect(error, [])),
    )
  }
}

/** Reads an answer to its end, or to the limit. A character that the limit would split is left out. */
async function receive(message: IncomingMessage, { maxBytes, into }: HttpRequest): Promise<HttpAnswer> {
  const status = message.statusCode ?? 0
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')] as const),
  )
  if (into !== undefined && status >= 200 && status < 300) {
    const isWhole = await pourInto(into, message, maxBytes)
    if (isWhole) return { kind: 'answer', status, headers, body: '' }
    return { kind: 'network', reason: `the answer is longer than ${maxBytes} bytes` }
  }
  const chunks: Uint8Array[] = []
  let room = maxBytes
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    chunks.push(chunk.subarray(0, room))
    room -= chunk.length
    if (room <= 0) break
  }
  const body = new TextDecoder().decode(Buffer.concat(chunks), { stream: room < 0 })
  return { kind: 'answer', status, headers, body }
}

/** What the codes of failed requests mean. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address',
  EAI_AGAIN: 'could not be looked up',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before its answer was whole',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'did not accept the connection in time',
}
/** Node refuses to send these; another attempt would not help. */
const unsendable = ['ERR_INVALID_HTTP_TOKEN', 'ERR_INVALID_CHAR', 'ERR_HTTP_INVALID_HEADER_VALUE']

function failure(error: unknown, { hostname }: URL): HttpAnswer {
  if (error instanceof Refused) return { kind: 'refused', reason: error.message }
  // A file of ours that cannot be read or written is no failure of the other side.
  if (error instanceof OutsideError) throw error
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') throw error
  if (unsendable.includes(code)) return { kind: 'refused', reason: `the request is not valid: ${message}` }
  return { kind: 'network', reason: `${hostname} ${reasons[code] ?? `could not be asked: ${message}`}` }
}
