import { describe, expect, test } from '@jest/globals'
import type { Ports } from '../../src/ports.js'
import { FakeClock } from './clock.js'
import { collect } from './collect.js'
import { MemoryFiles } from './files.js'
import { answer } from './http.js'
import { CaptureTerminal, fakePorts, fixedRandom } from './ports.js'
import { ScriptedProcesses } from './processes.js'

describe('the clock', () => {
  test('runs what falls due at its own time, also what was set up on the way', async () => {
    const clock = new FakeClock(1000)
    const seen: [string, number][] = []
    const note = (name: string): void => void seen.push([name, clock.monotonic()])
    clock.after(20, () => note('second'))
    clock.after(10, () => {
      note('first')
      clock.after(5, () => note('between'))
    })
    clock.after(31, () => note('never'))
    await clock.advance(30)
    expect(seen).toEqual([
      ['first', 10],
      ['between', 15],
      ['second', 20],
    ])
    expect([clock.now(), clock.pending]).toEqual([1030, 1])
  })

  test('settles a chain of waits without waiting, and hands on its failure', async () => {
    const clock = new FakeClock()
    const chain = async (): Promise<number> => {
      for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => clock.after(3_600_000, resolve))
      return clock.monotonic()
    }
    expect(await clock.settle(chain())).toBe(5 * 3_600_000)
    await expect(clock.settle(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})

describe('processes', () => {
  test('record what was started, how much of it at once, and its signals', async () => {
    const clock = new FakeClock()
    const processes = new ScriptedProcesses({ clock }).on('build', { takes: 100 }).on('serve', { hangs: true })
    const [build, serve] = [
      collect(processes, ['make', 'build']),
      collect(processes, ['make', 'serve'], { env: { A: '1' } }),
    ]
    await clock.settle(build.done)
    serve.signal('SIGINT')
    await serve.done
    expect(processes.started).toMatchObject([
      { from: 0, to: 100, exit: { kind: 'exited', code: 0 }, signals: [] },
      { spec: { env: { A: '1' } }, exit: { kind: 'signalled', signal: 'SIGINT' }, signals: ['SIGINT'] },
    ])
    expect([processes.mostAtOnce, processes.running]).toEqual([2, 0])
  })

  test('answer one start after another, and the latest rule first', async () => {
    const codes = async (processes: ScriptedProcesses): Promise<unknown[]> => {
      const exits = []
      for (let i = 0; i < 3; i++) exits.push(await collect(processes, ['flaky']).done)
      return exits.map((exit) => (exit.kind === 'exited' ? exit.code : exit.kind))
    }
    const processes = new ScriptedProcesses().on(/^fl/, [{ code: 1 }, { code: 0 }])
    expect(await codes(processes)).toEqual([1, 0, 0])
    processes.on('flaky', (_, nth) => ({ code: nth + 5 }))
    expect(await codes(processes)).toEqual([5, 6, 7])
  })

  test('have effects, and refuse what no rule knows', async () => {
    const files = new MemoryFiles()
    const processes = new ScriptedProcesses().on('junit', {
      does: ({ cwd }) => files.write(`${cwd}/junit.xml`, '<a/>'),
    })
    await collect(processes, ['junit'], { cwd: '/repo' }).done
    expect(files.all()).toEqual({ '/repo/junit.xml': '<a/>' })
    expect(() => collect(processes, ['other', 'thing'])).toThrow('no script for the command: other thing')
  })
})

test('files fail where a test says so', () => {
  const files = new MemoryFiles({ '/repo/a': 'text' }, (doing, path) =>
    doing === 'writing' && path.startsWith('/repo/.wf') ? 'ENOSPC' : undefined,
  )
  expect(() => files.write('/repo/.wf/journal', '')).toThrow(
    'no space left on the device while writing /repo/.wf/journal',
  )
  files.write('/repo/b', 'fine')
  const log = files.append('/repo/log')
  files.failing = () => 'EIO'
  expect(() => log.write('x')).toThrow('the device failed while writing /repo/log')
  expect(() => files.readText('/repo/a')).toThrow('the device failed while reading /repo/a')
})

describe('all ports', () => {
  test('share one clock, and each can be replaced', async () => {
    const terminal = new CaptureTerminal(true)
    const ports = fakePorts({ terminal })
    const whole: Ports = ports
    expect(whole.terminal).toBe(terminal)
    ports.processes.on('sleep', { takes: 50 })
    await ports.clock.settle(collect(ports.processes, ['sleep']).done)
    expect(ports.clock.monotonic()).toBe(50)
  })

  test('git, http and modules answer by script', async () => {
    const { git, http, modules } = fakePorts()
    git.on('rev-parse HEAD', { stdout: 'abc\n' })
    expect(await git.run('/repo', ['rev-parse', 'HEAD'])).toEqual({ code: 0, stdout: 'abc\n', stderr: '' })
    await expect(git.run('/repo', ['push'])).rejects.toThrow('no script for: git push')
    http.on(/^POST .*hook/, [answer(503), answer(200, 'ok')])
    const request = {
      method: 'POST',
      url: 'https://a.example/hook',
      headers: {},
      timeoutMs: 1,
      maxBytes: 9,
      allowPrivate: false,
    }
    expect(await http.request(request)).toMatchObject({ status: 503 })
    expect(await http.request(request)).toMatchObject({ status: 200, body: 'ok' })
    expect(http.requests).toHaveLength(2)
    await expect(http.request({ ...request, method: 'GET' })).rejects.toThrow('no script for the request')
    await expect(modules.load('/plugin.mjs')).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' })
  })

  test('randomness is foretold', () => {
    const random = fixedRandom(0.1, 0.9)
    expect([random.fraction(), random.fraction(), random.fraction()]).toEqual([0.1, 0.9, 0.1])
    expect([random.hex(4), random.hex(4)]).toEqual(['0001', '0002'])
  })

  test('the terminal keeps what was printed', () => {
    const terminal = new CaptureTerminal()
    terminal.out('a')
    terminal.err('b')
    terminal.out('c')
    expect([terminal.outText, terminal.errText, terminal.text]).toEqual(['ac', 'b', 'abc'])
  })
})
