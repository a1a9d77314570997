import { describe, expect, test } from '@jest/globals'
import { hostProcesses } from '../../src/host/processes.js'
import type { Processes, ProcessSpec } from '../../src/ports.js'
import { collect } from '../support/collect.js'
import { type Script, ScriptedProcesses } from '../support/processes.js'

/** The real port runs the command; the fake plays the script that says the same. */
type Make = (script: Script) => Processes
const subjects: [string, Make][] = [
  ['that follow a script', (script) => new ScriptedProcesses().on(() => true, script)],
  ['of the host', () => hostProcesses()],
]
const bash = (script: string): ProcessSpec['argv'] => ['bash', '--noprofile', '--norc', '-c', script]

describe.each(subjects)('processes %s', (_, make) => {
  test('answer with the exit code', async () => {
    expect(await collect(make({}), ['true']).done).toEqual({ kind: 'exited', code: 0 })
    expect(await collect(make({ code: 3 }), bash('exit 3')).done).toEqual({ kind: 'exited', code: 3 })
  })

  test('answer with the signal that ended them', async () => {
    const died = await collect(make({ killedBy: 'SIGSEGV' }), bash('kill -SEGV $$')).done
    expect(died).toEqual({ kind: 'signalled', signal: 'SIGSEGV' })
  })

  test('hand over all output of each stream in order before they are done', async () => {
    const script = { stdout: ['one\n', 'two\n'], stderr: 'oops\n' }
    const run = collect(make(script), bash('echo one; echo oops >&2; echo two'))
    expect(run.stdout()).toBe('')
    await run.done
    expect([run.stdout(), run.stderr()]).toEqual(['one\ntwo\n', 'oops\n'])
  })

  test('that are not there say so', async () => {
    const processes = make({ notStarted: 'the program wf-no-such was not found in PATH' })
    const exit = await collect(processes, ['wf-no-such', 'argument']).done
    expect(exit).toEqual({ kind: 'not-started', reason: 'the program wf-no-such was not found in PATH' })
  })

  test('run until a signal ends them', async () => {
    const run = collect(make({ stdout: 'ready\n', hangs: true }), bash('echo ready; sleep 1000; exit 1'))
    await run.printed('ready')
    run.signal('SIGTERM')
    expect(await run.done).toEqual({ kind: 'signalled', signal: 'SIGTERM' })
    run.signal('SIGKILL')
  })

  test('may answer a signal with an exit code', async () => {
    const script: Script = { stdout: 'ready\n', hangs: true, traps: { SIGINT: 7 } }
    const run = collect(make(script), bash('trap "exit 7" INT; echo ready; while :; do sleep 1000 & wait $!; done'))
    await run.printed('ready')
    run.signal('SIGINT')
    expect(await run.done).toEqual({ kind: 'exited', code: 7 })
  })

  test('may ignore a signal, but not SIGKILL', async () => {
    const script: Script = { stdout: 'ready\n', hangs: true, ignores: ['SIGINT', 'SIGTERM'] }
    const run = collect(make(script), bash('trap "" INT TERM; echo ready; sleep 1000; echo survived'))
    await run.printed('ready')
    run.signal('SIGINT')
    run.signal('SIGTERM')
    run.signal('SIGKILL')
    expect(await run.done).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
    expect(run.stdout()).toBe('ready\n')
  })

  test('whose output cannot be kept are ended, and fail with the reason', async () => {
    const full = new Error('no space left')
    const run = collect(make({ stdout: 'text\n', hangs: true }), bash('echo text; sleep 1000'), {
      onOutput: () => {
        throw full
      },
    })
    await expect(run.done).rejects.toBe(full)
  })

  test('know the machine', () => {
    const processes = make({})
    expect(processes.cores).toBeGreaterThanOrEqual(1)
    expect(processes.platform).toMatch(/^[a-z0-9]+$/)
    expect(processes.environment['PATH']).toBeTruthy()
    expect(processes.environment).toBe(processes.environment)
  })
})
