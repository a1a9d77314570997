import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { entryOfStates, noCommit, statesIn } from '../../src/history/breakers.js'
import { folderStore } from '../../src/history/folder-store.js'
import { kept, lineOf, selectEntries } from '../../src/history/lines.js'
import { hostPorts } from '../../src/host/index.js'
import type { Clock } from '../../src/ports.js'
import { entryAt, forEver, sha, shop } from '../support/entries.js'
import { MemoryFiles } from '../support/files.js'
import { runIn } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(30_000)

const never = new AbortController().signal
const now = () => Date.parse('2025-01-02T00:00:00.000Z')
const entry = (failures: number, since?: number) =>
  entryOfStates(shop, new Map([['r', { failures, ...(since === undefined ? {} : { since }) }]]), now())

describe('the states of breakers in a history', () => {
  test('come back as they were kept, beside the entries of commits', async () => {
    const store = folderStore('/repo/.wf/history', shop, { files: new MemoryFiles(), now })
    await store.append(entryAt(sha('a')), forEver, never)
    await store.append(entry(3), forEver, never)
    const read = await store.read([noCommit], never)
    expect(read.ok && [...statesIn(read.entries)]).toEqual([['r', { failures: 3 }]])
    expect(await store.read([sha('a')], never)).toMatchObject({ entries: [{ commit: sha('a') }], ignored: 0 })
  })

  test('are kept once: the last word counts, and takes no place of an entry', () => {
    const text = [lineOf(entryAt(sha('a'))), lineOf(entry(1)), lineOf(entryAt(sha('b')))].join('\n')
    expect(kept(text, lineOf(entry(5, 1000)), forEver, now())).toEqual([
      lineOf(entryAt(sha('a'))),
      lineOf(entryAt(sha('b'))),
      lineOf(entry(5, 1000)),
    ])
  })

  test('of breakers that nothing is to be said of are left out', () => {
    expect(
      entryOfStates(
        shop,
        new Map([
          ['a', { failures: 0 }],
          ['b', { failures: 1 }],
        ]),
        now(),
      ).breakers,
    ).toEqual({
      b: { failures: 1 },
    })
  })

  test.each([
    ['"failures":-1', 'a number of failures that is none'],
    ['"failures":"5"', 'a text'],
    ['"failures":5,"since":"x"', 'a time that is none'],
  ])('with %s are passed over (%s)', (spoiled) => {
    const line = lineOf(entry(5)).replace('"failures":5', spoiled)
    expect(selectEntries(line, new Set([noCommit]))).toEqual({ entries: [], ignored: 1 })
  })
})

const scratch = new Scratch('wf-breakers-')
afterAll(() => scratch.remove())

/** The clock of the machine, so much later. */
const later = (ms: number): Clock => {
  const { clock } = hostPorts()
  return {
    ...clock,
    now: () => clock.now() + ms,
    monotonic: () => clock.monotonic(),
    after: (...a) => clock.after(...a),
  }
}

describe('a breaker over several runs', () => {
  const stages = (history = '') =>
    `t:\n  on-failure: continue\n  steps:\n    a: { run: '[ -e up ] || exit 7', breaker: { name: registry, failures: 3, open: 60s } }\n    b: { run: echo b, needs: a${history} }\n`

  test('counts on, stays open, lets a probe through and closes', async () => {
    const folder = await scratch.repositoryWith(stages(), { '.gitignore': '.wf/\nup\n' })
    const reasons: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) reasons.push((await runIn(folder)).step('t/a').reason)
    expect(reasons.slice(0, 3)).toEqual(['exit 7', 'exit 7', 'exit 7'])
    expect(reasons[3]).toMatch(
      /^the breaker `registry` is open since \d\d:\d\d:\d\d UTC after 3 failures; next probe in \d+s$/,
    )
    await scratchFile(folder, 'up')
    const probed = await runIn(folder, { ports: { clock: later(61_000) } })
    expect(probed.step('t/a')).toMatchObject({ status: 'success', attempts: 1 })
    expect(probed.outcome.notes).toEqual(['the breaker `registry` closed again: t/a succeeded'])
    expect((await runIn(folder)).step('t/a').status).toBe('success')
    const [name = ''] = readdirSync(join(folder, '.wf/history')).filter((one) => one.endsWith('.ndjson'))
    const lines = readFileSync(join(folder, '.wf/history', name), 'utf8')
      .trim()
      .split('\n')
    expect(lines.filter((line) => line.includes(noCommit))).toHaveLength(1)
  })

  test('opened by a clock that was ahead is not open for longer than its time', async () => {
    const folder = await scratch.repositoryWith(stages(), { '.gitignore': '.wf/\nup\n' })
    const ahead = { ports: { clock: later(365 * 86_400_000) } }
    for (let i = 0; i < 3; i++) await runIn(folder, ahead)
    const { reason } = (await runIn(folder)).step('t/a')
    expect(reason).toMatch(/next probe in (60|59)s$/)
  })
})

async function scratchFile(folder: string, name: string): Promise<void> {
  const { files } = hostPorts()
  files.write(join(folder, name), '')
}
