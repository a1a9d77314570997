import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { entryName } from '../../src/engine/cache/names.js'
import { githubStore } from '../../src/engine/cache/stores/github.js'
import { hostPorts } from '../../src/host/index.js'
import { FakeClock } from '../support/clock.js'
import { Scratch } from '../support/scratch.js'
import { fakeActionsCache } from '../support/stores/actions-cache.js'
import type { FakeActionsCache } from '../support/stores/actions-cache.js'

/** What is particular to the cache of GitHub Actions: few uploads, large packs, an index that is kept small. */
const scratch = new Scratch('wf-github-store-')
afterAll(() => scratch.remove())
let fake: FakeActionsCache
beforeEach(async () => void (fake = await fakeActionsCache()))
afterEach(() => fake.close())

const day = 86_400_000
const never = new AbortController().signal
const clock = new FakeClock()
const open = (limits = { bytes: 2 ** 30, age: 30 * day }) =>
  githubStore(
    {
      url: fake.url,
      token: fake.token,
      reads: true,
      writes: true,
      prefix: 'wf-cache-linux-x64-abc-',
      temporary: mkdtempSync(join(scratch.root, 'job-')),
    },
    limits,
    { ...hostPorts(), clock },
  )
const name = (i: number): string => entryName(i.toString(16).padStart(64, '0'), `build/step-${i}`)
const fileWith = (content: string): string => {
  const path = join(mkdtempSync(join(scratch.root, 'file-')), 'file')
  writeFileSync(path, content)
  return path
}
const into = (): string => join(mkdtempSync(join(scratch.root, 'into-')), 'file')
const uploads = (): number => fake.asked.filter((method) => method === 'CreateCacheEntry').length

test('a run with a thousand new results makes two entries, and one that has them all downloads two', async () => {
  const first = open()
  for (let i = 0; i < 1000; i += 1) await first.put(name(i), fileWith(`result ${i}`), never)
  await first.end?.(never)
  expect(uploads()).toBe(2)
  fake.asked = []
  const second = open()
  for (let i = 0; i < 1000; i += 1) expect(await second.get(name(i), into(), never)).toBeDefined()
  await second.end?.(never)
  expect(fake.asked).toEqual(['GetCacheEntryDownloadURL', 'GET', 'GetCacheEntryDownloadURL', 'GET'])
  expect(fake.mistakes).toEqual([])
})

test('what is old or too much leaves the index', async () => {
  const limits = { bytes: 20, age: 7 * day }
  const first = open(limits)
  await first.put(name(1), fileWith('0123456789'), never)
  await first.end?.(never)
  await clock.advance(8 * day)
  const second = open(limits)
  for (const i of [2, 3, 4]) await second.put(name(i), fileWith('0123456789'), never)
  await second.end?.(never)
  const listed = await open(limits).list(never)
  expect(listed.map((entry) => entry.name)).not.toContain(name(1))
  expect(listed).toHaveLength(2)
})

describe('a pack of more than 100 MB', () => {
  const size = 101 * 2 ** 20
  const hashOf = async (path: string): Promise<string> => {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
    return hash.digest('hex')
  }

  test('goes up in blocks, and only what is asked for comes down', async () => {
    const large = fileWith('')
    const handle = openSync(large, 'w')
    for (let i = 0; i < 101; i += 1) writeSync(handle, Buffer.alloc(2 ** 20, i))
    closeSync(handle)
    const before = await hashOf(large)
    const first = open()
    await first.put(name(1), large, never)
    await first.put(name(2), fileWith('a small one'), never)
    await first.end?.(never)
    // Two blocks, their list, and the index.
    expect(fake.asked.filter((method) => method === 'PUT')).toHaveLength(4)
    const second = open()
    const small = await second.get(name(2), into(), never)
    expect(small === undefined ? '' : await hashOf(small)).toBe(
      createHash('sha256').update('a small one').digest('hex'),
    )
    const again = await second.get(name(1), into(), never)
    expect(again === undefined ? '' : await hashOf(again)).toBe(before)
    expect(fake.entries.find(({ key }) => key.includes('pack'))?.bytes).toHaveLength(size + 11)
  })
})

test('a token that GitHub does not take is told, and never shown', async () => {
  fake.token = 'another-token-now'
  const store = githubStore(
    { url: fake.url, token: 'the-old-token', reads: true, writes: true, prefix: 'p-', temporary: scratch.root },
    { bytes: 1, age: 1 },
    { ...hostPorts(), clock },
  )
  const failed = await store.get(name(1), into(), never).catch((cause: unknown) => String(cause))
  expect(failed).toContain('GitHub answered 401 (bad token) to GetCacheEntryDownloadURL')
  expect(failed).not.toContain('the-old-token')
})
