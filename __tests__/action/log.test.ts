import { describe, expect, test } from '@jest/globals'
import { RunnerLog } from '../../src/action/log.js'
import type { JournalEvent } from '../../src/journal/events.js'
import type { Status } from '../../src/journal/outcome.js'
import { CaptureTerminal } from '../support/ports.js'

function logged(trusted = true) {
  const terminal = new CaptureTerminal()
  const log = new RunnerLog(terminal, trusted)
  let at = 0
  const journal = (event: JournalEvent): void =>
    log.journal({ version: 1, seq: 0, at: (at += 500), previous: '', event })
  return {
    begins: (step: string, attempt = 1) => journal({ type: 'attempt.started', step, attempt }),
    prints: (step: string, text: string) => log.output(step, 'stdout', text),
    ends: (step: string, status: Status = 'success', tail: string[] = [], reason?: string) =>
      journal({
        type: 'step.finished',
        step,
        status,
        conclusion: status,
        attempts: 1,
        outputs: {},
        warnings: [],
        tail,
        ...(reason === undefined ? {} : { reason }),
      }),
    isReady: (step: string) =>
      journal({ type: 'step.ready', step, attempt: 1, duration_ms: 400, outputs: {}, definition: '' }),
    /** What was printed, without colours. */
    lines: () =>
      terminal.outText
        .replaceAll(/\u001B\[\d+m/g, '')
        .split('\n')
        .slice(0, -1),
  }
}

describe('the log of a job', () => {
  test('folds each step, and tells how it ended below', () => {
    const log = logged()
    log.begins('a/x')
    log.prints('a/x', 'one\ntwo')
    expect(log.lines()).toEqual(['::group::a/x', 'one'])
    log.ends('a/x')
    expect(log.lines()).toEqual(['::group::a/x', 'one', 'two', '::endgroup::', '✓ a/x  500ms'])
  })

  test('shows other steps while one goes on in the background, and what that printed since at its end', () => {
    const log = logged()
    log.begins('t/server')
    log.prints('t/server', 'listening\n')
    log.isReady('t/server')
    const first = [
      '::group::t/server',
      'listening',
      '::endgroup::',
      '▸ t/server  ready after 400ms, goes on in the background',
    ]
    expect(log.lines()).toEqual(first)
    log.begins('t/a')
    log.prints('t/server', 'asked\n')
    log.prints('t/a', 'asks\n')
    expect(log.lines()).toEqual([...first, '::group::t/a', 'asks'])
    log.ends('t/server', 'failure', ['no room'], 'it ended (exit 1) while it was needed')
    log.ends('t/a')
    expect(log.lines().slice(first.length)).toEqual([
      '::group::t/a',
      'asks',
      '::endgroup::',
      '✓ t/a  1.0s',
      '::group::t/server',
      'asked',
      '::endgroup::',
      '✗ t/server  1.5s  it ended (exit 1) while it was needed',
      '    no room',
    ])
  })

  test('has no fold for a step that printed nothing', () => {
    const log = logged()
    log.begins('a/x')
    log.ends('a/x')
    expect(log.lines()).toEqual(['✓ a/x  500ms'])
  })

  test('shows one of several at a time, each whole, whoever ends first', () => {
    const log = logged()
    log.begins('a')
    log.begins('b')
    log.prints('a', 'a1\n')
    log.prints('b', 'b1\n')
    log.ends('b')
    log.prints('a', 'a2\n')
    log.ends('a')
    expect(log.lines().map((line) => line.replace(/ {2}.*/, ''))).toEqual([
      '::group::a',
      'a1',
      'a2',
      '::endgroup::',
      '✓ a',
      '::group::b',
      'b1',
      '::endgroup::',
      '✓ b',
    ])
  })

  test('does not let a silent step hold up one that has ended', () => {
    const log = logged()
    log.begins('silent')
    log.begins('b')
    log.prints('b', 'b1\n')
    log.ends('b')
    expect(log.lines().slice(0, 3)).toEqual(['::group::b', 'b1', '::endgroup::'])
  })

  test('tells what failed again outside of the fold, with its last lines', () => {
    const log = logged()
    log.begins('a')
    log.prints('a', 'boom\n')
    log.ends('a', 'failure', ['boom', '::error::forged'], 'exit 2')
    expect(log.lines()).toEqual([
      '::group::a',
      'boom',
      '::endgroup::',
      '✗ a  500ms  exit 2',
      '    boom',
      '    : :error::forged',
    ])
  })

  test('keeps commands of tools working where the code is trusted', () => {
    const log = logged()
    log.begins('a')
    log.prints('a', '::error file=a.js,line=1::no\n')
    expect(log.lines()).toContain('::error file=a.js,line=1::no')
  })

  test.each([
    '::error::x',
    '  ::set-output name=a::b',
    '\u001B[0m::add-path::/evil',
    'text ##[error]x',
    '::stop-commands::t',
  ])('breaks the command %j where it is not', (line) => {
    const log = logged(false)
    log.begins('a')
    log.prints('a', `${line}\n`)
    const [, shown = ''] = log.lines()
    expect(shown.trimStart()).not.toMatch(/^::/)
    expect(shown).not.toContain('##[')
  })

  test('bounds what it keeps of a step that waits, and says what was left out', () => {
    const log = logged()
    log.begins('a')
    log.prints('a', 'a1\n')
    log.begins('b')
    for (let i = 0; i < 300; i++) log.prints('b', `${'x'.repeat(9999)}\n`)
    log.prints('b', 'the last line\n')
    log.ends('b')
    log.ends('a')
    const lines = log.lines()
    expect(lines.join('\n').length).toBeLessThan(1_500_000)
    expect(lines).toContain('the last line')
    expect(lines.some((line) => /^… \d+ characters are only in the log/.test(line))).toBe(true)
  })

  test('lets no name or reason of a stranger begin a line with a command, however many lines it has', () => {
    const terminal = new CaptureTerminal()
    new RunnerLog(terminal, true).say('wf: shop\n::error::a\n\n \t::add-mask::b\r::warning::c\n##[error]d')
    expect(terminal.outText).toBe('wf: shop\n: :error::a\n\n \t: :add-mask::b::warning::c\n# #[error]d\n')
  })

  test('reads a stranger’s megabyte of blank lines in no time', () => {
    const terminal = new CaptureTerminal()
    new RunnerLog(terminal, false).say('\n \u2028'.repeat(300_000))
    expect(terminal.outText).toHaveLength(900_001)
  })
})
