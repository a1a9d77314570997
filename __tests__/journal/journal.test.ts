import { describe, expect, test } from '@jest/globals'
import { hashLine, Journal, origin, readJournal } from '../../src/journal/journal.js'
import { openRun } from '../../src/journal/open.js'
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
    expect(ports.files.readText('/repo/.wf/.gitignore')).toBe('*\n')
    expect(ids[0]).toBe('20250101-000000-000001')
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
