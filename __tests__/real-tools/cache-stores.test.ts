import { afterAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { redisStore } from '../../src/engine/cache/stores/redis.js'
import { RespClient } from '../../src/engine/cache/stores/resp.js'
import { s3Store } from '../../src/engine/cache/stores/s3.js'
import { hostPorts } from '../../src/host/index.js'
import { hostSockets } from '../../src/host/sockets.js'
import { Scratch } from '../support/scratch.js'
import type { Backend, Trouble } from '../support/stores/all.js'
import { storeSuite } from '../support/stores/suite.js'
import { describeWith, tool } from '../support/tools.js'

/** The common suite over a real Redis and a real server of S3 that checks signatures: killed, stopped and full. */
const scratch = new Scratch('wf-real-stores-')
afterAll(() => scratch.remove())

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A server that can be killed, stopped and started again; it has started when its port answers. */
class Server {
  #child: ChildProcess | undefined

  constructor(
    readonly port: number,
    private readonly argv: readonly [string, ...string[]],
  ) {}

  async start(): Promise<void> {
    const [program, ...args] = this.argv
    const child = spawn(program, args, { stdio: 'ignore' })
    this.#child = child
    const ended = new Promise<never>((_, fail) =>
      child.once('exit', (code) => fail(new Error(`${program} ended with ${code}`))),
    )
    ended.catch(() => undefined)
    const answers = async (): Promise<void> => {
      for (;;) {
        const open = await hostSockets()
          .connect({ host: '127.0.0.1', port: this.port, secure: false, timeoutMs: 5000 })
          .catch(() => undefined)
        if (open) return open.close()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await Promise.race([answers(), ended])
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name)
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}

/** What is done to a server; `full` is its own business. */
function troubling(server: Server, full: (on: boolean) => Promise<void>): Backend['trouble'] {
  let before: Trouble | undefined
  return async (kind) => {
    if (before === 'silent') server.signal('SIGCONT')
    if (before === 'full') await full(false)
    if (before === 'gone') await server.start()
    if (kind === 'silent') server.signal('SIGSTOP')
    if (kind === 'full') await full(true)
    if (kind === 'gone') await server.kill()
    before = kind
  }
}

async function realRedis(): Promise<Backend> {
  const port = await freePort()
  const folder = mkdtempSync(join(scratch.root, 'redis-'))
  const password = 'letmein-please'
  const argv = ['--port', String(port), '--requirepass', password, '--dir', folder, '--save', '', '--appendonly', 'no']
  const server = new Server(port, [tool('redis'), ...argv, '--maxmemory-policy', 'noeviction'])
  await server.start()
  const setMemory = async (on: boolean): Promise<void> => {
    const at = { host: '127.0.0.1', port, secure: false, timeoutMs: 5000 }
    const client = new RespClient(await hostSockets().connect(at))
    await client.ask(['AUTH', password], ['CONFIG', 'SET', 'maxmemory', on ? '1' : '0'])
    client.close()
  }
  const place = { host: '127.0.0.1', port, secure: false, database: 2, password, prefix: 'wf-cache:me/[shop]:' }
  return {
    open: () => redisStore({ ...place, age: 30 * 86_400_000 }, hostPorts()),
    trouble: troubling(server, setMemory),
    close: () => server.kill(),
  }
}

async function realS3(mine: { secret?: string } = {}): Promise<Backend> {
  const port = await freePort()
  const folder = mkdtempSync(join(scratch.root, 's3-'))
  const [files, attributes] = ['files', 'attributes'].map((name) => join(folder, name))
  if (files === undefined || attributes === undefined) throw new Error('no folders')
  mkdirSync(join(files, 'wf-cache'), { recursive: true })
  mkdirSync(attributes)
  const keys = { id: 'wf-access', secret: 'wf-secret-of-the-test' }
  const access = ['--access', keys.id, '--secret', keys.secret, '--port', `127.0.0.1:${port}`]
  const server = new Server(port, [tool('versitygw'), ...access, 'posix', '--sidecar', attributes, files])
  await server.start()
  const place = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'wf-cache',
    prefix: "me/shop's (1)/",
    keys: { ...keys, ...mine },
  }
  return {
    open: () => s3Store(place, hostPorts()),
    trouble: troubling(server, async () => undefined),
    close: () => server.kill(),
  }
}

const root = (): string => scratch.root

describeWith('redis')('a real Redis', () =>
  storeSuite('redis', { open: realRedis, root, troubles: ['full', 'gone', 'silent'] }),
)

describeWith('versitygw')('a real server of S3', () => {
  storeSuite('s3', { open: async () => realS3(), root, troubles: ['gone', 'silent'] })

  test('refuses another secret', async () => {
    const backend = await realS3({ secret: 'another-secret' })
    try {
      const asked = backend.open().get('a', join(scratch.root, 'refused'), new AbortController().signal)
      await expect(asked).rejects.toThrow('403 (SignatureDoesNotMatch')
    } finally {
      await backend.close()
    }
  })
})
