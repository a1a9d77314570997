import { afterEach, describe, expect, test } from '@jest/globals'
import type { RequestListener } from 'node:http'
import { hostGitHub } from '../../src/host/github.js'
import { loopbackServer } from '../support/server.js'
import type { LoopbackServer } from '../support/server.js'

const open: LoopbackServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function github(listener: RequestListener) {
  const server = await loopbackServer(listener)
  open.push(server)
  return hostGitHub({ api: server.url, token: 'token', repository: 'org/repo', second: 1 })
}
const route = 'GET /repos/{owner}/{repo}/contents/{path}'

describe('a file of GitHub', () => {
  test('whose connection is lost while it comes is not there, and nothing breaks', async () => {
    const port = await github((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '1000' })
      answer.write('abc', () => answer.destroy())
    })
    const answer = await port.request(route, { path: 'a' }, { maxBytes: 2000 })
    expect(answer).toMatchObject({ ok: false, kind: 'network', message: expect.stringContaining('broke off') })
  })

  test('that never ends is given up when the job is cancelled', async () => {
    const cancel = new AbortController()
    const port = await github((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/octet-stream' })
      answer.write('abc', () => cancel.abort())
    })
    const answer = await port.request(route, { path: 'a' }, { maxBytes: 2000, signal: cancel.signal })
    expect(answer).toMatchObject({ ok: false, kind: 'cancelled' })
  })

  test('that is larger than asked for is refused', async () => {
    const port = await github((_, answer) => void answer.end('x'.repeat(100)))
    const answer = await port.request(route, { path: 'a' }, { maxBytes: 99 })
    expect(answer).toMatchObject({ ok: false, kind: 'refused' })
  })
})
