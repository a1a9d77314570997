import type { IncomingMessage, ServerResponse } from 'node:http'
import { loopbackServer } from '../server.js'
import type { LoopbackServer } from '../server.js'

export type ActionsFault = { status: number } | 'garbage' | 'other-bytes' | 'reset' | 'silent'

/** An entry, of the branch that made it. */
interface Entry {
  key: string
  version: string
  scope: string
  bytes: Buffer
  made: number
}

export interface FakeActionsCache extends LoopbackServer {
  token: string
  entries: Entry[]
  /** The methods that were called, and `GET` and `PUT` of content. */
  asked: string[]
  /** What differs from how GitHub's own client asks. */
  mistakes: string[]
  /** The branch that the runner's token is of. */
  scope: string
  fault: ActionsFault | undefined
}

const service = '/twirp/github.actions.results.api.v1.CacheService/'

/**
 * The cache of GitHub Actions, its second protocol, with what GitHub holds to: an entry is never written again, is found only when it
 * is whole, newest first by prefix, by runs of its own branch, then by all others when the default branch made it.
 */
export async function fakeActionsCache(): Promise<FakeActionsCache> {
  const pending = new Map<string, { key: string; version: string; bytes: Buffer; blocks: Map<string, Buffer> }>()
  let made = 0
  const server = await loopbackServer((request, response) => void serve(request, response))
  const fake: FakeActionsCache = {
    ...server,
    token: 'runtime-token-of-the-job',
    entries: [],
    asked: [],
    mistakes: [],
    scope: 'refs/heads/main',
    fault: undefined,
  }
  const readable = (): Entry[] =>
    [fake.scope, 'refs/heads/main'].flatMap((scope, i, all) =>
      all.indexOf(scope) === i ? fake.entries.filter((entry) => entry.scope === scope).reverse() : [],
    )

  function call(method: string, body: Record<string, unknown>): { status: number; value: unknown } {
    const { key, version, restore_keys: prefixes, size_bytes: size } = body
    if (typeof key !== 'string' || key === '' || key.length > 512 || key.includes(','))
      fake.mistakes.push(`the key ${String(key)}`)
    if (typeof version !== 'string' || !/^[0-9a-f]{64}$/.test(version))
      fake.mistakes.push(`the version ${String(version)}`)
    const name = `${String(key)} ${String(version)} ${fake.scope}`
    if (method === 'CreateCacheEntry') {
      if (fake.entries.some((one) => `${one.key} ${one.version} ${one.scope}` === name))
        return { status: 409, value: { code: 'already_exists', msg: 'cache entry already exists' } }
      pending.set(name, { key: String(key), version: String(version), bytes: Buffer.alloc(0), blocks: new Map() })
      return {
        status: 200,
        value: {
          ok: true,
          signed_upload_url: `${fake.url}/account/actions-cache/blob?sig=up&name=${encodeURIComponent(name)}`,
        },
      }
    }
    if (method === 'FinalizeCacheEntryUpload') {
      const entry = pending.get(name)
      if (!entry || size !== String(entry.bytes.length)) return { status: 200, value: { ok: false, entry_id: '0' } }
      pending.delete(name)
      fake.entries.push({ ...entry, scope: fake.scope, made: (made += 1) })
      return { status: 200, value: { ok: true, entry_id: String(made) } }
    }
    if (method !== 'GetCacheEntryDownloadURL')
      return { status: 404, value: { code: 'bad_route', msg: 'no such method' } }
    if (!Array.isArray(prefixes)) fake.mistakes.push('restore_keys')
    const all = readable().filter((entry) => entry.version === version)
    const found =
      all.find((entry) => entry.key === key) ??
      (prefixes as string[]).map((prefix) => all.find((entry) => entry.key.startsWith(prefix))).find(Boolean)
    if (!found) return { status: 200, value: { ok: false, signed_download_url: '', matched_key: '' } }
    return {
      status: 200,
      value: {
        ok: true,
        signed_download_url: `${fake.url}/account/actions-cache/blob?sig=down&made=${found.made}`,
        matched_key: found.key,
      },
    }
  }

  function blob(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
    if (request.headers.authorization !== undefined) fake.mistakes.push('the token goes to the store of blobs')
    const query = url.searchParams
    if (request.method === 'PUT') {
      const entry = pending.get(query.get('name') ?? '')
      if (!entry) return void response.writeHead(404).end()
      if (Number(request.headers['content-length']) !== body.length) fake.mistakes.push('the length of an upload')
      if (query.get('comp') === 'block') entry.blocks.set(query.get('blockid') ?? '', body)
      else if (query.get('comp') === 'blocklist')
        entry.bytes = Buffer.concat(
          [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(
            ([, id]) => entry.blocks.get(id ?? '') ?? Buffer.alloc(0),
          ),
        )
      else if (request.headers['x-ms-blob-type'] === 'BlockBlob') entry.bytes = body
      else return void response.writeHead(400).end('<Error><Code>MissingRequiredHeader</Code></Error>')
      return void response.writeHead(201).end()
    }
    const entry = fake.entries.find((one) => String(one.made) === query.get('made'))
    if (!entry) return void response.writeHead(404).end()
    const bytes = fake.fault === 'other-bytes' ? Buffer.from(entry.bytes).fill('x', 10, 20) : entry.bytes
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    if (from === undefined) return void response.end(bytes)
    if (Number(from) >= bytes.length) return void response.writeHead(416).end()
    response.writeHead(206).end(bytes.subarray(Number(from), Number(to) + 1))
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '', fake.url)
    const { fault } = fake
    const method = url.pathname.startsWith(service) ? url.pathname.slice(service.length) : request.method
    fake.asked.push(method ?? '')
    if (fault === 'silent') return
    if (fault === 'reset') return void request.socket.destroy()
    if (fault === 'garbage') return void response.end('<html>Welcome to the hotel</html>')
    if (typeof fault === 'object')
      return void response.writeHead(fault.status).end(JSON.stringify({ msg: 'out of order' }))
    if (url.pathname === '/account/actions-cache/blob') return blob(request, url, body, response)
    if (request.headers.authorization !== `Bearer ${fake.token}`)
      return void response.writeHead(401).end(JSON.stringify({ code: 'unauthenticated', msg: 'bad token' }))
    if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
      return void response.writeHead(400).end(JSON.stringify({ code: 'malformed', msg: 'no JSON' }))
    const { status, value } = call(method ?? '', JSON.parse(body.toString()) as Record<string, unknown>)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  return fake
}
