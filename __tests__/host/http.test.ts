import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { hostHttp } from '../../src/host/http.js'
import type { HttpAnswer, HttpRequest } from '../../src/ports.js'
import { Scratch } from '../support/scratch.js'
import { type LoopbackServer, loopbackServer } from '../support/server.js'

let server: LoopbackServer
let asked: string[] = []
beforeAll(async () => void (server = await loopbackServer(serve)))
afterAll(() => server.close())

function serve(request: IncomingMessage, response: ServerResponse): void {
  asked.push(`${request.method} ${request.headers.host} ${request.url}`)
  switch (request.url) {
    case '/echo': {
      const chunks: Uint8Array[] = []
      request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      request.on('end', () =>
        response.end(JSON.stringify({ headers: request.headers, body: Buffer.concat(chunks).toString() })),
      )
      return
    }
    case '/endless': {
      const more = (): void => {
        while (response.write('é'.repeat(10_000)));
      }
      response.on('drain', more)
      more()
      return
    }
    case '/half':
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy())
      return
    case '/stuck':
      response.writeHead(200).write('a beginning')
      return
    default:
      response.end('reached')
  }
}

const ask = (url: string, more: Partial<HttpRequest> = {}, http = hostHttp()): Promise<HttpAnswer> =>
  http.request({ method: 'GET', url, headers: {}, timeoutMs: 5000, maxBytes: 1_000_000, allowPrivate: false, ...more })
const open = { allowPrivate: true }

describe('addresses', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://0:PORT/',
    'http://localhost:PORT/',
    'http://169.254.169.254/latest/meta-data/',
  ])('%s is refused, and nobody is asked', async (url) => {
    asked = []
    const got = await ask(url.replace('PORT', String(server.port)))
    expect(got).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/ is not a public address$/) })
    expect(asked).toEqual([])
  })

  test('a public name with a private address is refused, however often it changes its mind', async () => {
    asked = []
    const answers = ['127.0.0.1', '93.184.215.14']
    let resolved = 0
    const http = hostHttp(async () => [{ address: answers[resolved++ % 2] ?? '', family: 4 }])
    const got = await ask(`http://rebind.example:${server.port}/`, {}, http)
    expect(got).toEqual({ kind: 'refused', reason: 'rebind.example is not a public address' })
    expect([resolved, asked]).toEqual([1, []])
  })

  test('are reached when they are allowed, by name too', async () => {
    const http = hostHttp(async () => [{ address: '127.0.0.1', family: 4 }])
    const got = await ask(`http://inside.example:${server.port}/`, open, http)
    expect(got).toMatchObject({ kind: 'answer', status: 200, body: 'reached' })
  })
})

describe('requests', () => {
  test('carry method, headers and body, and an honest length', async () => {
    const more = { ...open, method: 'POST', headers: { 'X-Signature': 'abc' }, body: 'naïve' }
    const got = await ask(`${server.url}/echo`, more)
    const { headers, body } = JSON.parse(got.kind === 'answer' ? got.body : '{}') as Record<string, never>
    expect(body).toBe('naïve')
    expect(headers).toMatchObject({ 'x-signature': 'abc', 'content-length': '6' })
  })

  test.each([
    ['ftp://example.org/', 'only http and https are spoken, not ftp'],
    ['file:///etc/passwd', 'only http and https are spoken, not file'],
    ['https://user:secret@example.org/', 'the URL holds a user name or a password: send them in a header'],
    ['no url', 'the URL is not valid'],
  ])('to %s are refused', async (url, reason) => {
    expect(await ask(url, open)).toEqual({ kind: 'refused', reason })
  })

  test('with a newline in a header or a false method are refused', async () => {
    const forged = await ask(server.url, { ...open, headers: { 'X-Name': 'a\r\nEvil: yes' } })
    expect(forged).toMatchObject({ kind: 'refused', reason: expect.stringContaining('X-Name') })
    expect(await ask(server.url, { ...open, method: 'GET /' })).toMatchObject({ kind: 'refused' })
  })
})

describe('files', () => {
  const scratch = new Scratch('wf-host-http-')
  afterAll(() => scratch.remove())

  test('a part of a file is sent with its length', async () => {
    const file = join(scratch.root, 'sent')
    writeFileSync(file, '0123456789')
    const got = await ask(`${server.url}/echo`, { ...open, method: 'PUT', upload: { file, from: 2, bytes: 5 } })
    const { headers, body } = JSON.parse(got.kind === 'answer' ? got.body : '{}') as Record<string, never>
    expect(body).toBe('23456')
    expect(headers).toMatchObject({ 'content-length': '5' })
    const none = await ask(`${server.url}/echo`, { ...open, method: 'PUT', upload: { file, from: 0, bytes: 0 } })
    expect(none).toMatchObject({ status: 200, body: expect.stringContaining('"body":""') })
  })

  test('one that is not there, or cannot be written, is our own failure', async () => {
    const upload = { file: join(scratch.root, 'not-there'), from: 0, bytes: 5 }
    await expect(ask(`${server.url}/echo`, { ...open, method: 'PUT', upload })).rejects.toMatchObject({
      code: 'ENOENT',
    })
    const into = join(scratch.root, 'sent', 'below-a-file')
    await expect(ask(`${server.url}/`, { ...open, into })).rejects.toMatchObject({ name: 'OutsideError' })
  })

  test('an answer that breaks off, or has no end, is none', async () => {
    const into = join(scratch.root, 'got')
    expect(await ask(`${server.url}/half`, { ...open, into })).toMatchObject({ kind: 'network' })
    expect(await ask(`${server.url}/endless`, { ...open, into })).toMatchObject({ kind: 'network' })
  })
})

describe('answers', () => {
  test('without an end are cut at a whole character', async () => {
    const got = await ask(`${server.url}/endless`, { ...open, maxBytes: 1001 })
    expect(got).toMatchObject({ kind: 'answer', status: 200, body: 'é'.repeat(500) })
  })

  test('that break off are no answers', async () => {
    const got = await ask(`${server.url}/half`, open)
    expect(got).toEqual({ kind: 'network', reason: '127.0.0.1 closed the connection before its answer was whole' })
  })

  test('must be whole within the time limit', async () => {
    const got = await ask(`${server.url}/stuck`, { ...open, timeoutMs: 50 })
    expect(got).toEqual({ kind: 'timeout', reason: '127.0.0.1 did not answer within 50 ms' })
  })

  test('that nobody gives, that are no TLS, or whose name has no address are of the network', async () => {
    const closed = await loopbackServer(() => undefined)
    await closed.close()
    expect(await ask(`${closed.url}/?token=secret`, open)).toEqual({
      kind: 'network',
      reason: '127.0.0.1 refused the connection',
    })
    const plain = await ask(`${server.url}/?token=secret`.replace('http:', 'https:'), open)
    expect(plain).toMatchObject({ kind: 'network', reason: expect.not.stringContaining('secret') })
    const nowhere = hostHttp(() => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })))
    expect(await ask('http://nowhere.example/', {}, nowhere)).toEqual({
      kind: 'network',
      reason: 'nowhere.example has no address',
    })
  })
})
