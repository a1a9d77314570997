import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostProcesses } from '../../src/host/processes.js'
import type { ProcessSpec } from '../../src/ports.js'
import { flush } from '../support/clock.js'
import { collect } from '../support/collect.js'

const processes = hostProcesses()
const bash = (script: string, ...args: string[]): ProcessSpec['argv'] => {
  return ['bash', '--noprofile', '--norc', '-c', script, 'bash', ...args]
}
// They read /proc, or need setsid(1).
const testOnLinux = process.platform === 'linux' ? test : test.skip

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wf-processes-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Whether a process still runs; one that is dead and waits for its parent does not. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits until a condition holds; the test's own time limit ends a wait in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await flush()
}

describe('what a process gets', () => {
  test('exactly its environment, its folder and its arguments, which no shell reads', async () => {
    const env = { PATH: processes.environment['PATH'] ?? '', ONLY: 'a "b" $(c)\nd' }
    const printed = collect(processes, ['env', '-0'], { env })
    await printed.done
    expect(printed.stdout().split('\0').filter(Boolean).sort()).toEqual([`ONLY=${env.ONLY}`, `PATH=${env.PATH}`])
    const run = collect(processes, bash('pwd -P; printf "<%s>" "$@"', '$(touch pwned)', '', 'a b'), { cwd: folder })
    await run.done
    expect(run.stdout()).toBe(`${folder}\n<$(touch pwned)><><a b>`)
  })

  test('its standard input, and an empty one when there is none', async () => {
    const text = 'line\n'.repeat(100_000)
    const run = collect(processes, ['cat'], { stdin: text })
    await run.done
    expect(run.stdout()).toBe(text)
    const empty = collect(processes, ['cat'])
    expect(await empty.done).toEqual({ kind: 'exited', code: 0 })
    expect(empty.stdout()).toBe('')
  })

  test('more input than it reads is no error', async () => {
    const run = collect(processes, ['true'], { stdin: 'x'.repeat(1_000_000) })
    expect(await run.done).toEqual({ kind: 'exited', code: 0 })
  })
})

describe('output', () => {
  test('of each stream comes whole and in order', async () => {
    const run = collect(processes, bash('for i in {1..5000}; do echo $i; echo e$i >&2; done'))
    await run.done
    const numbers = Array.from({ length: 5000 }, (_, i) => i + 1)
    expect(run.stdout()).toBe(`${numbers.join('\n')}\n`)
    expect(run.stderr()).toBe(`${numbers.map((n) => `e${n}`).join('\n')}\n`)
  })

  test('of 200 MB is delivered to the last byte with flat memory', async () => {
    const wanted = 200_000_000
    let got = 0
    let chunks = 0
    const before = process.memoryUsage.rss()
    let most = before
    const onOutput = (_: string, chunk: Uint8Array): void => {
      got += chunk.length
      if (chunks++ % 50 === 0) most = Math.max(most, process.memoryUsage.rss())
    }
    await collect(processes, ['head', '-c', String(wanted), '/dev/zero'], { onOutput }).done
    expect(got).toBe(wanted)
    expect(most - before).toBeLessThan(100_000_000)
  })

  test('of a child that lags behind the leader is kept', async () => {
    const run = collect(
      processes,
      bash('exec > >(while read l; do echo "got $l"; done; echo tail); echo one; echo two'),
    )
    await run.done
    expect(run.stdout()).toBe('got one\ngot two\ntail\n')
  })

  testOnLinux('that was in the pipe wins over a patience that ran out while we were busy', async () => {
    const impatient = hostProcesses({ quietMs: 0, graceMs: 0 })
    const script = 'sleep 1000 & echo $$; read go; head -c 50000 /dev/zero; exit 4'
    let got = 0
    let text = ''
    const run = impatient.start({
      argv: bash(script),
      cwd: folder,
      env: { PATH: processes.environment['PATH'] ?? '' },
      stdin: 'go\n',
      onOutput: (_, chunk) => {
        got += chunk.length
        if (text) return
        text = Buffer.from(chunk).toString()
        // The main thread is held up until the process is over.
        while (alive(Number.parseInt(text, 10)));
      },
    })
    expect(await run.done).toEqual({ kind: 'exited', code: 4 })
    expect(got).toBe(50_000 + `${Number.parseInt(text, 10)}\n`.length)
  })
})

describe('nothing stays behind', () => {
  test('children with and without the pipes are gone after the exit', async () => {
    for (const redirected of ['', '>/dev/null 2>&1']) {
      const run = collect(processes, bash(`sleep 1000 ${redirected} & echo $!; exit 5`))
      expect(await run.done).toEqual({ kind: 'exited', code: 5 })
      const pid = Number(run.stdout())
      expect(pid).toBeGreaterThan(1)
      await until(() => !alive(pid))
    }
  })

  test('a signal reaches grandchildren', async () => {
    const run = collect(processes, bash('(sleep 1000 & echo $!; wait) & wait'))
    await run.printed('\n')
    const pid = Number(run.stdout())
    expect(alive(pid)).toBe(true)
    run.signal('SIGTERM')
    expect(await run.done).toEqual({ kind: 'signalled', signal: 'SIGTERM' })
    await until(() => !alive(pid))
  })

  test('a child that hears SIGTERM and goes on is ended by SIGKILL', async () => {
    const run = collect(processes, bash('trap "echo heard" TERM; echo ready; while :; do sleep 1000 & wait $!; done'))
    await run.printed('ready')
    run.signal('SIGTERM')
    await run.printed('heard')
    run.signal('SIGKILL')
    expect(await run.done).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
  })

  const daemons: [string, string][] = [
    ['silent', 'setsid sleep 1000 & echo $!'],
    ['chatty', 'setsid bash -c "while echo x >&2; do read -t 0.01 <> <(:); done" & echo $!'],
  ]
  testOnLinux.each(daemons)(
    'a %s daemon that left the group and holds the pipes does not hold us',
    async (_, script) => {
      const run = collect(hostProcesses({ quietMs: 50, graceMs: 200 }), bash(script))
      expect(await run.done).toEqual({ kind: 'exited', code: 0 })
      const pid = Number(run.stdout())
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // The chatty one died of its closed pipe.
      }
    },
  )
})

describe('what cannot start says why', () => {
  const reasonOf = async (argv: ProcessSpec['argv'], more: Partial<ProcessSpec> = {}): Promise<string> => {
    const run = collect(processes, argv, { cwd: folder, ...more })
    run.signal('SIGTERM')
    const exit = await run.done
    return exit.kind === 'not-started' ? exit.reason : `started: ${exit.kind}`
  }

  test('a missing program, by name and by path', async () => {
    expect(await reasonOf(['wf-no-such'])).toBe('the program wf-no-such was not found in PATH')
    expect(await reasonOf(['./wf-no-such'])).toBe('there is no program ./wf-no-such')
  })

  test('a missing folder, and one that is a file', async () => {
    const missing = join(folder, 'no', 'where')
    expect(await reasonOf(['true'], { cwd: missing })).toBe(`there is no folder ${missing} to run true in`)
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(await reasonOf(['true'], { cwd: file })).toBe(`${file}, where true is to run, is not a folder`)
  })

  test('a program that may not be executed, is a folder, or lacks its interpreter', async () => {
    writeFileSync(join(folder, 'plain'), 'text')
    expect(await reasonOf(['./plain'])).toBe('./plain may not be executed: permission denied')
    mkdirSync(join(folder, 'sub'))
    expect(await reasonOf(['./sub'])).toBe('./sub is a folder, not a program')
    writeFileSync(join(folder, 'script'), '#!/no/such/interpreter\n')
    chmodSync(join(folder, 'script'), 0o755)
    expect(await reasonOf(['./script'])).toBe('./script names an interpreter in its first line that was not found')
  })

  test('arguments that are too long, and a NUL in one', async () => {
    expect(await reasonOf(['true', 'x'.repeat(4_000_000)])).toMatch(/^the arguments and variables of true are too long/)
    expect(await reasonOf(['true', 'a\0b'])).toBe(
      '"true" cannot be started: an argument or a variable holds a NUL character',
    )
    expect(await reasonOf([''])).toBe('"" cannot be started: its name is empty')
  })
})

test('a process waits while there is no room for what it prints, and nothing of it is lost', async () => {
  const file = join(folder, 'printed-all')
  let release = (): void => undefined
  let waits: Promise<void> | undefined = new Promise((resolve) => (release = resolve))
  const run = collect(processes, bash('head -c 2000000 /dev/zero; echo > "$1"', file), { room: () => waits })
  await until(() => run.stdout().length > 0)
  for (let i = 0; i < 200; i++) await flush()
  expect([existsSync(file), run.stdout().length < 1_000_000]).toEqual([false, true])
  waits = undefined
  release()
  expect(await run.done).toEqual({ kind: 'exited', code: 0 })
  expect(run.stdout()).toHaveLength(2_000_000)
})

test('a process that ends while there is no room is not waited for', async () => {
  const run = collect(processes, bash('echo text; kill -KILL $$'), { room: () => new Promise(() => undefined) })
  expect(await run.done).toEqual({ kind: 'signalled', signal: 'SIGKILL' })
  expect(run.stdout()).toBe('text\n')
})
