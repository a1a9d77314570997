import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { hostFiles } from '../../src/host/files.js'
import { hostHttp } from '../../src/host/http.js'
import type { Http, HttpAnswer, HttpRequest } from '../../src/ports.js'
import { FakeClock } from '../support/clock.js'
import { answer, ScriptedHttp } from '../support/http.js'
import { Scratch } from '../support/scratch.js'
import { type LoopbackServer, loopbackServer } from '../support/server.js'

/** What is asked for decides the answer, of the real server and of the script alike. */
const pages: Record<string, HttpAnswer | 'hangs'> = {
  '/ok': answer(200, 'fine', { 'x-name': 'Value', 'set-cookie': 'a=1, b=2' }),
  '/missing': answer(404, 'no'),
  '/elsewhere': answer(302, '', { location: '/ok' }),
  '/long': answer(200, 'x'.repeat(100_000)),
  '/never': 'hangs',
}
function serve({ url }: IncomingMessage, response: ServerResponse): void {
  const page = pages[url ?? '']
  if (page === 'hangs' || page?.kind !== 'answer') return
  if (url === '/ok') response.setHeader('X-Name', 'Value').setHeader('Set-Cookie', ['a=1', 'b=2'])
  if (url === '/elsewhere') response.setHeader('Location', '/ok')
  response.writeHead(page.status).end(page.body)
}

function scripted(): { http: Http; settle: <T>(promise: Promise<T>) => Promise<T> } {
  const clock = new FakeClock()
  const http = new ScriptedHttp(clock, hostFiles())
  for (const [path, page] of Object.entries(pages)) http.on(path, page)
  return { http, settle: (promise) => clock.settle(promise) }
}
const subjects: [string, typeof scripted][] = [
  ['that follows a script', scripted],
  ['of the host', () => ({ http: hostHttp(), settle: (promise) => promise })],
]

let server: LoopbackServer
beforeAll(async () => void (server = await loopbackServer(serve)))
afterAll(() => server.close())
const scratch = new Scratch('wf-http-')
afterAll(() => scratch.remove())

describe.each(subjects)('http %s', (_, make) => {
  const request = (path: string, more: Partial<HttpRequest> = {}): HttpRequest => {
    const limits = { timeoutMs: 5000, maxBytes: 1_000_000, allowPrivate: true }
    return { method: 'GET', url: server.url + path, headers: {}, ...limits, ...more }
  }

  test('answers with status, headers in lower case and body', async () => {
    const got = await make().http.request(request('/ok'))
    expect(got).toMatchObject({ kind: 'answer', status: 200, body: 'fine' })
    expect(got).toMatchObject({ headers: { 'x-name': 'Value', 'set-cookie': 'a=1, b=2' } })
  })

  test('any status is an answer, a redirect too', async () => {
    expect(await make().http.request(request('/missing'))).toMatchObject({ kind: 'answer', status: 404, body: 'no' })
    const redirect = await make().http.request(request('/elsewhere'))
    expect(redirect).toMatchObject({ kind: 'answer', status: 302, headers: { location: '/ok' } })
  })

  test('cuts a long body', async () => {
    const got = await make().http.request(request('/long', { maxBytes: 1000 }))
    expect(got).toMatchObject({ kind: 'answer', status: 200, body: 'x'.repeat(1000) })
  })

  test('puts what it was asked for into a file, whole or not at all', async () => {
    const into = join(scratch.folderWith(undefined), 'deep', 'file')
    const got = await make().http.request(request('/long', { into }))
    expect(got).toMatchObject({ kind: 'answer', status: 200, body: '' })
    expect(readFileSync(into, 'utf8')).toBe('x'.repeat(100_000))
    const other = join(scratch.folderWith(undefined), 'file')
    expect(await make().http.request(request('/missing', { into: other }))).toMatchObject({ status: 404, body: 'no' })
    expect(existsSync(other)).toBe(false)
    expect(await make().http.request(request('/long', { into: other, maxBytes: 1000 }))).toEqual({
      kind: 'network',
      reason: 'the answer is longer than 1000 bytes',
    })
  })

  test('gives up after the time limit', async () => {
    const { http, settle } = make()
    expect(await settle(http.request(request('/never', { timeoutMs: 20 })))).toMatchObject({ kind: 'timeout' })
  })

  test('can be cancelled, before and during the request', async () => {
    const early = AbortSignal.abort()
    expect(await make().http.request(request('/ok'), early)).toMatchObject({ kind: 'network' })
    const controller = new AbortController()
    const got = make().http.request(request('/never'), controller.signal)
    controller.abort()
    expect(await got).toEqual({ kind: 'network', reason: 'the request was cancelled' })
  })
})
