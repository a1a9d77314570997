import { sha256 } from '../../../base/hash.js'
import { createHmac } from 'node:crypto'

/** The keys of an account. */
export interface AwsKeys {
  id: string
  secret: string
  /** Of temporary keys. */
  session?: string
}

export interface Unsigned {
  method: string
  url: URL
  headers?: Readonly<Record<string, string>>
  /** SHA-256 of the body, in hexadecimal. */
  content: string
}

/** Headers with which S3 accepts a request: AWS Signature Version 4. The URL must be spelled as `s3Url` spells it. */
export function signedHeaders(
  { method, url, headers = {}, content }: Unsigned,
  { id, secret, session }: AwsKeys,
  { region, now }: { region: string; now: number },
): Record<string, string> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const day = time.slice(0, 8)
  const all: Record<string, string> = {
    ...headers,
    'x-amz-content-sha256': content,
    'x-amz-date': time,
    ...(session === undefined ? {} : { 'x-amz-security-token': session }),
  }
  const sent = Object.entries({ ...all, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, ' ')] as const)
    .sort(byName)
  const names = sent.map(([name]) => name).join(';')
  const query = [...url.searchParams].map(([name, value]) => [encode(name), encode(value)] as const).sort(byName)
  const canonical = [
    method,
    url.pathname,
    query.map((pair) => pair.join('=')).join('&'),
    ...sent.map((pair) => pair.join(':')),
    '',
    names,
    content,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  const signature = hmac(key, toSign).toString('hex')
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

/** The address of an object or a bucket in path style, each part encoded once, as signatures want it. */
export function s3Url(endpoint: string, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(endpoint)
  const parts = [...url.pathname.split('/'), ...path.split('/').map(encode)].filter((part) => part !== '')
  url.pathname = `/${parts.join('/')}`
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  url.search = pairs.join('&')
  return url
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0)
