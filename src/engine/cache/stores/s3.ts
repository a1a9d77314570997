import { sha256 } from '../../../base/hash.js'
import { createHash } from 'node:crypto'
import { OutsideError } from '../../../base/errors.js'
import { stripControls } from '../../../base/text.js'
import type { Clock, Files, Http, HttpAnswer, HttpRequest } from '../../../ports.js'
import type { CacheStore, StoredEntry } from '../store.js'
import { s3Url, signedHeaders } from './sigv4.js'
import type { AwsKeys } from './sigv4.js'

export interface S3Place {
  endpoint: string
  region: string
  bucket: string
  /** Before every name. */
  prefix: string
  keys: AwsKeys
}

/** No entry is larger than a step's files may be; the guard ends what takes too long. */
const limits = { entry: 5 * 2 ** 30, page: 4 * 2 ** 20, error: 4096, wait_ms: 3_600_000, pages: 1000 }
/** So old an object may be before a look at it is noted. */
const fresh_ms = 86_400_000
const nothing = sha256('')

/**
 * Entries as objects of a bucket, on any server that speaks S3. It tells when an object was written, not when it was read: one that is
 * read is copied onto itself, once a day at most.
 */
export function s3Store(place: S3Place, ports: { http: Http; files: Files; clock: Clock }): CacheStore {
  const { files, clock } = ports
  const ask = asking(place, ports)
  const pathOf = (name: string): string => `${place.bucket}/${place.prefix}${name}`
  const touch = async (name: string, signal: AbortSignal): Promise<void> => {
    const source = s3Url('http://localhost', pathOf(name)).pathname
    const headers = { 'x-amz-copy-source': source, 'x-amz-metadata-directive': 'REPLACE' }
    // The answer is not looked at: keys that may only read are no failure, since the entry is here.
    await ask({ method: 'PUT', path: pathOf(name), headers }, signal)
  }
  return {
    name: 's3',
    async get(name, into, signal) {
      const answer = await ask({ method: 'GET', path: pathOf(name), into, maxBytes: limits.entry }, signal)
      if (answer.status === 404 && codeIn(answer.body) !== 'NoSuchBucket') return undefined
      expectOk(answer, 'reading')
      const written = Date.parse(answer.headers['last-modified'] ?? '')
      if (clock.now() - written > fresh_ms) await touch(name, signal)
      return into
    },
    async put(name, file, signal) {
      const bytes = files.stat(file)?.size ?? 0
      const hash = createHash('sha256')
      for await (const chunk of files.stream(file)) hash.update(chunk)
      const upload = { file, from: 0, bytes }
      const asked = { method: 'PUT', path: pathOf(name), upload, content: hash.digest('hex') }
      expectOk(await ask(asked, signal), 'writing')
      files.remove(file)
      return undefined
    },
    async remove(name, signal) {
      const answer = await ask({ method: 'DELETE', path: pathOf(name) }, signal)
      if (answer.status !== 404) expectOk(answer, 'removing')
    },
    async list(signal) {
      const all: StoredEntry[] = []
      let token: string | undefined
      for (let page = 0; page < limits.pages; page += 1) {
        const query = {
          'list-type': '2',
          prefix: place.prefix,
          ...(token === undefined ? {} : { 'continuation-token': token }),
        }
        const answer = await ask({ method: 'GET', path: place.bucket, query, maxBytes: limits.page }, signal)
        expectOk(answer, 'listing')
        if (!answer.body.includes('<ListBucketResult'))
          throw new OutsideError('what answered is no S3 server', 'ERR_PROTOCOL')
        all.push(...objectsIn(answer.body, place.prefix))
        token = textOf(answer.body, 'NextContinuationToken')
        if (token === undefined) break
      }
      return all
    },
  }
}

type Asked = Pick<HttpRequest, 'method' | 'into' | 'upload'> & {
  path: string
  headers?: Record<string, string>
  query?: Record<string, string>
  content?: string
  maxBytes?: number
}
type Answered = Extract<HttpAnswer, { kind: 'answer' }>

function asking({ endpoint, region, keys }: S3Place, { http, clock }: { http: Http; clock: Clock }) {
  return async (
    { path, query, headers = {}, content = nothing, maxBytes, ...rest }: Asked,
    signal: AbortSignal,
  ): Promise<Answered> => {
    const url = s3Url(endpoint, path, query)
    const signed = signedHeaders({ method: rest.method, url, headers, content }, keys, { region, now: clock.now() })
    const answer = await http.request(
      {
        ...rest,
        url: url.href,
        headers: signed,
        timeoutMs: limits.wait_ms,
        maxBytes: maxBytes ?? limits.error,
        // Who names a server of his own for the cache means the one inside of his network.
        allowPrivate: true,
      },
      signal,
    )
    if (answer.kind !== 'answer') throw new OutsideError(answer.reason, answer.kind)
    return answer
  }
}

function expectOk({ status, body }: Answered, doing: string): void {
  if (status >= 200 && status < 300) return
  const said = [codeIn(body), textOf(body, 'Message')].filter((part) => part !== undefined).join(', ')
  const told = said === '' ? '' : ` (${stripControls(said).slice(0, 200)})`
  throw new OutsideError(`the server answered ${status}${told} when ${doing}`, `HTTP_${status}`)
}

const codeIn = (xml: string): string | undefined => textOf(xml, 'Code')

/** The text of the first element of a name. What S3 answers is flat enough to need no parser, and a regular one is never slow. */
function textOf(xml: string, name: string): string | undefined {
  const [, after] = xml.split(`<${name}>`, 2)
  const text = after?.split('<', 1)[0]
  return text === undefined ? undefined : unescape(text)
}

const marks: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescape = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return marks[name] ?? whole
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
    },
  )

function objectsIn(xml: string, prefix: string): StoredEntry[] {
  return xml
    .split('<Contents>')
    .slice(1)
    .flatMap((part) => {
      const key = textOf(part, 'Key')
      const [bytes, used] = [Number(textOf(part, 'Size')), Date.parse(textOf(part, 'LastModified') ?? '')]
      if (!key?.startsWith(prefix) || !Number.isFinite(bytes) || !Number.isFinite(used)) return []
      return [{ name: key.slice(prefix.length), bytes, used }]
    })
}
