import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { hostClock } from '../../src/host/clock.js'
import { hostGit } from '../../src/host/git.js'
import { hostRandom } from '../../src/host/random.js'
import { branchStore } from '../../src/history/branch-store.js'
import { gitHubStore } from '../../src/history/github-store.js'
import { fileOf } from '../../src/history/lines.js'
import { readingStore, writingStore } from '../../src/history/stores.js'
import type { GitHub, GitHubAnswer } from '../../src/ports.js'
import { openClone } from '../../src/trigger/clone.js'
import type { Clone } from '../../src/trigger/clone.js'
import { git } from '../support/command.js'
import { MemoryFiles } from '../support/files.js'
import { DiskGitHub, refused } from '../support/github.js'
import { cutOff, makeOrigin } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { entryAt, forEver, sha, shop } from '../support/entries.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-github-')
})
afterAll(() => scratch.remove())

const tools = { clock: hostClock(), random: hostRandom() }
const never = new AbortController().signal
const originOf = async (): Promise<Origin> => makeOrigin(scratch, { 'a.js': '1' })
const storeAt = (origin: Origin, github: GitHub = new DiskGitHub(origin), workflow = shop) =>
  gitHubStore(github, workflow, tools)
const commitsAt = async (origin: Origin, ...digits: string[]): Promise<string[]> => {
  const read = await storeAt(origin).read(digits.map(sha), never)
  if (!read.ok) throw new Error(read.reason)
  return read.entries.map(({ commit }) => commit.slice(0, 1))
}
async function cloneOf(origin: Origin): Promise<Clone> {
  const clone = await openClone(hostGit(), await origin.checkOut({ commit: await origin.tip('main'), depth: 1 }))
  if (!clone) throw new Error('no clone')
  return clone
}

describe('the branch by GitHub', () => {
  test('is the same that git reads and writes', async () => {
    const origin = await originOf()
    expect(await storeAt(origin).read([sha('a')], never)).toMatchObject({ ok: true, isEmpty: true })
    await storeAt(origin).append(entryAt(sha('a')), forEver, never)
    await branchStore(await cloneOf(origin), shop, 'remote', tools).append(entryAt(sha('b')), forEver, never)
    await storeAt(origin).append(entryAt(sha('c')), forEver, never)
    expect(await commitsAt(origin, 'a', 'b', 'c')).toEqual(['a', 'b', 'c'])
    expect(await git(origin.address, 'rev-list', '--count', 'wf-history')).toBe('3\n')
    const read = await branchStore(await cloneOf(origin), shop, 'remote', tools).read([sha('c')], never)
    expect(read).toMatchObject({ entries: [{ commit: sha('c') }] })
  })

  test('keeps the histories of other workflows', async () => {
    const origin = await originOf()
    const other = { ...shop, name: 'other' }
    await storeAt(origin, undefined, other).append(entryAt(sha('a'), 1, { workflow: other }), forEver, never)
    await storeAt(origin).append(entryAt(sha('b')), forEver, never)
    expect(
      (await git(origin.address, 'ls-tree', '--name-only', 'wf-history')).split('\n').filter(Boolean).sort(),
    ).toEqual([fileOf(other), fileOf(shop)].sort())
  })

  test('of several runs that add to it at once keeps all', async () => {
    const origin = await originOf()
    const digits = ['a', 'b', 'c']
    const done = await Promise.all(
      digits.map(async (digit) => storeAt(origin).append(entryAt(sha(digit)), forEver, never)),
    )
    expect(done).toMatchObject(digits.map(() => ({ ok: true })))
    expect((await commitsAt(origin, ...digits)).sort()).toEqual(digits)
  })

  test('is not added to twice where the answer was lost on the way', async () => {
    const origin = await originOf()
    await storeAt(origin).append(entryAt(sha('a')), forEver, never)
    expect(await storeAt(origin).append(entryAt(sha('a')), forEver, never)).toMatchObject({ ok: true })
    expect(await git(origin.address, 'rev-list', '--count', 'wf-history')).toBe('1\n')
  })

  test('that the token may not write or look at says so, and is no empty one', async () => {
    const origin = await originOf()
    const denied = refused(403, 'Resource not accessible by integration', 'contents=write')
    const reading = new DiskGitHub(origin, { instead: (route) => (route.startsWith('POST') ? denied : undefined) })
    expect(await storeAt(origin, reading).append(entryAt(sha('a')), forEver, never)).toEqual({
      ok: false,
      kind: 'refused',
      message: 'Resource not accessible by integration',
    })
    const blind = new DiskGitHub(origin, { instead: () => refused(404, 'Not Found') })
    expect(await storeAt(origin, blind).read([sha('a')], never)).toEqual({ ok: false, reason: 'Not Found' })
  })

  test('is given up with what GitHub says, where it does not answer', async () => {
    const origin = await originOf()
    const gone = (kind: 'network' | 'cancelled'): GitHubAnswer => ({ ok: false, kind, message: 'no answer' })
    for (const kind of ['network', 'cancelled'] as const) {
      const github = new DiskGitHub(origin, { instead: () => gone(kind) })
      expect(await storeAt(origin, github).append(entryAt(sha('a')), forEver, never)).toMatchObject({ ok: false, kind })
    }
  })
})

describe('on a runner', () => {
  const placeOf = (clone: Clone) => ({
    clone,
    folder: clone.folder,
    workflow: shop,
    onRunner: true,
    repository: 'org/shop',
  })
  const setting = { store: 'branch' as const, ...forEver }

  test('GitHub stands in where the clone kept no credentials', async () => {
    const origin = await originOf()
    const clone = await cloneOf(origin)
    await cutOff(clone.folder)
    const all = { ...tools, files: new MemoryFiles(), github: new DiskGitHub(origin) }
    expect(await writingStore(setting, placeOf(clone), all)?.append(entryAt(sha('a')), forEver, never)).toMatchObject({
      ok: true,
    })
    const store = await readingStore(setting, placeOf(clone), all)
    if (typeof store === 'string') throw new Error(store)
    expect(await store.read([sha('a')], never)).toMatchObject({ ok: true, entries: [{ commit: sha('a') }] })
  })

  test('is not asked where git can, and git is not asked of a clone of another repository', async () => {
    const origin = await originOf()
    const clone = await cloneOf(origin)
    const github = new DiskGitHub(origin)
    const all = { ...tools, files: new MemoryFiles(), github }
    await writingStore(setting, placeOf(clone), all)?.append(entryAt(sha('a')), forEver, never)
    expect(github.asked).toEqual([])
    const fork = { ...clone, origin: 'https://example.com/stranger/shop.git' }
    const store = await readingStore(setting, placeOf(fork), all)
    if (typeof store === 'string') throw new Error(store)
    expect(await store.read([sha('a')], never)).toMatchObject({ ok: true, entries: [{ commit: sha('a') }] })
    expect(github.asked).not.toEqual([])
  })
})
