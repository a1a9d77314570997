import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { HttpAnswer, HttpRequest } from '../../../src/ports.js'
import { answer } from '../../support/http.js'
import type { Reply } from '../../support/scripts.js'
import { walk } from '../../support/walk.js'
import type { Walk } from '../../support/walk.js'

describe('webhook', () => {
  const call = (rest: string, more: Walk = {}) =>
    walk(`t: { steps: [{ id: a, webhook: { url: 'https://hook.example/x', ${rest} }, secrets: [KEY] }] }`, {
      tracked: [],
      ...more,
      with: ({ http }) => http.on(/hook\.example/, answer(200, '{"id":7}')),
    })
  const answered = (rest: string, reply: Reply<HttpRequest, HttpAnswer | 'hangs'>, more = '') =>
    walk(`t: { steps: [{ id: a, webhook: { url: 'https://hook.example', ${rest} } ${more} }] }`, {
      with: ({ http }) => http.on(/hook/, reply),
    })

  test('sends JSON whose expressions keep their type', async () => {
    const done = await call(
      `headers: { X-Run: "\${{ run.target }}" }, json: { text: "at \${{ github.ref_name }}", dirty: "\${{ run.dirty }}", deep: ["\${{ 40 == 40 }}", null, 3] }`,
    )
    const [request] = done.ports.http.requests
    expect(request).toMatchObject({ method: 'POST', allowPrivate: false, timeoutMs: 30_000 })
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-run': 'all' })
    expect(JSON.parse(request?.body ?? '')).toEqual({ text: 'at main', dirty: false, deep: [true, null, 3] })
    expect(done.events.find((e) => e.type === 'step.finished')).toMatchObject({
      outputs: { status: 200, body: '{"id":7}' },
    })
  })

  test('is signed over its time and its body', async () => {
    const done = await call('text: hello, secret: "${{ secrets.KEY }}"', { secrets: { KEY: 'topsecret' } })
    const [request] = done.ports.http.requests
    const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(request?.headers['x-wf-signature'] ?? '') ?? []
    expect(Number(seconds)).toBe(Math.floor(done.ports.clock.start / 1000))
    expect(mac).toBe(createHmac('sha256', 'topsecret').update(`${seconds}.hello`).digest('hex'))
    const without = await call('text: hello, secret: "${{ secrets.KEY }}"')
    expect(without.step('t/a').reason).toBe(
      'the secret that signs the request is empty: pass it in, and name it in `secrets`',
    )
    expect(without.ports.http.requests).toEqual([])
  })

  test('expects any of 200 to 299, or what `status` says', async () => {
    expect((await answered('', answer(204))).exit).toBe(0)
    expect((await answered('status: [404, 410]', answer(404))).exit).toBe(0)
    const wrong = await answered('', answer(404))
    expect(wrong.step('t/a').reason).toBe('the answer is 404, expected 200 to 299')
    expect(wrong.exit).toBe(1)
    expect((await answered('status: 201', answer(200))).step('t/a').reason).toBe('the answer is 200, expected 201')
  })

  test('that an outside service fails is exit code 3, if nothing else failed', async () => {
    const replies = [
      { kind: 'network' as const, reason: 'no such host' },
      { kind: 'timeout' as const, reason: 'no answer within 30 s' },
      answer(503),
      answer(429),
    ]
    for (const reply of replies) {
      const done = await answered('', reply)
      expect([done.exit, done.outcome.verdict]).toEqual([3, 'fail'])
      expect(done.step('t/a').outside).toBe(true)
    }
    const both = await walk(
      't: { on-failure: continue, steps: { a: { webhook: { url: https://hook.example } }, b: { run: b } } }',
      { with: ({ http }) => http.on(/hook/, answer(503)), scripts: { b: { code: 1 } } },
    )
    expect(both.exit).toBe(1)
  })

  test('to a private address is refused, and is no failure of an outside', async () => {
    const done = await answered('', { kind: 'refused', reason: '10.0.0.1 is a private address' })
    expect(done.step('t/a').reason).toBe(
      '10.0.0.1 is a private address; `allow-private: true` allows private addresses',
    )
    expect(done.exit).toBe(1)
    const allowed = await answered('allow-private: true', answer(200))
    expect(allowed.ports.http.requests[0]).toMatchObject({ allowPrivate: true })
    expect((await walk("t: { steps: [{ id: a, webhook: { url: 'file:///etc/passwd' } }] }")).step('t/a').reason).toBe(
      'the URL is no http or https address',
    )
  })

  test('is sent again by `retry`, and stops with its step', async () => {
    const done = await answered('', [answer(503), answer(200)], ', retry: { retries: 2 }')
    expect(done.ports.http.requests).toHaveLength(2)
    expect(done.exit).toBe(0)
    const slow = await answered('', 'hangs', ', timeout: 5s')
    expect(slow.step('t/a').reason).toBe('took longer than 5s')
    expect(slow.ports.clock.monotonic()).toBe(5000)
  })
})
