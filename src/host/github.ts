import type { Json } from '../base/json.js'
import type { GitHub, GitHubAnswer, GitHubOptions } from '../ports.js'

/** Whom to ask, and with whose rights. */
export interface GitHubSettings {
  /** `https://api.github.com`, or a GitHub Enterprise server's. */
  api: string
  token: string
  /** `owner/name`. */
  repository: string
  /** Where GraphQL is asked, if not at `/graphql` of the API. */
  graphql?: string
  /** A proxy stands between us and GitHub. */
  proxied?: boolean
  /** Real seconds as milliseconds: 1000 unless a test is in a hurry. */
  second?: number
}

/** Bounds of one request: each try in seconds, tries after the first, and the longest wait that GitHub may ask for, in seconds. */
const bounds = { try: 15, retries: 2, wait: 60 }
const apiVersion = '2022-11-28'

/**
 * GitHub by octokit, which retries what may heal, spaces writes by a second and waits as long as GitHub asks, within bounds. What
 * makes something new is not repeated after a failure: its answer may be lost and the work done, so whoever asked looks first.
 */
export function hostGitHub(settings: GitHubSettings): GitHub {
  const { repository } = settings
  const [owner = '', repo = ''] = repository.split('/')
  const sent = { count: 0 }
  let client: ReturnType<typeof openClient> | undefined
  return {
    repository,
    get requests() {
      return sent.count
    },
    async request(route, parameters = {}, options = {}) {
      if (options.signal?.aborted) return gaveUp
      client ??= openClient(settings, sent)
      const to = route === 'POST /graphql' && settings.graphql ? `POST ${settings.graphql}` : route
      const own = to.includes('{owner}') ? { owner, repo } : {}
      const answer = ask(await client, to, { ...own, ...parameters }, options)
      return options.signal ? Promise.race([answer, aborted(options.signal)]) : answer
    },
  }
}

const gaveUp: GitHubAnswer = { ok: false, kind: 'cancelled', message: 'the request was given up' }

const aborted = async (signal: AbortSignal): Promise<GitHubAnswer> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(gaveUp), { once: true }))

/** Loaded when GitHub is first asked. Behind a proxy the toolkit's client is used, which knows how to speak to one. */
async function openClient({ api, token, proxied = false, second = 1000 }: GitHubSettings, sent: { count: number }) {
  const [{ retry }, { throttling }] = await Promise.all([
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ])
  const patient = (wait: number, _: unknown, __: unknown, tried: number): boolean =>
    wait <= bounds.wait && tried < bounds.retries
  const options = {
    baseUrl: api,
    userAgent: 'wf-action',
    // What goes wrong is told by whoever asked; octokit's own words would stand in the middle of a log.
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    retry: { retries: bounds.retries, retryAfterBaseValue: second },
    throttle: {
      onRateLimit: patient,
      onSecondaryRateLimit: patient,
      retryAfterBaseValue: second,
      ...(second === 1000 ? {} : ({ write: atOnce, notifications: atOnce } as object)),
    },
  }
  if (proxied) {
    const { getOctokit } = await import('@actions/github')
    const { request } = getOctokit(token, options, retry, throttling)
    return request.defaults({ request: { fetch: counting(request.endpoint.DEFAULTS.request?.fetch ?? fetch, sent) } })
  }
  const { Octokit } = await import('@octokit/rest')
  const { request } = new (Octokit.plugin(retry, throttling))({ ...options, auth: token })
  return request.defaults({ request: { fetch: counting(fetch, sent) } })
}

const atOnce = { key: () => ({ schedule: async (_: unknown, work: () => Promise<void>) => work() }) }

type Fetch = typeof fetch

/** Each try has its own time limit and is counted. */
function counting(send: Fetch, sent: { count: number }): Fetch {
  return async (input, init) => {
    sent.count += 1
    const limit = AbortSignal.timeout(bounds.try * 1000)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    return send(input, { ...init, signal })
  }
}

type Request = Awaited<ReturnType<typeof openClient>>

async function ask(
  request: Request,
  route: string,
  parameters: { [key: string]: unknown },
  { signal, maxBytes, once = route.startsWith('POST ') }: GitHubOptions,
): Promise<GitHubAnswer> {
  try {
    const { status, data } = await request(route, {
      ...parameters,
      headers: { 'x-github-api-version': apiVersion, ...(parameters['headers'] as object) },
      request: {
        ...(once ? { retries: 0 } : {}),
        ...(signal ? { signal } : {}),
        ...(maxBytes === undefined ? {} : { parseSuccessResponseBody: false }),
      },
    })
    if (maxBytes === undefined) return { ok: true, status, data: data as Json }
    const read = await readBytes(data, status, maxBytes)
    return signal?.aborted ? gaveUp : read
  } catch (cause) {
    return signal?.aborted ? gaveUp : failureOf(cause)
  }
}

async function readBytes(body: ReadableStream<Uint8Array>, status: number, max: number): Promise<GitHubAnswer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.length
      if (size > max) return { ok: false, kind: 'refused', status, message: `the file is larger than ${max} bytes` }
      chunks.push(chunk)
    }
  } catch (cause) {
    // The connection was lost, or there was no time left, while the file came.
    const { message } = cause as Error
    return { ok: false, kind: 'network', message: `the answer of GitHub broke off: ${message}` }
  }
  return { ok: true, status, data: null, bytes: Buffer.concat(chunks) }
}

/** What octokit throws, as far as it is needed here. */
interface Thrown {
  status?: number
  message?: string
  response?: { status?: number; headers?: Record<string, string | undefined>; data?: { message?: unknown } }
}

function failureOf(cause: unknown): GitHubAnswer {
  const { status, message, response } = cause as Thrown
  // Only octokit's own errors say what happened outside; everything else is a bug of ours.
  if (status === undefined) throw cause
  if (!response) return { ok: false, kind: 'network', message: `GitHub could not be reached: ${message ?? ''}` }
  const said = typeof response.data?.message === 'string' ? response.data.message : (message ?? '')
  const headers = response.headers ?? {}
  const spent = headers['x-ratelimit-remaining'] === '0' || /secondary rate limit|abuse/i.test(said)
  if (status === 429 || (status === 403 && (spent || headers['retry-after'] !== undefined)))
    return { ok: false, kind: 'limited', message: said }
  // Then it is a page for people, which says nothing to them here.
  const page = said.includes('<')
  if (status >= 500)
    return { ok: false, kind: 'network', message: `GitHub answered ${status}${page ? '' : `: ${said}`}` }
  const permissions = headers['x-accepted-github-permissions']
  return { ok: false, kind: 'refused', status, message: said, ...(permissions ? { permissions } : {}) }
}
