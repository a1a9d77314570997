import type { IncomingMessage } from 'node:http'
import { inflateSync } from 'node:zlib'
import type { Json } from '../../src/base/json.js'
import type { Clock } from '../../src/ports.js'
import { loopbackServer } from './server.js'

/** A request as it came, its body read. */
export interface CodecovRequest {
  method: string
  path: string
  authorization: string | undefined
  type: string | undefined
  length: string | undefined
  body: { [key: string]: Json }
}

/** What the server answers instead of what Codecov would: a status with a body, or nothing ever. */
export type CodecovFault = { status: number; body?: string; headers?: Record<string, string> } | 'hangs'

/** A Codecov on loopback with its storage; every request that Codecov would not understand is a mistake. */
export interface FakeCodecov {
  url: string
  requests: CodecovRequest[]
  /** What the requests did wrong. */
  mistakes: string[]
  /** The next requests to a path that ends so are answered otherwise. */
  fault(end: string, fault: CodecovFault, times?: number): void
  /** Where the storage is said to be, instead of here. */
  storage?: string
  /** Resolves when a request hangs. */
  hanging: Promise<void>
  close(): Promise<void>
}

const paths: readonly RegExp[] = [
  /^POST \/upload\/github\/[\w.-]+::::[\w.-]+\/commits$/,
  /^POST \/upload\/github\/[\w.-]+::::[\w.-]+\/commits\/[0-9a-f]{40}\/reports$/,
  /^POST \/upload\/github\/[\w.-]+::::[\w.-]+\/commits\/[0-9a-f]{40}\/reports\/default\/uploads$/,
  /^PUT \/storage\/\d+\?signature=s$/,
  /^GET \/identity\?api-version=2&audience=.+$/,
]

/** What a body must have, by the end of its path. */
const members: readonly [end: string, names: readonly string[]][] = [
  ['/commits', ['branch', 'commitid', 'parent_commit_id', 'pullid', 'version']],
  ['/reports', ['code', 'version']],
  ['/uploads', ['ci_service', 'ci_url', 'env', 'flags', 'job_code', 'name', 'version', 'report_payload_bytes']],
  ['signature=s', ['report_fixes', 'network_files', 'coverage_files', 'metadata']],
]

async function read(request: IncomingMessage): Promise<CodecovRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const { authorization, 'content-type': type, 'content-length': length } = request.headers
  const body = text === '' ? {} : (JSON.parse(text) as CodecovRequest['body'])
  return { method: request.method ?? '', path: request.url ?? '', authorization, type, length, body }
}

/** What Codecov would not understand in a request. */
function mistakesIn({ method, path, authorization, type, length, body }: CodecovRequest): string[] {
  const said: string[] = []
  const line = `${method} ${path}`
  if (!paths.some((one) => one.test(line))) said.push(`${line}: there is no such address`)
  if (method === 'POST' && type !== 'application/json') said.push(`${line}: it is no JSON`)
  if (method === 'PUT' && authorization !== undefined) said.push(`${line}: the storage is shown a token`)
  if (method !== 'GET' && length === undefined) said.push(`${line}: it has no length`)
  const wanted = members.find(([end]) => path.endsWith(end))?.[1] ?? []
  for (const name of wanted) if (!Object.hasOwn(body, name)) said.push(`${line}: \`${name}\` is missing`)
  return said
}

/** Starts a Codecov. */
export async function startCodecov(): Promise<FakeCodecov> {
  const faults: { end: string; fault: CodecovFault; times: number }[] = []
  let hangs = (): void => undefined
  const hanging = new Promise<void>((resolve) => (hangs = resolve))
  const server = await loopbackServer((request, response) => {
    void read(request).then((one) => {
      codecov.requests.push(one)
      codecov.mistakes.push(...mistakesIn(one))
      const found = faults.find(({ end, times }) => one.path.endsWith(end) && times > 0)
      if (found) found.times -= 1
      const answer = found?.fault ?? usual(one)
      if (answer === 'hangs') hangs()
      else response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
    })
  })
  const usual = ({ method, path }: CodecovRequest): Exclude<CodecovFault, 'hangs'> => {
    if (method === 'GET') return { status: 200, body: JSON.stringify({ value: 'vouched-for' }) }
    if (method === 'PUT') return { status: 200 }
    if (!path.endsWith('/uploads')) return { status: 201, body: '{}' }
    const uploads = codecov.requests.filter((one) => one.path.endsWith('/uploads')).length
    const raw_upload_location = codecov.storage ?? `${server.url}/storage/${uploads}?signature=s`
    const url = 'https://app.codecov.example/gh/org/repo/commit/1'
    return { status: 201, body: JSON.stringify({ url, raw_upload_location }) }
  }
  const codecov: FakeCodecov = {
    url: server.url,
    requests: [],
    mistakes: [],
    fault: (end, fault, times = 1) => void faults.push({ end, fault, times }),
    hanging,
    close: async () => server.close(),
  }
  return codecov
}

/** The files of a payload, by name, unpacked. */
export const filesIn = ({ body }: CodecovRequest): Record<string, string> =>
  Object.fromEntries(
    (body['coverage_files'] as { filename: string; data: string }[]).map(({ filename, data }) => [
      filename,
      inflateSync(Buffer.from(data, 'base64')).toString(),
    ]),
  )

/** A clock on which no time passes, and which notes what it was asked to wait. */
export function hastyClock(): Clock & { waits: number[] } {
  const waits: number[] = []
  return {
    waits,
    now: () => 0,
    monotonic: () => 0,
    after(ms, callback) {
      waits.push(ms)
      const soon = setImmediate(callback)
      return () => clearImmediate(soon)
    },
  }
}
