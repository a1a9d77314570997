import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { readJournal } from '../../src/journal/journal.js'
import { outcomeIn } from '../support/command.js'
import { isAlive, Scratch, start } from '../support/scratch.js'

jest.setTimeout(30_000)

const scratch = new Scratch('wf-cancel-')
afterAll(() => scratch.remove())

/** Neither the step nor what it started hears the first two signals. */
const deaf = (name: string): string =>
  JSON.stringify(
    `trap '' INT TERM; (while :; do sleep 0.1; done) & echo $$ $! > ${name}; echo ready ${name}; while :; do sleep 0.1; done`,
  )
const text = `first: { steps: [{ id: quick, run: "echo done" }] }
t:
  needs: first
  steps: { one: { run: ${deaf('one')} }, two: { run: ${deaf('two')} }, later: { needs: one, run: "echo later > later" } }
  finally: [{ id: tidy, run: "echo tidy > tidy" }]
`
const pidsIn = (folder: string): number[] =>
  ['one', 'two'].flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split(' ').map(Number))

/** What the only run of a folder left: its files, and what its journal tells. */
function leftIn(folder: string) {
  const runs = join(folder, '.wf', 'runs')
  const [id = ''] = readdirSync(runs)
  const { lines, broken } = readJournal(readFileSync(join(runs, id, 'journal.jsonl'), 'utf8'))
  return { files: readdirSync(join(runs, id)), broken, events: lines.map(({ event }) => event) }
}

describe('a run that is interrupted', () => {
  test('once ends gracefully within 6.5 s: state saved, outcome and summary written, children gone', async () => {
    const folder = scratch.folderWith(text)
    const child = start(folder)
    await Promise.all([child.printed('ready one'), child.printed('ready two')])
    const asked = performance.now()
    child.process.kill('SIGINT')
    const { code } = await child.ended
    expect(performance.now() - asked).toBeLessThan(6500)
    expect(code).toBe(130)
    expect(pidsIn(folder).map(isAlive)).toEqual([false, false, false, false])
    expect([existsSync(join(folder, 'tidy')), existsSync(join(folder, 'later'))]).toEqual([true, false])
    const { files, broken, events } = leftIn(folder)
    expect(broken).toBeUndefined()
    expect(files).toEqual(expect.arrayContaining(['outcome.json', 'summary.md', 'comment.md', 'journal.jsonl']))
    expect(outcomeIn(folder)).toMatchObject({ verdict: 'cancelled' })
    const ended = events.flatMap((event) => (event.type === 'step.finished' ? [[event.step, event.status]] : []))
    expect(Object.fromEntries(ended)).toEqual({
      'first/quick': 'success',
      't/one': 'cancelled',
      't/two': 'cancelled',
      't/later': 'cancelled',
      't/tidy': 'success',
    })
    expect(events.findLast(({ type }) => type === 'run.finished')).toEqual({ type: 'run.finished', cancelled: true })
  })

  test('twice kills at once, and still tells what became of it', async () => {
    const folder = scratch.folderWith(text)
    const child = start(folder)
    await Promise.all([child.printed('ready one'), child.printed('ready two')])
    child.process.kill('SIGINT')
    await child.printed('once more to kill everything')
    const asked = performance.now()
    child.process.kill('SIGINT')
    const { code } = await child.ended
    // Long before the three seconds after which a first interrupt would go on to SIGTERM.
    expect(performance.now() - asked).toBeLessThan(6500)
    expect(code).toBe(130)
    expect(pidsIn(folder).map(isAlive)).toEqual([false, false, false, false])
    expect(existsSync(join(folder, 'tidy'))).toBe(false)
    expect(leftIn(folder).files).toEqual(expect.arrayContaining(['outcome.json', 'summary.md']))
    expect(outcomeIn(folder)).toMatchObject({ verdict: 'cancelled' })
  })
})
