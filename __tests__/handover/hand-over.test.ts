import { beforeEach, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.js'
import type { Json } from '../../src/base/json.js'
import { readHandOvers } from '../../src/handover/arrived.js'
import { packFiles, writeHandOver } from '../../src/handover/hand-over.js'
import { handOverName } from '../../src/handover/head.js'
import type { HandOverHead } from '../../src/handover/head.js'
import { writePack } from '../../src/handover/pack.js'
import { Journal } from '../../src/journal/journal.js'
import { FakeClock } from '../support/clock.js'
import { MemoryFiles } from '../support/files.js'

const expected = { run: '77', commit: 'c0ffee', workflow: '.github/wf.yml', target: 'review', plan: sha256('plan') }
const head = (more: Partial<HandOverHead> = {}): Omit<HandOverHead, 'kind' | 'files'> => ({
  version: 1,
  attempt: 1,
  stage: 'test',
  instance: 'test[node=20]',
  ...expected,
  ...more,
})
const name = handOverName('test', 'test[node=20]')

let files: MemoryFiles
beforeEach(() => void (files = new MemoryFiles()))

function journalOf(message: string): string {
  files.remove('/journal')
  const journal = new Journal(files.append('/journal'), new FakeClock())
  journal.append({ type: 'note', message })
  return files.readText('/journal') ?? ''
}

/** Hands an instance over as a job does, and lets the packs arrive as artifacts. */
async function arrive(more: Partial<HandOverHead> = {}, what: { files?: string; into?: string } = {}): Promise<string> {
  const given = head(more)
  const journal = journalOf(`${given.instance} attempt ${given.attempt}`)
  files.write('/run/logs/test/test[node=20]/unit.1.log', 'said')
  files.write('/run/logs/test/test[node=24]/unit.1.log', 'of another')
  if (what.files !== undefined) files.write('/place/dist/a', what.files)
  const written = await writeHandOver(files, '/out', {
    head: given,
    journal: '/journal',
    run: '/run',
    ...(what.files === undefined
      ? {}
      : { artifacts: { root: '/place', entries: [{ kind: 'file', path: 'dist/a', executable: false, size: 1 }] } }),
  })
  if ('reason' in written) throw new Error(written.reason)
  const into = what.into ?? '/arrived'
  const suffix = `${written.name}-${given.attempt}`
  files.write(`${into}/wf-journal-${suffix}/${written.name}.pack`, files.readBytes(written.journal) ?? '')
  if (written.files !== undefined)
    files.write(`${into}/wf-files-${suffix}/${written.name}.pack`, files.readBytes(written.files) ?? '')
  return journal
}

const journalPack = (attempt = 1): string => `/arrived/wf-journal-${name}-${attempt}/${name}.pack`
const filesPack = (attempt = 1): string => `/arrived/wf-files-${name}-${attempt}/${name}.pack`
const cut = (path: string): void => files.write(path, files.readBytes(path)?.subarray(0, -1) ?? '')

/** A pack that an attacker wrote, whole in itself. */
async function forge(path: string, forged: object, entries: Readonly<Record<string, string>>): Promise<void> {
  const written = await writePack(files, path, {
    head: forged as Json,
    entries: Object.keys(entries).map((path) => ({ kind: 'file', path, executable: false })),
    contentOf: ({ path }) => ({ bytes: Buffer.from(entries[path] ?? '') }),
  })
  if ('reason' in written) throw new Error(written.reason)
}

test('what an instance hands over arrives: its head, its journal, its own logs and the pack of its files', async () => {
  const journal = await arrive({ left: ['tmp/x'] }, { files: 'built' })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(problems).toEqual([])
  expect(arrived).toHaveLength(1)
  expect(arrived[0]).toMatchObject({ journal, files: filesPack() })
  expect(arrived[0]?.head).toMatchObject({ kind: 'journal', ...head(), left: ['tmp/x'] })
  expect(await arrived[0]?.copyLogs('/run-2')).toBeUndefined()
  expect(Object.entries(files.all()).filter(([path]) => path.startsWith('/run-2'))).toEqual([
    ['/run-2/logs/test/test[node=20]/unit.1.log', 'said'],
  ])
})

test('a journal arrives alone where the files were not fetched, and its head tells that there are some', async () => {
  await arrive({}, { files: 'built' })
  files.remove(filesPack())
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(problems).toEqual([])
  expect(arrived[0]?.files).toBeUndefined()
  expect(arrived[0]?.head.files).toMatch(/^[0-9a-f]{64}$/)
})

test('an instance without artifacts hands over its journal alone', async () => {
  await arrive()
  const { arrived } = await readHandOvers(files, '/arrived', expected)
  expect(arrived[0]?.head.files).toBeUndefined()
  expect(files.stat('/out/files')).toBeUndefined()
})

test('nothing arrived where the folder is empty or missing', async () => {
  expect(await readHandOvers(files, '/nothing', expected)).toEqual({ arrived: [], problems: [] })
})

test('of several attempts of the run the highest counts, and what is wrong with earlier ones does not', async () => {
  await arrive({ attempt: 1 }, { files: 'one' })
  await arrive({ attempt: 2 }, { files: 'two' })
  cut(journalPack(1))
  cut(filesPack(1))
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(problems).toEqual([])
  expect(arrived.map(({ head, files }) => [head.attempt, files])).toEqual([[2, filesPack(2)]])
})

test('an attempt that left no files is not given those of an earlier one', async () => {
  await arrive({ attempt: 1 }, { files: 'one' })
  await arrive({ attempt: 2 })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(problems).toEqual([])
  expect(arrived.map(({ head, files }) => [head.attempt, files])).toEqual([[2, undefined]])
})

test('instances are told apart and sorted', async () => {
  for (const instance of ['test[node=24]', 'test[node=20]', 'build'])
    await arrive({ instance, stage: instance.split('[')[0] ?? '' })
  const { arrived } = await readHandOvers(files, '/arrived', expected)
  expect(arrived.map(({ head }) => head.instance)).toEqual(['build', 'test[node=20]', 'test[node=24]'])
})

test('a truncated hand-over is refused at every length', async () => {
  await arrive()
  const whole = files.readBytes(journalPack()) ?? new Uint8Array()
  for (let size = 0; size < whole.length; size += 1) {
    files.write(journalPack(), whole.subarray(0, size))
    const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
    expect([size, arrived.length, problems.length]).toEqual([size, 0, 1])
    expect(problems[0]).toContain(name)
  }
})

test('a hand-over in which any byte is another one is refused', async () => {
  await arrive()
  const whole = files.readBytes(journalPack()) ?? new Uint8Array()
  for (let at = 0; at < whole.length; at += 1) {
    const other = Buffer.from(whole)
    other[at] = (other[at] ?? 0) ^ 4
    files.write(journalPack(), other)
    const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
    expect([at, arrived.length, problems.length]).toEqual([at, 0, 1])
  }
})

test('a damaged latest attempt is not replaced by an earlier one', async () => {
  await arrive({ attempt: 1 })
  await arrive({ attempt: 2 })
  cut(journalPack(2))
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over ${name} cannot be used: it is cut off`])
})

test('damage is told with the instance where the plan has it', async () => {
  await arrive()
  cut(journalPack())
  const instances = ['build', 'test[node=20]', 'test[node=24]']
  const { problems } = await readHandOvers(files, '/arrived', { ...expected, instances })
  expect(problems).toEqual(['the hand-over of test[node=20] cannot be used: it is cut off'])
})

test('of very many files that were left the first ones are told', async () => {
  await arrive({ left: Array.from({ length: 10_001 }, (_, i) => `${i}`) })
  const { arrived } = await readHandOvers(files, '/arrived', expected)
  expect(arrived[0]?.head.left).toHaveLength(10_000)
})

test('damage is told with the instance where its head is whole', async () => {
  await arrive()
  const bytes = Buffer.from(files.readBytes(journalPack()) ?? '')
  bytes[bytes.length - 1] = 0
  files.write(journalPack(), bytes)
  const { problems } = await readHandOvers(files, '/arrived', expected)
  expect(problems).toEqual([
    'the hand-over of test[node=20] cannot be used: logs/test/test[node=20]/unit.1.log is not what was packed',
  ])
})

test.each<[Partial<HandOverHead>, string]>([
  [{ run: '76' }, 'another run: 76, not 77'],
  [{ commit: 'bad' }, 'another commit: bad, not c0ffee'],
  [{ commit: null }, 'another commit: none, not c0ffee'],
  [{ workflow: 'other.yml' }, 'another workflow: other.yml, not .github/wf.yml'],
  [{ target: 'production' }, 'another target: production, not review'],
  [{ plan: 'x' }, 'another plan'],
  [{ attempt: 4 }, 'attempt 4, and the run is at attempt 3'],
])('a hand-over with %j is refused', async (more, why) => {
  await arrive(more)
  const { arrived, problems } = await readHandOvers(files, '/arrived', { ...expected, attempt: 3 })
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over of test[node=20] is of ${why}`])
})

test('an instance that is handed over twice in one attempt is refused, even when both are the same', async () => {
  await arrive()
  await arrive({}, { into: '/arrived/again' })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual(['test[node=20] was handed over 2 times in attempt 1'])
})

test('files that are handed over twice in one attempt are refused', async () => {
  await arrive({}, { files: 'one' })
  files.write(`/arrived/more/${name}.pack`, files.readBytes(filesPack()) ?? '')
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual(['test[node=20] was handed over 2 times in attempt 1'])
})

test('a forged head, whole in itself, under the name of another instance is refused', async () => {
  await arrive()
  const journal = journalOf('all is green')
  const forged = { ...head({ instance: 'test[node=24]' }), kind: 'journal' }
  await forge(journalPack(), forged, { 'journal.jsonl': journal })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over ${name} says that it is of test[node=24], and that one has another name`])
})

test('files other than those that the journal names are refused, although they are whole', async () => {
  await arrive({}, { files: 'built' })
  await forge(filesPack(), { ...head(), kind: 'files' }, { 'dist/a': 'evil' })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual(['the files of test[node=20] are not those that its journal names'])
})

test('journal and files of different attempts do not go together', async () => {
  await arrive({ attempt: 1 }, { files: 'one' })
  await arrive({ attempt: 2 }, { files: 'two' })
  const second = files.readBytes(filesPack(2)) ?? ''
  files.remove(filesPack(2))
  const older = await readHandOvers(files, '/arrived', expected)
  expect(older.problems).toEqual(['the files of test[node=20] are of attempt 1, and its journal is of attempt 2'])
  files.write(filesPack(2), second)
  files.remove(journalPack(2))
  const newer = await readHandOvers(files, '/arrived', expected)
  expect(newer.problems).toEqual(['the files of test[node=20] are of attempt 2, and its journal is of attempt 1'])
  expect([...older.arrived, ...newer.arrived]).toEqual([])
})

test('files without a journal are refused', async () => {
  await arrive({}, { files: 'one' })
  files.remove(journalPack())
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual(['the files of test[node=20] arrived without its journal'])
})

test('damaged files refuse the instance', async () => {
  await arrive({}, { files: 'one' })
  cut(filesPack())
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over ${name} cannot be used: it is cut off`])
})

test.each<[string, object, string]>([
  ['a version that is not known', { version: 2 }, 'it is of a version of hand-overs that is not known here'],
  ['a kind that is not known', { kind: 'other' }, 'it is no hand-over'],
  ['attempt 0', { attempt: 0 }, 'it is no hand-over'],
  ['a commit that is no text', { commit: 1 }, 'it is no hand-over'],
  ['a list of no texts', { left: [1] }, 'it is no hand-over'],
  ['an instance of another stage', { stage: 'tes' }, 'its instance is none of its stage'],
])('a head with %s is refused', async (_, more, why) => {
  await forge(journalPack(), { ...head(), kind: 'journal', ...more }, { 'journal.jsonl': journalOf('x') })
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over ${name} cannot be used: ${why}`])
})

test.each<[string, Record<string, string>, string]>([
  ['no journal', { 'logs/test/test[node=20]/a.1.log': '' }, 'it has no journal'],
  ['an empty journal', { 'journal.jsonl': '' }, 'its journal is empty'],
  ['a journal that is none', { 'journal.jsonl': 'x\n' }, 'its journal is damaged: line 1 is not a line of a journal'],
  [
    'a log of another instance',
    { 'journal.jsonl': 'x', 'logs/test/test[node=24]/a.1.log': '' },
    'logs/test/test[node=24]/a.1.log is no log of it',
  ],
  ['a file beside its logs', { 'journal.jsonl': 'x', 'outcome.json': '{}' }, 'outcome.json is no log of it'],
])('a forged hand-over with %s is refused', async (_, entries, why) => {
  await forge(journalPack(), { ...head(), kind: 'journal' }, entries)
  const { arrived, problems } = await readHandOvers(files, '/arrived', expected)
  expect(arrived).toEqual([])
  expect(problems).toEqual([`the hand-over of test[node=20] cannot be used: ${why}`])
})

test('logs are not copied out of a pack that was replaced after it was read', async () => {
  await arrive()
  const { arrived } = await readHandOvers(files, '/arrived', expected)
  await forge(journalPack(), { ...head(), kind: 'journal' }, { 'journal.jsonl': journalOf('y') })
  expect(await arrived[0]?.copyLogs('/run-2')).toBe('it was replaced by another one')
})

test('packs are found three folders deep and no deeper', async () => {
  await arrive({}, { into: '/arrived/a/b' })
  await arrive({ instance: 'test[node=24]' }, { into: '/arrived/a/b/c' })
  const { arrived } = await readHandOvers(files, '/arrived', expected)
  expect(arrived.map(({ head }) => head.instance)).toEqual(['test[node=20]'])
})

test('a hand-over takes the place of the one of an earlier attempt, also when it has no files', async () => {
  await arrive({ attempt: 1 }, { files: 'one' })
  expect(files.stat(`/out/files/${name}.pack`)).toBeDefined()
  await arrive({ attempt: 2 })
  expect(files.stat(`/out/files/${name}.pack`)).toBeUndefined()
})

test('an artifact that is gone when it is to be handed over is told', async () => {
  journalOf('x')
  const written = await writeHandOver(files, '/out', {
    head: head(),
    journal: '/journal',
    run: '/run',
    artifacts: { root: '/place', entries: [{ kind: 'file', path: 'gone', executable: false, size: 1 }] },
  })
  expect(written).toEqual({ reason: 'its artifacts: gone is not there any more' })
})

test('files that were packed before the journal ended go with it', async () => {
  const found = { root: '/place', entries: [{ kind: 'file' as const, path: 'dist/a', executable: false, size: 1 }] }
  files.write('/place/dist/a', 'built')
  const packed = await packFiles(files, '/out', { head: head(), ...found })
  journalOf('x')
  if ('reason' in packed) throw new Error(packed.reason)
  const handed = { head: head(), journal: '/journal', run: '/run', artifacts: packed }
  expect(await writeHandOver(files, '/out', handed)).toEqual({
    name,
    journal: `/out/journal/${name}.pack`,
    files: packed.pack,
  })
  const { arrived, problems } = await readHandOvers(files, '/out', expected)
  expect(problems).toEqual([])
  expect(arrived[0]?.files).toBe(packed.pack)
})

test('the name of a hand-over holds nothing of its address but the stage', () => {
  expect(handOverName('test', 'test[os=a/b:c]')).toBe(`test-${sha256('test[os=a/b:c]').slice(0, 8)}`)
})
