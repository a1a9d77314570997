import { describe, expect, test } from '@jest/globals'
import { hashLine, Journal, origin, readJournal } from '../../src/journal/journal.js'
import { openRun, removeOldRuns } from '../../src/journal/open.js'
import { Redactor } from '../../src/base/redact.js'
import { FakeClock } from '../support/clock.js'
import { fakePorts } from '../support/ports.js'
import { walk } from '../support/walk.js'

const note = (message: string) => ({ type: 'note', message }) as const

function written(...messages: string[]): string {
  let text = ''
  const clock = new FakeClock(1000)
  const journal = new Journal({ write: (data) => void (text += String(data)), close: () => undefined }, clock)
  for (const message of messages) journal.append(note(message))
  return text
}

describe('the journal', () => {
  test('chains its lines by hash', () => {
    const text = written('one', 'two', 'three')
    const raw = text.trimEnd().split('\n')
    const { lines, broken } = readJournal(text)
    expect(broken).toBeUndefined()
    expect(lines.map(({ seq, previous }) => [seq, previous])).toEqual([
      [0, origin],
      [1, hashLine(raw[0] ?? '')],
      [2, hashLine(raw[1] ?? '')],
    ])
    expect(lines[2]).toMatchObject({ version: 1, at: 1000, event: note('three') })
  })

  test('has written a line before anyone is told of it', () => {
    const seen: string[] = []
    const file = { write: () => void seen.push('written'), close: () => undefined }
    const journal = new Journal(file, new FakeClock())
    journal.subscribe(({ event }) => seen.push(event.type))
    journal.append(note('x'))
    expect(seen).toEqual(['written', 'note'])
    expect(journal.lines).toHaveLength(1)
  })

  test('writes what was held together with what comes next, in one chain', () => {
    const writes: string[] = []
    const seen: string[] = []
    const file = { write: (data: string | Uint8Array) => void writes.push(String(data)), close: () => undefined }
    const journal = new Journal(file, new FakeClock(1000))
    journal.subscribe(({ event }) => seen.push(event.type === 'note' ? event.message : event.type))
    journal.append(note('one'))
    journal.hold(note('two'))
    journal.hold(note('three'))
    expect([writes.length, seen, journal.lines.length]).toEqual([1, ['one'], 1])
    journal.append(note('four'))
    journal.hold(note('five'))
    journal.close()
    expect(writes).toHaveLength(3)
    expect(seen).toEqual(['one', 'two', 'three', 'four', 'five'])
    const { lines, broken } = readJournal(writes.join(''))
    expect([lines, broken]).toEqual([journal.lines, undefined])
  })

  test('that could not write a line goes on without it, and with what was held', () => {
    let text = ''
    let isFull = true
    const write = (data: string | Uint8Array): void => {
      if (isFull) throw new Error('full')
      text += String(data)
    }
    const journal = new Journal({ write, close: () => undefined }, new FakeClock(1000))
    journal.hold(note('one'))
    expect(() => journal.append(note('two'))).toThrow('full')
    isFull = false
    journal.append(note('three'))
    const { lines, broken } = readJournal(text)
    expect([lines.map(({ event }) => event), broken]).toEqual([[note('one'), note('three')], undefined])
  })

  test('takes secrets out of what it is told, and says so', () => {
    let text = ''
    const redactor = new Redactor()
    redactor.add('hunter2-correct')
    const file = { write: (data: string | Uint8Array) => void (text += String(data)), close: () => undefined }
    const journal = new Journal(file, new FakeClock(1000), (one) => redactor.text(one))
    journal.append(note('it is hunter2-correct'))
    journal.append(note('a token\nAKIAIOSFODNN7EXAMPLE'))
    journal.append(note('a tab\tand "clean"'))
    const { lines, broken } = readJournal(text)
    expect(broken).toBeUndefined()
    expect(lines.map(({ event, cleaned }) => [event, cleaned])).toEqual([
      [note('it is ***'), true],
      [note('a token\n***'), true],
      [note('a tab\tand "clean"'), undefined],
    ])
    expect(journal.lines).toEqual(lines)
  })

  test.each<[string, (text: string) => string, number, string]>([
    ['torn in its last line', (text) => text.slice(0, -5), 2, 'the last line is cut off'],
    ['without its last line break', (text) => text.slice(0, -1), 2, 'the last line is cut off'],
    ['altered in a line', (text) => text.replace('two', 'TWO'), 2, 'line 3 does not follow the one before it'],
    [
      'without one of its lines',
      (text) => text.split('\n').toSpliced(1, 1).join('\n'),
      1,
      'line 2 does not follow the one before it',
    ],
    [
      'with two lines swapped',
      (text) => text.split('\n').toSorted().reverse().join('\n').trimStart() + '\n',
      0,
      'line 1 does not follow the one before it',
    ],
    ['with something else in it', (text) => text.replace('{', 'x{'), 0, 'line 1 is not a line of a journal'],
    [
      'of another version',
      (text) => text.replace('"version":1', '"version":2'),
      0,
      'line 1 is not a line of a journal',
    ],
  ])('%s is read up to there', (_, damage, whole, broken) => {
    const read = readJournal(damage(written('one', 'two', 'three')))
    expect([read.lines.length, read.broken]).toEqual([whole, broken])
  })

  test('that is empty has no lines', () => {
    expect(readJournal('')).toEqual({ lines: [] })
  })

  test('lies in a folder of its run that git ignores; old runs are removed', () => {
    const ports = fakePorts()
    const ids = Array.from({ length: 33 }, () => openRun('/repo/.wf', ports, new Redactor()).id)
    removeOldRuns('/repo/.wf', ports)
    expect(ports.files.readText('/repo/.wf/.gitignore')).toBe('*\n')
    expect(ids[0]).toBe('20250101-000000-000000001')
    const left = ports.files.list('/repo/.wf/runs').map(({ name }) => name)
    expect(left).toEqual(ids.slice(-30))
  })

  test('holds a run from its start to its end, in order', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, retry: { retries: 1 } }], gates: { coverage: off } }', {
      scripts: { a: [{ code: 1 }, { code: 0 }] },
    })
    expect(done.events.map(({ type }) => type)).toEqual([
      'run.started',
      'stage.started',
      'instance.started',
      'attempt.started',
      'attempt.finished',
      'attempt.started',
      'attempt.finished',
      'step.finished',
      'instance.finished',
      'gates.finished',
      'stage.finished',
      'run.finished',
    ])
  })
})
