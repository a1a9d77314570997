import { afterEach } from '@jest/globals'
import type { Json } from '../../src/base/json.js'
import { defaultTokens, startFakeGitHub } from '../../src/fake-github/index.js'
import type { FakeGitHub, FakeGitHubOptions } from '../../src/fake-github/index.js'

/** An answer, its JSON read. */
export interface Answered {
  status: number
  /** `undefined` when it is not JSON. */
  data: unknown
  text: string
  headers: Headers
}

/** Asks a fake with a token: `ask('POST', '/repos/org/repo/check-runs', { … })`. */
export type Ask = (method: string, path: string, body?: Json) => Promise<Answered>

export interface Started {
  github: FakeGitHub
  /** With all rights. */
  ask: Ask
  /** With another token; without any when there is none. */
  as: (token?: string, headers?: Record<string, string>) => Ask
}

/** Where time stands in these tests, unless they move it. */
export const noon = Date.parse('2026-03-01T12:00:00Z')

/** Starts fakes for the tests of a file, and ends them after each; their bugs fail the test. */
export function fakes(): (options?: FakeGitHubOptions) => Promise<Started> {
  const open: FakeGitHub[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()))
  })
  return async (options = {}) => {
    const github = await startFakeGitHub({ now: () => noon, ...options })
    open.push(github)
    const as: Started['as'] = (token, headers = {}) => asking(github.url, { ...authorization(token), ...headers })
    return { github, ask: as(defaultTokens.writes), as }
  }
}

const authorization = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

const asking =
  (url: string, headers: Record<string, string>): Ask =>
  async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`${url}${path}`, { method, headers, redirect: 'manual', ...init })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
    return {
      status: answer.status,
      data: isJson ? (JSON.parse(text) as unknown) : undefined,
      text,
      headers: answer.headers,
    }
  }

/** A list of every page, by the `Link` header; the number of requests beside it. */
export async function everyPage(
  github: FakeGitHub,
  ask: Ask,
  path: string,
): Promise<{ items: Json[]; requests: number }> {
  const items: Json[] = []
  let requests = 0
  for (let next: string | undefined = path; next !== undefined; requests += 1) {
    const { data, headers } = await ask('GET', next)
    items.push(...(data as Json[]))
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.replace(github.url, '')
  }
  return { items, requests }
}

/** The number of what was made or found. */
export const idOf = ({ data }: Answered): number => (data as { id: number }).id

/** The values of one key in a list. */
export const each = (items: unknown, key: string): unknown[] =>
  (items as { [key: string]: unknown }[]).map((item) => item[key])

/** The path of the repository that a fake has by default. */
export const repo = '/repos/org/repo'
