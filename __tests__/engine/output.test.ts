import { describe, expect, test } from '@jest/globals'
import { LiveView } from '../../src/cli/live.js'
import type { Loudness } from '../../src/cli/live.js'
import { afterReturn, looksLikeError } from '../../src/engine/output.js'
import { FakeClock } from '../support/clock.js'
import { CaptureTerminal } from '../support/ports.js'
import { walk } from '../support/walk.js'

describe('what a step prints', () => {
  test('goes to its log whole, and its last lines are kept when it fails', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `line ${i}`)
    const done = await walk('t: { steps: [{ id: a, run: a, retry: { retries: 1, delay: 1ms } }] }', {
      scripts: { a: { code: 1, stdout: lines.map((line) => `${line}\n`) } },
    })
    const log = `/repo/.wf/runs/${done.outcome.run.id}/logs/t/t/a.2.log`
    expect(done.ports.files.readText(log)).toBe(`${lines.join('\n')}\n`)
    expect(done.step('t/a')).toMatchObject({ log: 'logs/t/t/a.2.log', tail: lines.slice(-20) })
  })

  test('is kept from its first errors too, since the last lines often tell only what followed', async () => {
    const begin = [
      'npm error code EUSAGE',
      'npm error',
      'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
      'npm error Missing: left-pad@1.3.0 from lock file',
    ]
    const usage = Array.from({ length: 40 }, (_, i) => `npm help ${i}`)
    const scripts = {
      a: { code: 1, stderr: [...begin, ...usage, 'npm error at the end'].map((line) => `${line}\n`) },
      b: { code: 1, stdout: Array.from({ length: 9 }, (_, i) => `Error: ${i} went wrong\n`) },
      c: { stdout: 'Error: which nobody minds\n' },
    }
    const steps = '[{ id: a, run: a }, { id: b, if: always(), run: b }, { id: c, if: always(), run: c }]'
    const done = await walk(`t: { steps: ${steps} }`, { scripts })
    expect(done.step('t/a').first_errors).toEqual([begin[0], begin[2], begin[3], 'npm error at the end'])
    expect(done.step('t/a').tail).toHaveLength(20)
    expect(done.step('t/b').first_errors).toHaveLength(5)
    expect(done.step('t/c').first_errors).toBeUndefined()
  })

  test('tells of an error also where colours stand in its words, or pieces come one by one', async () => {
    const scripts = {
      a: { code: 1, stdout: ['compiled\n', '\u001B[31mErr\u001B[1mor\u001B[0m: no such module\n'] },
      b: { code: 1, stdout: ['compiled\nsegmentation fau', 'lt: Er', 'ror of the bus\ndone\n'] },
    }
    const done = await walk('t: { steps: [{ id: a, run: a }, { id: b, if: always(), run: b }] }', { scripts })
    expect(done.step('t/a').first_errors).toEqual(['Error: no such module'])
    expect(done.step('t/b').first_errors).toEqual(['segmentation fault: Error of the bus'])
  })

  test.each<[string, boolean]>([
    ['src/a.ts:3:1 - error TS2304: Cannot find name', true],
    ['TypeError: x is not a function', true],
    ['E: Unable to locate package zlib', true],
    ['Tests: 1 failed, 0 errors', true],
    ['bash: jq: command not found', true],
    ['found 0 errors', false],
    ['compiled without errors', false],
    ['PASS src/errors.test.ts', false],
    ['downloading error-prone 2.3', false],
    ['error', false],
    [`Error ${'x'.repeat(5000)}`, false],
  ])('%.60s: an error is %s', (line, is) => {
    expect(looksLikeError(line)).toBe(is)
  })

  test('of instances whose names are alike goes to files of their own', async () => {
    const done = await walk("t: { matrix: { os: ['a/b', 'a_b'] }, steps: [{ id: s, run: x }] }", {
      scripts: { x: { stdout: 'text\n' } },
    })
    const run = `/repo/.wf/runs/${done.outcome.run.id}`
    const logs = done.outcome.stages[0]?.instances.map(({ steps }) => steps[0]?.log ?? '') ?? []
    expect(logs).toEqual(['logs/t/t[os=a_b]~e6a942bc/s.1.log', 'logs/t/t[os=a_b]/s.1.log'])
    expect(logs.map((log) => done.ports.files.readText(`${run}/${log}`))).toEqual(['text\n', 'text\n'])
  })

  test('is not kept in mind when it succeeds, and makes no log when there is nothing', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a }, { id: b, run: b }] }', {
      scripts: { a: { stdout: 'x\n' } },
    })
    expect(done.step('t/a').tail).toEqual([])
    expect(done.step('t/b').log).toBeUndefined()
  })

  test('is cleaned of escapes and of what was overwritten, before it is shown as the last lines', async () => {
    const noisy = '\u001B[31mred\u001B[0m\r\n10%\r50%\r100%\n\u001B]8;;http://x\u0007link\u001B]8;;\u0007\nbroken \xff'
    const done = await walk('t: { steps: [{ id: a, run: a }] }', { scripts: { a: { code: 1, stderr: noisy } } })
    expect(done.step('t/a').tail).toEqual(['red', '100%', 'link', 'broken ÿ'])
  })

  test('a character that is cut by a chunk is put together again', async () => {
    const bytes = Buffer.from('naïve ✓\n')
    const done = await walk('t: { steps: [{ id: a, run: a }] }', {
      with: ({ processes }) =>
        processes.on(
          ({ argv }) => argv.at(-1) === 'a',
          (spec) => ({ does: () => bytes.forEach((byte) => spec.onOutput('stdout', Uint8Array.of(byte))) }),
        ),
    })
    expect(done.live.get('t/a')).toBe('naïve ✓\n')
  })

  test('is what a terminal would show of it', () => {
    expect(['a', 'a\rb', 'a\rb\r', 'a\r', ''].map(afterReturn)).toEqual(['a', 'b', 'b', 'a', ''])
  })
})

describe('who watches', () => {
  const show = async (
    loudness: Loudness,
    terminal: CaptureTerminal,
    reason = 'why\n::error::x ##[error]y',
  ): Promise<string> => {
    const clock = new FakeClock()
    const view = new LiveView(terminal, clock, loudness)
    const done = await walk(
      't: { steps: { good: { run: good }, bad: { run: bad, retry: { retries: 1, delay: 1s } }, no: { needs: bad, run: x } } }\nu: { requires: { nope: 1 }, steps: [{ run: a }] }',
      {
        scripts: { good: { stdout: 'one\ntwo' }, bad: { code: 1, takes: 1500 } },
        with: ({ processes }) => processes.on(/^nope/, { notStarted: 'no' }),
      },
    )
    view.start({ version: 1, workflow: { name: 'n', path: 'p' }, target: 'all', stages: [] })
    for (const line of done.lines) {
      if (line.event.type === 'attempt.finished' && line.event.step === 't/good')
        view.output('t/good', 'stdout', done.live.get('t/good') ?? '')
      view.journal(line)
    }
    view.output('t/x', 'stdout', `::set-output name=a::b\n##[error]no\n${'z'.repeat(9000)}`)
    const step = done.lines.find(({ event }) => event.type === 'step.finished')
    if (step?.event.type === 'step.finished')
      view.journal({ ...step, event: { ...step.event, step: 't/x', status: 'failure', reason } })
    view.end()
    return terminal.errText
  }

  test('sees each line with its address when it is piped, and nothing that a runner takes for a command', async () => {
    const terminal = new CaptureTerminal()
    const text = await show('lines', terminal)
    expect(terminal.outText).toBe('')
    expect(text.split('\n').map((line) => line.slice(0, 60))).toEqual([
      '  ? u  it requires nope 1, and there is no `nope` here',
      '[t/good] one',
      '[t/good] two',
      '  ✓ t/good  0ms',
      '  ↻ t/bad  attempt 2',
      '  ✗ t/bad  4.0s  exit 1',
      '  - t/no  it needs `bad`, which failed',
      '[t/x] ::set-output name=a::b',
      '[t/x] # #[error]no',
      `[t/x] ${'z'.repeat(54)}`,
      '  ✗ t/x  why ::error::x # #[error]y',
      '',
    ])
  })

  test('sees steps and a line of progress on a terminal', async () => {
    const text = await show('steps', new CaptureTerminal(true, true, 40))
    expect(text).toContain('\r\u001B[2K\u001B[36m  0/0  t/good, t/bad\u001B[0m')
    expect(text).toContain('  \u001B[32m✓\u001B[0m t/good  \u001B[90m0ms\u001B[0m\n')
    expect(text).not.toContain('[t/good] one')
    expect(text.endsWith('\r\u001B[2K')).toBe(true)
  })

  test('sees nothing when nothing was asked for', async () => {
    expect(await show('nothing', new CaptureTerminal(true))).toBe('')
  })
})
