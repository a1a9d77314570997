import { afterAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { runIn } from '../support/real-run.js'
import { isAlive, Scratch } from '../support/scratch.js'

/** Background steps with real servers: what is ready, and that nothing is left alive. */
const scratch = new Scratch('wf-background-')
afterAll(() => scratch.remove())

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Listens a little later, writes its process id down, and tells on its way out that it was asked to go. */
const server = `import { createServer } from 'node:http'
import { appendFileSync, writeFileSync } from 'node:fs'
const [port, how] = process.argv.slice(2)
writeFileSync('pid', String(process.pid))
if (how === 'dies') setTimeout(() => { console.error('no room'); process.exit(3) }, 300)
if (how === 'deaf') for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => console.log('heard ' + name))
else process.on('SIGINT', () => { console.log('going'); process.exit(0) })
const web = createServer((asked, answer) => { appendFileSync('asked.log', asked.url + '\\n'); answer.end('hello') })
if (how === 'dies') web.unref()
else if (how === 'never') setInterval(() => console.log('still loading'), 50)
else setTimeout(() => web.listen(Number(port), '127.0.0.1', () => console.log('listening on ' + port)), 200)
`
const client = `const answer = await fetch('http://127.0.0.1:' + process.argv[2] + '/test')
console.log(await answer.text())
`
const repository = (stages: string): Promise<string> =>
  scratch.repositoryWith(stages, {
    'server.mjs': server,
    'client.mjs': client,
    '.gitignore': 'pid\nasked.log\nbegan\n.wf/\n',
  })
const pidIn = (folder: string): number => Number(readFileSync(join(folder, 'pid'), 'utf8'))

describe('a server as a background step', () => {
  test.each([
    ['http', (port: number) => `{ http: 'http://127.0.0.1:${port}/health', status: 200, interval: 50ms }`],
    ['tcp', (port: number) => `{ tcp: '127.0.0.1:${port}', interval: 50ms }`],
    ['log', (port: number) => `{ log: 'listening on ${port}$' }`],
  ])('is ready by %s before the test that needs it begins, and gone with its stage', async (_, ready) => {
    const port = await freePort()
    const folder = await repository(`t:
  steps:
    server: { run: exec node server.mjs ${port}, background: true, ready: ${ready(port)} }
    client: { run: node client.mjs ${port}, needs: server }
  finally: [{ id: last, run: node client.mjs ${port} }]
`)
    const { outcome, step, folder: files } = await runIn(folder)
    expect([outcome.verdict, step('t/client').status, step('t/last').status]).toEqual(['pass', 'success', 'success'])
    expect(step('t/server')).toMatchObject({ status: 'success', reason: 'stopped at the end of the stage' })
    expect(step('t/server').background?.ready_ms).toBeGreaterThan(150)
    expect(readFileSync(join(files, step('t/server').log ?? ''), 'utf8')).toBe(`listening on ${port}\ngoing\n`)
    expect(readFileSync(join(folder, 'asked.log'), 'utf8').match(/\/test/g)).toHaveLength(2)
    expect(isAlive(pidIn(folder))).toBe(false)
  })

  test('that never gets ready fails with its last lines, and nothing is left of it', async () => {
    const port = await freePort()
    const folder = await repository(`t:
  steps:
    - { id: server, run: 'exec node server.mjs ${port} never', background: true, ready: { tcp: ${port}, within: 600ms, interval: 50ms } }
    - { id: client, run: node client.mjs ${port} }
`)
    const { outcome, step } = await runIn(folder)
    expect(outcome.verdict).toBe('fail')
    expect(step('t/server')).toMatchObject({
      status: 'failure',
      reason: `it was not ready within 600ms: port ${port}: 127.0.0.1 refused the connection`,
    })
    expect(step('t/server').tail).toContain('still loading')
    expect(step('t/client')).toMatchObject({ status: 'skipped', reason: '`server` failed before' })
    expect(isAlive(pidIn(folder))).toBe(false)
  })

  test('that dies while it is needed fails its stage, and what runs goes on', async () => {
    const port = await freePort()
    const folder = await repository(`t:
  steps:
    - { id: server, run: 'exec node server.mjs ${port} dies', background: true }
    - { id: slow, run: 'until test -e pid; do sleep 0.05; done; while kill -0 $(cat pid) 2> /dev/null; do sleep 0.05; done; sleep 0.3' }
    - { id: next, run: exit 0 }
`)
    const { step } = await runIn(folder)
    expect(step('t/server')).toMatchObject({
      status: 'failure',
      reason: 'it ended (exit 3) while it was needed',
      tail: ['no room'],
    })
    expect(step('t/slow').status).toBe('success')
    expect(step('t/next')).toMatchObject({ status: 'skipped', reason: '`server` failed before' })
  })

  test('and all that it started are gone after a cancel in the middle, even if they do not hear', async () => {
    const port = await freePort()
    const folder = await repository(`t:
  steps:
    - { id: server, run: 'sleep 600 & echo $! > began; exec node server.mjs ${port} deaf', background: true, ready: { tcp: ${port} } }
    - { id: client, run: 'node client.mjs ${port}; sleep 600' }
`)
    const cancel = new AbortController()
    const live = (address: string, _: string, text: string): void => {
      if (address === 't/client' && text.includes('hello')) cancel.abort()
    }
    const { outcome, step } = await runIn(folder, { watch: { cancel: cancel.signal, live } })
    expect(outcome.verdict).toBe('cancelled')
    expect([step('t/server').status, step('t/client').status]).toEqual(['cancelled', 'cancelled'])
    const child = Number(readFileSync(join(folder, 'began'), 'utf8'))
    expect([isAlive(pidIn(folder)), isAlive(child)]).toEqual([false, false])
  }, 20_000)

  test('of a run that is gone on from is started again only where something needs it', async () => {
    const port = await freePort()
    const folder = await repository(`t:
  steps:
    server: { run: 'echo x >> began; exec node server.mjs ${port}', background: true, ready: { tcp: ${port} } }
    one: { run: node client.mjs ${port}, needs: server }
    two: { run: 'node client.mjs ${port}; test -e ok', needs: one }
later: { needs: t, steps: [{ run: test -e good }] }
`)
    const starts = (): number => readFileSync(join(folder, 'began'), 'utf8').length / 2
    const resume = { run: 'last', fresh: false }
    expect((await runIn(folder)).outcome.verdict).toBe('fail')
    await runIn(folder, { resume })
    expect(starts()).toBe(2)
    writeFileSync(join(folder, 'ok'), '')
    const { step } = await runIn(folder, { resume })
    expect(step('t/one')).toMatchObject({ status: 'success', reused: expect.any(String) })
    expect(step('t/two')).toMatchObject({ status: 'success', attempts: 1 })
    expect(starts()).toBe(3)
    const last = await runIn(folder, { resume })
    expect(last.step('t/server')).toMatchObject({ status: 'skipped', reason: 'all that need it are reused' })
    expect(last.step('t/two').reused).toBeDefined()
    const again = await runIn(folder, { resume })
    expect(again.step('t/one').reused).toBeDefined()
    expect(starts()).toBe(3)
  })
})

test('cut off after any line of its journal, a run with a server and a planned matrix goes on to the same end', async () => {
  const port = await freePort()
  const folder = await repository(`plan:
  steps: [{ id: p, run: 'echo list=[1,2] >> $GITHUB_OUTPUT' }]
  outputs: { list: '\${{ steps.p.outputs.list }}' }
t:
  needs: plan
  matrix: { part: '\${{ fromJSON(needs.plan.outputs.list) }}' }
  steps:
    server: { run: exec node server.mjs ${port}, background: true, ready: { tcp: ${port}, interval: 50ms } }
    one: { run: 'node client.mjs ${port}; echo one-\${{ matrix.part }} >> began', needs: server }
    two: { run: 'node client.mjs ${port}; echo two-\${{ matrix.part }} >> began', needs: one }
`)
  const whole = await runIn(folder)
  expect(whole.outcome.verdict).toBe('pass')
  const path = join(whole.folder, 'journal.jsonl')
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  const typeOf = (line: string): string => (JSON.parse(line) as { event: { type: string } }).event.type
  const step = (line: string): string => (JSON.parse(line) as { event: { step?: string } }).event.step ?? ''
  const all = ['one-1', 'two-1', 'one-2', 'two-2']
  for (const [at, line] of lines.entries()) {
    if (!['step.ready', 'stage.planned', 'step.finished', 'instance.started'].includes(typeOf(line))) continue
    writeFileSync(path, `${lines.slice(0, at + 1).join('\n')}\n`)
    writeFileSync(join(folder, 'began'), '')
    const { outcome } = await runIn(folder, { resume: { run: whole.outcome.run.id, fresh: false } })
    expect(outcome.stages.map(({ status }) => status)).toEqual(['success', 'success'])
    const done = lines.slice(0, at + 1).filter((one) => typeOf(one) === 'step.finished')
    const ended = done.flatMap((one) => /part=(\d)\]\/(one|two)$/.exec(step(one))?.slice(1).reverse().join('-') ?? [])
    const ran = readFileSync(join(folder, 'began'), 'utf8').split('\n').filter(Boolean)
    expect([...ended, ...ran].sort()).toEqual([...all].sort())
    expect(isAlive(pidIn(folder))).toBe(false)
  }
})
