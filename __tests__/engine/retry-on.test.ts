import { describe, expect, test } from '@jest/globals'
import { answer } from '../support/http.js'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const attemptsWith = async (on: string, script: NonNullable<Walk['scripts']>, more = ''): Promise<number> => {
  const done = await walk(`t: { steps: [{ id: a, run: a, retry: { retries: 2, delay: 1ms, ${on} }${more} }] }`, {
    scripts: script,
  })
  return done.step('t/a').attempts
}

describe('a retry', () => {
  test('is only for the exit codes that `on` names', async () => {
    expect(await attemptsWith('on: { exit-codes: [75, 111] }', { a: { code: 111 } })).toBe(3)
    expect(await attemptsWith('on: { exit-codes: [75, 111] }', { a: { code: 1 } })).toBe(1)
  })

  test('is for what the last lines say, by a pattern', async () => {
    const on = "on: { output: '(?i)econnreset|^429 ' }"
    expect(await attemptsWith(on, { a: { code: 1, stderr: 'read ECONNRESET\n' } })).toBe(3)
    expect(await attemptsWith(on, { a: { code: 1, stderr: 'no such file\n' } })).toBe(1)
    // The reset stands too far before the end.
    const early = `ECONNRESET\n${'then something else went wrong\n'.repeat(30)}`
    expect(await attemptsWith(on, { a: { code: 1, stderr: early } })).toBe(1)
  })

  test('cannot be made to hang by a pattern', async () => {
    const on = "on: { output: '(a+)+$' }"
    expect(await attemptsWith(on, { a: { code: 1, stdout: `${'a'.repeat(5000)}!\n` } })).toBe(1)
  })

  test.each([
    ['exit', { code: 3 }],
    ['signal', { killedBy: 'SIGSEGV' }],
    ['timeout', { hangs: true }],
    ['error', { notStarted: 'the program bash was not found in PATH' }],
  ])('is for the way in which an attempt failed: %s', async (kind, script) => {
    const kinds = ['exit', 'signal', 'timeout', 'error', 'outside']
    const others = kinds.filter((one) => one !== kind).join(', ')
    expect(await attemptsWith(`on: { errors: [${kind}] }`, { a: script }, ', timeout: 1s')).toBe(3)
    expect(await attemptsWith(`on: { errors: [${others}] }`, { a: script }, ', timeout: 1s')).toBe(1)
    expect(await attemptsWith(`if: attempt.error-kind == '${kind}'`, { a: script }, ', timeout: 1s')).toBe(3)
  })

  test('of a report that is missing is for an error of the step', async () => {
    expect(await attemptsWith('on: { errors: [error] }', {}, ', reports: r.xml')).toBe(3)
    expect(await attemptsWith('on: { errors: [exit], exit-codes: [0] }', {}, ', reports: r.xml')).toBe(1)
  })

  test('needs one of `on` and all of `if`', async () => {
    const both = 'on: { exit-codes: [75], output: busy }, if: attempt.number < 2'
    expect(await attemptsWith(both, { a: { code: 75 } })).toBe(2)
    expect(await attemptsWith(both, { a: { code: 1, stdout: 'busy\n' } })).toBe(2)
    expect(await attemptsWith(both, { a: { code: 1 } })).toBe(1)
  })

  test('can ask for the signal and the output itself', async () => {
    const text = `if: "attempt.signal == 'SIGKILL' && contains(attempt.output, 'memory')"`
    expect(await attemptsWith(text, { a: { killedBy: 'SIGKILL', stderr: 'out of memory\n' } })).toBe(3)
    expect(await attemptsWith(text, { a: { killedBy: 'SIGSEGV', stderr: 'out of memory\n' } })).toBe(1)
  })

  test('sees no secret in the output', async () => {
    const done = await walk(
      "t: { steps: [{ id: a, run: a, secrets: [KEY], retry: { retries: 2, delay: 1ms, on: { output: 'tok-123456' } } }] }",
      { scripts: { a: { code: 1, stdout: 'bad key tok-123456\n' } }, secrets: { KEY: 'tok-123456' } },
    )
    expect(done.step('t/a').attempts).toBe(1)
  })

  test('fails the step whose pattern RE2 does not read', async () => {
    const done = await walk("t: { steps: [{ id: a, run: a, retry: { retries: 2, on: { output: '[^]' } } }] }", {
      scripts: { a: { code: 1, stdout: 'x\n' } },
    })
    expect(done.step('t/a').reason).toMatch(/^the pattern of `retry.on.output` cannot be used: /)
  })
})

describe('a service that asks to wait', () => {
  const text = (retry: string): string =>
    `t: { steps: [{ id: a, webhook: { url: 'https://example.com/' }, retry: { retries: 1, delay: 1s, ${retry} } }] }`
  const took = async (header: string, retry = ''): Promise<number> => {
    const done = await walk(text(retry), {
      with: ({ http }) => void http.on(/./, [answer(429, '', { 'retry-after': header }), answer(200)]),
    })
    expect(done.step('t/a')).toMatchObject({ attempts: 2, status: 'success' })
    return done.ports.clock.monotonic()
  }

  test('is waited for, in seconds', async () => {
    expect(await took('7')).toBe(7000)
    expect(await took('0')).toBe(1000)
  })

  test('is waited for, until a date', async () => {
    const done = await walk(text(''), {
      with: ({ http, clock }) => {
        const at = new Date(Math.floor(clock.now() / 1000) * 1000 + 9000).toUTCString()
        http.on(/./, [answer(503, '', { 'retry-after': at }), answer(200)])
      },
    })
    expect(done.ports.clock.monotonic()).toBeGreaterThan(7999)
    expect(done.ports.clock.monotonic()).toBeLessThan(9001)
  })

  test('is waited for no longer than `max-delay`, or than the step allows', async () => {
    expect(await took('3600')).toBe(60_000)
    expect(await took('3600', 'max-delay: 20s')).toBe(20_000)
    expect(await took('3600', 'max-delay: 20s, retry-after: 2h')).toBe(3_600_000)
  })

  test('is not understood when it says neither', async () => {
    expect(await took('soon')).toBe(1000)
  })
})
