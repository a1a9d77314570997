import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostClock } from '../../src/host/clock.js'
import { hostGit } from '../../src/host/git.js'
import { hostRandom } from '../../src/host/random.js'
import { branchStore } from '../../src/history/branch-store.js'
import { fileOf, lineOf } from '../../src/history/lines.js'
import type { Git } from '../../src/ports.js'
import { openClone } from '../../src/trigger/clone.js'
import type { Clone } from '../../src/trigger/clone.js'
import { git } from '../support/command.js'
import { cutOff, makeOrigin } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { entryAt, forEver, sha, shop } from '../support/entries.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-branch-')
})
afterAll(() => scratch.remove())

const tools = { clock: hostClock(), random: hostRandom() }
const never = new AbortController().signal
const ref = 'refs/heads/wf-history'

async function cloneOf(origin: Origin, depth: number | 'full' = 'full', port: Git = hostGit()): Promise<Clone> {
  const clone = await openClone(port, await origin.checkOut({ commit: await origin.tip('main'), depth }))
  if (!clone) throw new Error('no clone')
  return clone
}
const storeIn = (clone: Clone, workflow = shop) => branchStore(clone, workflow, 'remote', tools)
const commitsIn = async (clone: Clone, ...digits: string[]): Promise<string[]> => {
  const read = await storeIn(clone).read(digits.map(sha), never)
  if (!read.ok) throw new Error(read.reason)
  return read.entries.map(({ commit }) => commit.slice(0, 1))
}
const lengthOf = async (origin: Origin): Promise<number> =>
  Number(await git(origin.address, 'rev-list', '--count', ref))

describe('a history on a branch', () => {
  test.each([1, 2, 'full'] as const)(
    'begins with the first run, by a clone of depth %s, and grows by one commit a run',
    async (depth) => {
      const origin = await makeOrigin(scratch, { 'a.js': '1' })
      await origin.edit({ 'a.js': '2' })
      const clone = await cloneOf(origin, depth)
      expect(await storeIn(clone).read([sha('a')], never)).toEqual({ ok: true, isEmpty: true, entries: [], ignored: 0 })
      const [first, second] = [
        await storeIn(clone).append(entryAt(sha('a')), forEver, never),
        await storeIn(clone).append(entryAt(sha('b')), forEver, never),
      ]
      expect([first, second]).toMatchObject([{ ok: true }, { ok: true, id: await origin.tip('wf-history') }])
      expect(await lengthOf(origin)).toBe(2)
      expect(await commitsIn(await cloneOf(origin, depth), 'a', 'b', 'c')).toEqual(['a', 'b'])
      // It shares nothing with the code.
      expect(await git(origin.address, 'ls-tree', '--name-only', ref)).toBe(`${fileOf(shop)}\n`)
    },
  )

  test('leaves index, work tree, branches and a full clone as they are', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1\n', 'b.js': '1\n' })
    const clone = await cloneOf(origin)
    const { folder } = clone
    await git(folder, 'checkout', '--quiet', '-b', 'mine')
    writeFileSync(join(folder, 'a.js'), '2\n')
    await git(folder, 'add', 'a.js')
    writeFileSync(join(folder, 'b.js'), '2\n')
    writeFileSync(join(folder, 'c.js'), '2\n')
    const state = async (): Promise<unknown> => [
      await git(folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=all'),
      await git(folder, 'for-each-ref', 'refs/heads', 'refs/tags', 'HEAD'),
      await git(folder, 'config', '--local', '--list'),
      await git(folder, 'rev-parse', '--is-shallow-repository'),
      readFileSync(join(folder, '.git/index')).toString('hex'),
    ]
    const before = await state()
    await storeIn(clone).append(entryAt(sha('a')), forEver, never)
    await commitsIn(clone, 'a')
    expect(await state()).toEqual(before)
  })

  test('runs no hook of the clone', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1\n' })
    const clone = await cloneOf(origin)
    const hook = join(clone.folder, '.git/hooks/pre-push')
    writeFileSync(hook, '#!/bin/sh\nexit 1\n')
    chmodSync(hook, 0o755)
    expect(await storeIn(clone).append(entryAt(sha('a')), forEver, never)).toMatchObject({ ok: true })
  })

  test('keeps the histories of other workflows', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const other = { ...shop, name: 'other' }
    await storeIn(await cloneOf(origin), other).append(entryAt(sha('a'), 1, { workflow: other }), forEver, never)
    await storeIn(await cloneOf(origin)).append(entryAt(sha('b')), forEver, never)
    const read = await storeIn(await cloneOf(origin), other).read([sha('a'), sha('b')], never)
    expect(read).toMatchObject({ ok: true, entries: [{ commit: sha('a') }], ignored: 0 })
    expect(await commitsIn(await cloneOf(origin), 'a', 'b')).toEqual(['b'])
  })

  test.each([1, 'full'] as const)(
    'of two runs that add to it at once keeps both, by clones of depth %s',
    async (depth) => {
      const origin = await makeOrigin(scratch, { 'a.js': '1' })
      const digits = ['a', 'b', 'c', 'd']
      const clones = await Promise.all(digits.map(async () => cloneOf(origin, depth)))
      const done = await Promise.all(
        clones.map(async (clone, i) => storeIn(clone).append(entryAt(sha(digits[i] ?? '')), forEver, never)),
      )
      expect(done).toMatchObject(digits.map(() => ({ ok: true })))
      expect((await commitsIn(await cloneOf(origin), ...digits)).sort()).toEqual(digits)
      expect(await lengthOf(origin)).toBe(4)
    },
  )

  test('that another run moved just before the push is built upon, not overwritten', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const rival = await cloneOf(origin)
    let raced = false
    const racing: Git = {
      async run(cwd, args, how) {
        if (args.includes('push') && !raced) {
          raced = true
          await storeIn(rival).append(entryAt(sha('b')), forEver, never)
        }
        return hostGit().run(cwd, args, how)
      },
    }
    const clone = await cloneOf(origin, 'full', racing)
    expect(await storeIn(clone).append(entryAt(sha('a')), forEver, never)).toMatchObject({ ok: true })
    expect(await commitsIn(await cloneOf(origin), 'a', 'b')).toEqual(['b', 'a'])
  })

  test('that always moves is given up after a few attempts', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    let pushes = 0
    const losing: Git = {
      async run(cwd, args, how) {
        if (!args.includes('push')) return hostGit().run(cwd, args, how)
        pushes++
        return {
          code: 1,
          stdout: '',
          stderr: ' ! [rejected] x -> wf-history (fetch first)\nerror: failed to push some refs',
        }
      },
    }
    const clone = await cloneOf(origin, 'full', losing)
    const quick = {
      clock: { ...tools.clock, after: (_: number, then: () => void) => tools.clock.after(0, then) },
      random: tools.random,
    }
    const done = await branchStore(clone, shop, 'remote', quick).append(entryAt(sha('a')), forEver, never)
    expect(done).toEqual({ ok: false, kind: 'network', message: '! [rejected] x -> wf-history (fetch first)' })
    expect(pushes).toBe(6)
  })

  test('whose answer was lost on the way is not added to twice', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const clone = await cloneOf(origin)
    await storeIn(clone).append(entryAt(sha('a')), forEver, never)
    expect(await storeIn(clone).append(entryAt(sha('a')), forEver, never)).toEqual({
      ok: true,
      id: await origin.tip('wf-history'),
      url: null,
    })
    expect(await lengthOf(origin)).toBe(1)
  })

  test('that the token may not write says so, with what git said', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const denied: Git = {
      run: async (cwd, args, how) =>
        args.includes('push')
          ? {
              code: 128,
              stdout: '',
              stderr:
                "remote: Permission to org/shop.git denied to github-actions[bot].\nfatal: unable to access 'https://user:secret@host/org/shop/': The requested URL returned error: 403\n",
            }
          : hostGit().run(cwd, args, how),
    }
    const done = await storeIn(await cloneOf(origin, 'full', denied)).append(entryAt(sha('a')), forEver, never)
    expect(done).toEqual({
      ok: false,
      kind: 'refused',
      message: 'remote: Permission to org/shop.git denied to github-actions[bot].',
    })
  })

  test('that cannot be reached is no empty one', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const clone = await cloneOf(origin)
    await cutOff(clone.folder)
    const read = await storeIn(clone).read([sha('a')], never)
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining('/nowhere/org/shop.git') })
    expect(await storeIn(clone).append(entryAt(sha('a')), forEver, never)).toMatchObject({ ok: false, kind: 'network' })
  })

  test('on a laptop is read as it was fetched, without asking the remote', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    await storeIn(await cloneOf(origin)).append(entryAt(sha('a')), forEver, never)
    const clone = await cloneOf(origin)
    await cutOff(clone.folder)
    const read = await branchStore(clone, shop, 'fetched', tools).read([sha('a')], never)
    expect(read).toMatchObject({ ok: true, entries: [{ commit: sha('a') }] })
  })

  test('that somebody filled with something else is read line by line, and one that is too large not at all', async () => {
    const origin = await makeOrigin(scratch, { 'a.js': '1' })
    const fill = async (content: string): Promise<void> => {
      const work = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
      await git(work, 'checkout', '--quiet', '--orphan', 'own')
      await git(work, 'rm', '--quiet', '-r', '--cached', '.')
      writeFileSync(join(work, fileOf(shop)), content)
      await git(work, 'add', fileOf(shop))
      await git(work, 'commit', '--quiet', '--message=x')
      await git(work, 'push', '--quiet', '--force', 'origin', `HEAD:${ref}`)
    }
    await fill(`hello\n{"__proto__":{"x":1}}\n${lineOf(entryAt(sha('a')))}\n\n[]`)
    expect(await storeIn(await cloneOf(origin, 1)).read([sha('a')], never)).toMatchObject({
      entries: [{ commit: sha('a') }],
      ignored: 3,
    })
    await fill('x'.repeat(21 * 2 ** 20))
    const clone = await cloneOf(origin, 1)
    expect(await storeIn(clone).read([sha('a')], never)).toEqual({
      ok: false,
      reason: 'it is larger than 20 MB, so it is none of ours',
    })
    expect(await storeIn(clone).append(entryAt(sha('b')), forEver, never)).toMatchObject({ ok: true })
    expect(await commitsIn(await cloneOf(origin, 1), 'a', 'b')).toEqual(['b'])
  })
})
