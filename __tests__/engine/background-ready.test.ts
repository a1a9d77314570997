import { describe, expect, test } from '@jest/globals'
import { OutsideError } from '../../src/base/errors.js'
import { answer } from '../support/http.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

const server = { hangs: true, stdout: 'starting\nlistening on 3000\n' }
const stepsOf = ({ started }: Walked): [string, number, number | undefined][] =>
  started.map(({ script, from, to }) => [script, from, to])
const signalsOf = ({ started }: Walked, name: string): string[] | undefined =>
  started.find(({ script }) => script === name)?.signals

/** The order in which a step and its attempts are told in the journal. */
const toldOf = ({ events }: Walked, step: string): string[] =>
  events.flatMap((event) => ('step' in event && event.step === step ? [event.type] : []))

describe('a background step is ready', () => {
  const text = (ready: string, more = ''): string =>
    `t: { steps: [{ id: s, run: server, background: true, ready: ${ready}${more} }, { id: a, run: a }] }`

  test('by http, when it answers with the status', async () => {
    let asked = 0
    const done = await walk(text("{ http: 'http://127.0.0.1:3000/health', status: 204, interval: 1s }"), {
      scripts: { server },
      with: ({ http }) =>
        void http.on('GET http://127.0.0.1:3000/health', () => {
          asked += 1
          if (asked === 1) return { kind: 'network', reason: 'refused' }
          return answer(asked === 2 ? 503 : 204)
        }),
    })
    expect(done.step('t/s')).toMatchObject({ status: 'success', background: { ready_ms: 2000 } })
    expect(done.ports.http.requests.map(({ allowPrivate }) => allowPrivate)).toEqual([true, true, true])
    expect(stepsOf(done)[1]).toEqual(['a', 2000, 2000])
  })

  test('by any status of 200 to 299 where none is named', async () => {
    const done = await walk(text("{ http: 'http://127.0.0.1:3000/' }"), {
      scripts: { server },
      with: ({ http }) => void http.on(/^GET/, answer(201)),
    })
    expect(done.exit).toBe(0)
  })

  test.each([
    ["'127.0.0.1:5432'", '127.0.0.1', 5432],
    ['5432', '127.0.0.1', 5432],
    ["'[::1]:80'", '::1', 80],
    ["'localhost:80'", 'localhost', 80],
  ])('by tcp, when it accepts a connection: %s', async (tcp, host, port) => {
    const tried: unknown[] = []
    const done = await walk(text(`{ tcp: ${tcp}, interval: 100ms }`), {
      scripts: { server },
      with: (ports) =>
        Object.assign(ports, {
          sockets: {
            connect: async (to: { host: string; port: number }) => {
              tried.push([to.host, to.port])
              if (tried.length < 4) throw new OutsideError(`${to.host} refused the connection`, 'ECONNREFUSED')
              return { close: () => undefined }
            },
          },
        }),
    })
    expect(tried).toEqual(Array.from({ length: 4 }, () => [host, port]))
    expect(done.step('t/s').background).toEqual({ ready_ms: 300 })
  })

  test.each([
    ['on a line', ['star', 'ting\nlis', 'tening on 3000\n']],
    ['on a line that has no end', ['listening on ']],
    ['on a line with colours', ['\u001B[32mlisten\u001B[0ming on 1\n']],
  ])('by its log, %s', async (_, stdout) => {
    const done = await walk(text("{ log: 'listening on' }"), { scripts: { server: { hangs: true, stdout } } })
    expect(done.step('t/s').status).toBe('success')
  })

  test('never by what is a secret', async () => {
    const done = await walk(
      `t: { steps: [{ id: s, run: server, background: true, secrets: [TOKEN], ready: { log: hunter22, within: 1s } }] }`,
      { secrets: { TOKEN: 'hunter22' }, scripts: { server: { hangs: true, stdout: 'hunter22\n' } } },
    )
    expect(done.step('t/s')).toMatchObject({ status: 'failure' })
  })

  test('in time, or it fails with the reason and its last lines, and what needs it does not begin', async () => {
    const done = await walk(text("{ http: 'http://127.0.0.1:1/', within: 10s }"), {
      scripts: { server },
      with: ({ http }) => void http.on(/^GET/, answer(500)),
    })
    expect(done.step('t/s')).toMatchObject({
      status: 'failure',
      reason: 'it was not ready within 10s: it answered with status 500',
      tail: ['starting', 'listening on 3000'],
      background: { ready_ms: null },
    })
    expect(stepsOf(done)).toEqual([['server', 0, 10_000]])
    expect(signalsOf(done, 'server')).toEqual(['SIGINT'])
    expect(done.step('t/a')).toMatchObject({ status: 'skipped', reason: '`s` failed before' })
    expect(toldOf(done, 't/s')).toEqual(['attempt.started', 'attempt.finished', 'step.finished'])
  })

  test('by a log that says nothing of it: the pattern is told', async () => {
    const done = await walk(text("{ log: 'never', within: 2s }"), { scripts: { server } })
    expect(done.step('t/s').reason).toBe('it was not ready within 2s: it printed no line with `never`')
  })

  test('or ended before: it fails, whatever its exit', async () => {
    const done = await walk(text("{ log: 'never' }"), { scripts: { server: { takes: 100, code: 0 } } })
    expect(done.step('t/s')).toMatchObject({ status: 'failure', reason: 'it ended (exit 0) before it was ready' })
  })

  test('at an address that can never be asked it fails at once', async () => {
    const done = await walk(text("{ http: 'http://127.0.0.1/' }"), {
      scripts: { server },
      with: ({ http }) => void http.on(/^GET/, { kind: 'refused', reason: 'the URL is not valid' }),
    })
    expect(done.step('t/s').reason).toBe('it cannot be known when it is ready: the URL is not valid')
    expect(stepsOf(done)[0]?.[2]).toBe(0)
  })

  test('at a later attempt where `retry` starts it anew', async () => {
    let starts = 0
    const done = await walk(text("{ log: 'listening' }", ', retry: { retries: 2, delay: 1s }'), {
      scripts: { server: () => (++starts < 3 ? { takes: 500, code: 1 } : server) },
    })
    expect(stepsOf(done).map(([script, from]) => [script, from])).toEqual([
      ['server', 0],
      ['server', 1500],
      ['server', 4000],
      ['a', 4000],
    ])
    expect(done.step('t/s')).toMatchObject({ status: 'success', attempts: 3 })
  })

  test('and has not told what it declares: it fails and is stopped', async () => {
    const done = await walk(text('{ log: listening }', ', outputs: { port: number }'), { scripts: { server } })
    expect(done.step('t/s')).toMatchObject({
      status: 'failure',
      reason: 'the declared output `port` was not set',
    })
    expect(signalsOf(done, 'server')).toEqual(['SIGINT'])
  })
})
