import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.js'
import type { Incoming } from './request.js'

/** More than the largest request that GitHub takes. */
const maxBytes = 33_554_432

/** Reads a request; `undefined` when its body is larger than anything that GitHub takes. Rejects when the client hangs up. */
export async function readIncoming(message: IncomingMessage): Promise<Incoming | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    size += chunk.length
    // The rest is read all the same, for a client that is still sending hears no answer.
    if (size <= maxBytes) chunks.push(chunk)
  }
  if (size > maxBytes) return undefined
  const { path, query } = addressOf(message)
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
  return { method: message.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks) }
}

/** The path of a request, still encoded, and its query. */
export function addressOf({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', ...query] = url.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

/** Sends an answer with the headers given beside its own. */
export function send(
  response: ServerResponse,
  { status, body, raw, headers }: Answer,
  more: { [name: string]: string },
): void {
  const bytes = raw?.bytes ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)))
  const type = raw?.type ?? (body === undefined ? undefined : 'application/json; charset=utf-8')
  response.writeHead(status, {
    ...more,
    ...headers,
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
  })
  response.end(bytes)
}
