import { describe, expect, test } from '@jest/globals'
import { EventEmitter } from 'node:events'
import { hostTerminal } from '../../src/host/terminal.js'

/** A stream that keeps what is written; it breaks like a pipe whose reader is gone. */
class Pipe extends EventEmitter {
  text = ''
  broken = false
  writableLength = 0
  constructor(
    readonly isTTY = false,
    public columns = 0,
  ) {
    super()
  }
  write(text: string): boolean {
    if (this.broken) this.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    else this.text += text
    return true
  }
}
const terminal = (tty: boolean, env: NodeJS.ProcessEnv = {}): ReturnType<typeof hostTerminal> =>
  hostTerminal({ stdout: new Pipe(tty), stderr: new Pipe(tty), env })

test('prints to the stream that is named', () => {
  const [stdout, stderr] = [new Pipe(), new Pipe()]
  const made = hostTerminal({ stdout, stderr, env: {} })
  made.out('one\n')
  made.err('two\n')
  made.out('three\n')
  expect([stdout.text, stderr.text]).toEqual(['one\nthree\n', 'two\n'])
})

test('a reader that goes away ends the printing and nothing else', () => {
  const [stdout, stderr] = [new Pipe(), new Pipe()]
  const made = hostTerminal({ stdout, stderr, env: {} })
  made.out('seen\n')
  stdout.broken = true
  made.out('lost\n')
  stdout.broken = false
  made.out('lost too\n')
  made.err('still there\n')
  expect([stdout.text, stderr.text]).toEqual(['seen\n', 'still there\n'])
})

describe('a person watches', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { CI: 'true' }, false],
    [true, { CI: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s with %j: %s', (tty, env, interactive) => {
    expect(terminal(tty, env).interactive).toBe(interactive)
  })
})

describe('colours', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, false],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('terminal %s with %j: %s', (tty, env, colours) => {
    expect(terminal(tty, env).colours).toBe(colours)
  })
})

test('the width is that of the window now, else of COLUMNS, else 80', () => {
  const stdout = new Pipe(true, 120)
  const made = hostTerminal({ stdout, stderr: stdout, env: {} })
  expect(made.columns).toBe(120)
  stdout.columns = 60
  expect(made.columns).toBe(60)
  expect(terminal(false, { COLUMNS: '132' }).columns).toBe(132)
  expect(terminal(false, { COLUMNS: 'wide' }).columns).toBe(80)
})

test('has no room while a slow reader has much to take yet', async () => {
  const [stdout, stderr] = [new Pipe(), new Pipe()]
  const made = hostTerminal({ stdout, stderr, env: {} })
  expect(made.room?.()).toBeUndefined()
  stderr.writableLength = 2 * 1024 * 1024
  const drained = made.room?.()
  const gone = made.room?.()
  stderr.emit('drain')
  await drained
  stderr.emit('close')
  await gone
  stderr.writableLength = 0
  expect(made.room?.()).toBeUndefined()
})
