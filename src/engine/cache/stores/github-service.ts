import { OutsideError } from '../../../base/errors.js'
import { stripControls } from '../../../base/text.js'
import { sha256 } from '../../../base/hash.js'
import type { FilePart, Http, HttpRequest } from '../../../ports.js'

/** Where a job finds the cache of GitHub Actions, and what it may do there. */
export interface CacheService {
  url: string
  token: string
  reads: boolean
  writes: boolean
}

/** What GitHub answers when asked for an entry. */
export interface FoundEntry {
  key: string
  /** Signed, good for some minutes; it is shown to nobody. */
  url: string
}

const methods = '/twirp/github.actions.results.api.v1.CacheService/'
/** Entries of another version are not found; the version of these is that of their form. */
const version = sha256('wf-cache 1')
const limits = {
  answer: 64 * 2 ** 10,
  wait_ms: 30_000,
  transfer_ms: 3_600_000,
  whole: 100 * 2 ** 20,
  block: 64 * 2 ** 20,
}

/** The cache of GitHub Actions by its second protocol: JSON for names, and an Azure blob for content. */
export class GithubService {
  constructor(
    private readonly service: CacheService,
    private readonly http: Http,
  ) {}

  /** The entry with this key, else the newest whose key starts with the prefix. */
  async find(key: string, prefixes: readonly string[], signal: AbortSignal): Promise<FoundEntry | undefined> {
    const found = await this.#call('GetCacheEntryDownloadURL', { key, restore_keys: prefixes, version }, signal)
    const [url, matched] = [found?.['signed_download_url'], found?.['matched_key']]
    return found?.['ok'] === true && typeof url === 'string' && typeof matched === 'string'
      ? { key: matched, url }
      : undefined
  }

  /** Downloads an entry, or so many bytes of it from one on; false where it is gone. */
  async download(
    { url }: FoundEntry,
    into: string,
    { from, bytes }: { from?: number; bytes: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const range = from === undefined ? {} : { range: `bytes=${from}-${from + bytes - 1}` }
    const answer = await this.#blob({ method: 'GET', url, headers: range, into, maxBytes: bytes }, signal)
    if (answer.status === 404) return false
    if (answer.status !== (from === undefined ? 200 : 206)) throw refused('a download', answer)
    return true
  }

  /** Makes an entry of a file. */
  async upload(key: string, file: string, size: number, signal: AbortSignal): Promise<void> {
    const made = await this.#call('CreateCacheEntry', { key, version }, signal)
    const url = made?.['signed_upload_url']
    if (made?.['ok'] !== true || typeof url !== 'string')
      throw new OutsideError('GitHub made no entry', 'ERR_CACHE_ENTRY')
    if (size <= limits.whole) await this.#put(url, { file, from: 0, bytes: size }, signal)
    else await this.#putBlocks(url, file, size, signal)
    const done = await this.#call('FinalizeCacheEntryUpload', { key, size_bytes: String(size), version }, signal)
    if (done?.['ok'] !== true) throw new OutsideError('GitHub did not take the entry', 'ERR_CACHE_ENTRY')
  }

  async #put(url: string, upload: FilePart, signal: AbortSignal, headers = blob): Promise<void> {
    const answer = await this.#blob({ method: 'PUT', url, headers, upload, maxBytes: limits.answer }, signal)
    if (answer.status !== 201) throw refused('an upload', answer)
  }

  async #putBlocks(url: string, file: string, size: number, signal: AbortSignal): Promise<void> {
    const ids: string[] = []
    for (let from = 0; from < size; from += limits.block) {
      const id = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64')
      const part = { file, from, bytes: Math.min(limits.block, size - from) }
      await this.#put(`${url}&comp=block&blockid=${encodeURIComponent(id)}`, part, signal, {})
      ids.push(id)
    }
    const list = ids.map((id) => `<Latest>${id}</Latest>`).join('')
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`
    const headers = { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) }
    const asked = { method: 'PUT', url: `${url}&comp=blocklist`, headers, body, maxBytes: limits.answer }
    const answer = await this.#blob(asked, signal)
    if (answer.status !== 201) throw refused('an upload', answer)
  }

  async #blob(request: Omit<HttpRequest, 'timeoutMs' | 'allowPrivate'>, signal: AbortSignal) {
    return this.#ask({ ...request, timeoutMs: limits.transfer_ms, allowPrivate: true }, signal)
  }

  async #call(
    method: string,
    body: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<Record<string, unknown> | undefined> {
    const text = JSON.stringify(body)
    const answer = await this.#ask(
      {
        method: 'POST',
        url: new URL(methods + method, this.service.url).href,
        headers: {
          authorization: `Bearer ${this.service.token}`,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        },
        body: text,
        timeoutMs: limits.wait_ms,
        maxBytes: limits.answer,
        // A runner's own address, of a proxy perhaps, and given by nobody else.
        allowPrivate: true,
      },
      signal,
    )
    if (answer.status === 404) return undefined
    if (answer.status !== 200) throw refused(method, answer)
    const value = parsed(answer.body)
    if (!value) throw new OutsideError(`GitHub answered no JSON to ${method}`, 'ERR_CACHE_ENTRY')
    return value
  }

  async #ask(request: HttpRequest, signal: AbortSignal) {
    const answer = await this.http.request(request, signal)
    if (answer.kind !== 'answer') throw new OutsideError(answer.reason, answer.kind)
    return answer
  }
}

const blob: Record<string, string> = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' }

function refused(what: string, { status, body }: { status: number; body: string }): OutsideError {
  const said = parsed(body)?.['msg']
  const told = typeof said === 'string' ? ` (${stripControls(said).slice(0, 200)})` : ''
  return new OutsideError(`GitHub answered ${status}${told} to ${what}`, `HTTP_${status}`)
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
