import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { loopbackServer } from '../server.js'
import type { LoopbackServer } from '../server.js'

/** A fault of the next requests: an answer of a status to what is to be stored, a page of somebody else’s, half of them, or none at all. */
export type S3Fault = { status: number; code: string } | 'garbage' | 'cut' | 'reset' | 'silent'

export interface FakeS3 extends LoopbackServer {
  objects: Map<string, { bytes: Buffer; modified: Date }>
  /** `GET /bucket/key` of each request. */
  asked: string[]
  fault: S3Fault | undefined
}

export const s3Keys = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const region = 'eu-test-1'

/** One bucket of S3 in memory, which believes a request only by its signature and lists two objects a page. */
export async function fakeS3(bucket: string): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map()
  const asked: string[] = []
  const server = await loopbackServer((request, response) => void serve(request, response))
  const fake: FakeS3 = { ...server, objects, asked, fault: undefined }
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '', fake.url)
    asked.push(`${request.method} ${url.pathname}`)
    const refuse = (status: number, code: string): void =>
      void response
        .writeHead(status)
        .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no &amp; no</Message></Error>`)
    const { fault } = fake
    if (fault === 'silent') return
    if (fault === 'reset') return void request.socket.destroy()
    if (fault === 'garbage') return void response.end('<html>Welcome to the hotel</html>')
    if (typeof fault === 'object' && request.method === 'PUT') return refuse(fault.status, fault.code)
    const wrong = mistakeOf(request, url, body)
    if (wrong) return refuse(403, wrong)
    const [, name, ...rest] = url.pathname.split('/').map(decodeURIComponent)
    if (name !== bucket) return refuse(404, 'NoSuchBucket')
    const key = rest.join('/')
    if (key === '') return void response.end(listing(objects, url))
    const source = request.headers['x-amz-copy-source']
    if (request.method === 'PUT' && source !== undefined) {
      const copied = objects.get(decodeURIComponent(String(source)).slice(bucket.length + 2))
      if (!copied || request.headers['x-amz-metadata-directive'] !== 'REPLACE') return refuse(400, 'InvalidRequest')
      objects.set(key, { bytes: copied.bytes, modified: new Date() })
      return void response.end('<CopyObjectResult></CopyObjectResult>')
    }
    if (request.method === 'PUT') objects.set(key, { bytes: body, modified: new Date() })
    if (request.method === 'DELETE') objects.delete(key)
    if (request.method !== 'GET') return void response.writeHead(request.method === 'DELETE' ? 204 : 200).end()
    const found = objects.get(key)
    if (!found) return refuse(404, 'NoSuchKey')
    const headers = { 'content-length': String(found.bytes.length), 'last-modified': found.modified.toUTCString() }
    response.writeHead(200, headers)
    if (fault === 'cut') return void response.write(found.bytes.subarray(0, 10), () => request.socket.destroy())
    response.end(found.bytes)
  }
  return fake
}

function listing(objects: FakeS3['objects'], url: URL): string {
  const query = url.searchParams
  if (query.get('list-type') !== '2') return '<Error><Code>InvalidArgument</Code></Error>'
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort()
  const from = Number((query.get('continuation-token') ?? 'at+/=0').slice(6))
  const page = keys.slice(from, from + 2)
  const items = page.map((key) => {
    const { bytes, modified } = objects.get(key) ?? { bytes: Buffer.alloc(0), modified: new Date(0) }
    const etag = '&quot;abc&quot;'
    return `<Contents><Key>${key}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${etag}</ETag><Size>${bytes.length}</Size></Contents>`
  })
  const more = from + 2 < keys.length
  const next = more ? `<NextContinuationToken>at+/=0${from + 2}</NextContinuationToken>` : ''
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListBucketResult>`
}

const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** What is wrong with a signature, worked out from the request as it arrived. */
function mistakeOf(request: IncomingMessage, url: URL, body: Buffer): string | undefined {
  const { headers } = request
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (!given) return 'AccessDenied'
  const [, id, day = '', where = '', names = '', signature = ''] = given
  if (id !== s3Keys.id) return 'InvalidAccessKeyId'
  if (where !== region) return 'AuthorizationHeaderMalformed'
  const time = String(headers['x-amz-date'])
  if (!/^\d{8}T\d{6}Z$/.test(time) || !time.startsWith(day)) return 'AccessDenied'
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!names.split(';').includes(needed)) return 'AccessDenied'
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const canonical = [
    request.method,
    url.pathname,
    (url.search.slice(1) ? url.search.slice(1).split('&') : []).sort().join('&'),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${where}/s3/aws4_request`, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${s3Keys.secret}`, day), where), 's3'), 'aws4_request')
  const expected = hmac(key, toSign)
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected) ? undefined : 'SignatureDoesNotMatch'
}

export const s3Region = region
