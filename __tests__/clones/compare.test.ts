import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findEarlier } from '../../src/history/compare.js'
import { folderStore } from '../../src/history/folder-store.js'
import type { Git } from '../../src/ports.js'
import { FakeClock } from '../support/clock.js'
import { git } from '../support/command.js'
import { MemoryFiles } from '../support/files.js'
import { cutOff, makeOrigin, mergeGroupEvent, pushEvent } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { checkouts } from '../support/rules.js'
import { comparisonIn, figuresIn, files, lines, rows } from '../support/compare-in.js'
import { entryAt, shop } from '../support/entries.js'

jest.setTimeout(120_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-compare-')
})
afterAll(() => scratch.remove())
const originOf = async (): Promise<Origin> => makeOrigin(scratch, files)

describe('a pull request', () => {
  test('is compared with where it left its base, and adds its own lines, however it is checked out', async () => {
    const origin = await originOf()
    const pull = await origin.pull({ 'a.js': lines({ 2: 'new\nnew\n' }) }, { 'n.js': 'one\ntwo\n', 'b.js': null })
    for (const how of checkouts(pull))
      expect(await figuresIn(await origin.checkOut(how), { event: pull.event, entries: [entryAt(pull.base)] })).toEqual(
        {
          base: ['main', pull.base],
          baseline: [pull.base, 0],
          change: { 'a.js': [2, 3], 'n.js': [1, 2] },
        },
      )
  })

  test('whose base has no data is compared with the nearest first parent that has some', async () => {
    const origin = await originOf()
    const known = await origin.tip('main')
    await origin.grow(2)
    const pull = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    for (const how of checkouts(pull))
      expect(await figuresIn(await origin.checkOut(how), { event: pull.event, entries: [entryAt(known)] })).toEqual({
        base: ['main', pull.base],
        baseline: [known, 2],
        change: { 'a.js': [1] },
      })
  })

  test('does not answer for what its base did since, in a merge of both or alone', async () => {
    const origin = await originOf()
    const { head, base: fork } = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const base = await origin.edit({ 'b.js': rows({ 5: 'other\n' }) })
    const pull = await origin.mergeOf(head)
    await origin.edit({ 'b.js': rows({ 6: 'later\n' }) })
    const entries = [entryAt(fork), entryAt(base)]
    for (const depth of [1, 'full'] as const) {
      const [merged, alone] = [
        await origin.checkOut({ commit: pull.merge, depth }),
        await origin.checkOut({ commit: head, depth }),
      ]
      expect(await figuresIn(merged, { event: pull.event, entries })).toEqual({
        base: ['main', base],
        baseline: [base, 0],
        change: { 'a.js': [1] },
      })
      expect(await figuresIn(alone, { event: pull.event, entries })).toEqual({
        base: ['main', fork],
        baseline: [fork, 0],
        change: { 'a.js': [1] },
      })
    }
  })

  test('that was rebased is compared with where it stands now', async () => {
    const origin = await originOf()
    const before = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const base = await origin.edit({ 'b.js': rows({ 5: 'other\n' }) })
    const pull = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const entries = [entryAt(before.base), entryAt(base)]
    for (const how of checkouts(pull))
      expect(await figuresIn(await origin.checkOut(how), { event: pull.event, entries })).toEqual({
        base: ['main', base],
        baseline: [base, 0],
        change: { 'a.js': [1] },
      })
  })

  test('that merged its base is compared with what it merged', async () => {
    const origin = await originOf()
    const { head } = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const base = await origin.edit({ 'b.js': rows({ 5: 'other\n' }) })
    const merged = await origin.mergeOf(head)
    const pull = await origin.mergeOf(merged.merge)
    expect(
      await figuresIn(await origin.checkOut({ commit: merged.merge, depth: 'full' }), {
        event: pull.event,
        entries: [entryAt(base)],
      }),
    ).toEqual({ base: ['main', base], baseline: [base, 0], change: { 'a.js': [1] } })
  })

  test('is not compared with what a merged branch measured, which is no first parent', async () => {
    const origin = await originOf()
    const first = await origin.tip('main')
    const side = await origin.pull({ 'b.js': rows({ 5: 'other\n' }) })
    await origin.push(side.merge, 'refs/heads/main')
    const pull = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const entries = [entryAt(first), entryAt(side.head)]
    for (const how of checkouts(pull))
      expect(await figuresIn(await origin.checkOut(how), { event: pull.event, entries })).toMatchObject({
        base: ['main', side.merge],
        baseline: [first, 1],
      })
  })

  test('with renamed and moved code adds only what differs, and says what was renamed since the baseline', async () => {
    const origin = await originOf()
    const known = await origin.tip('main')
    await origin.edit({ 'b.js': null, 'c.js': rows() })
    const pull = await origin.pull({ 'a.js': null, 'lib/a.js': lines({ 10: 'other\n' }) })
    const { change, renamed } = await comparisonIn(await origin.checkOut({ commit: pull.merge, depth: 1 }), {
      event: pull.event,
      entries: [entryAt(known)],
    })
    expect(change).toEqual({ files: [{ path: 'lib/a.js', lines: [10] }] })
    // Since the baseline, which is older than the base.
    expect(Object.fromEntries(renamed ?? [])).toEqual({ 'lib/a.js': 'a.js', 'c.js': 'b.js' })
  })

  test('without any history says so, and no clone is deepened for it', async () => {
    const origin = await originOf()
    const pull = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
    const folder = await origin.checkOut({ commit: pull.merge, depth: 2 })
    expect(await figuresIn(folder, { event: pull.event })).toEqual({
      base: ['main', pull.base],
      baseline: 'no earlier run is known',
      change: { 'a.js': [1] },
    })
    expect(await git(folder, 'rev-parse', '--is-shallow-repository')).toBe('true\n')
  })

  test.each([1, 'full'] as const)(
    'looks a hundred first parents back and no further, by a clone of depth %s',
    async (depth) => {
      const origin = await originOf()
      const first = await origin.tip('main')
      await origin.grow(100)
      const near = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
      const at = async ({ merge, event }: typeof near) =>
        (await figuresIn(await origin.checkOut({ commit: merge, depth }), { event, entries: [entryAt(first)] }))
          .baseline
      expect(await at(near)).toEqual([first, 100])
      await origin.grow(1)
      const far = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
      expect(await at(far)).toBe(`no run is known at ${far.base.slice(0, 7)} or before it, 100 first parents back`)
    },
  )
})

describe('a push', () => {
  test.each([1, 'full'] as const)(
    'to the default branch is compared with what was there before, by a clone of depth %s',
    async (depth) => {
      const origin = await originOf()
      const before = await origin.edit({ 'a.js': lines({ 1: 'x\n' }) })
      const tip = await origin.edit({ 'a.js': lines({ 1: 'y\n' }) })
      const entries = [entryAt(before), entryAt(tip)]
      const folder = await origin.checkOut({ commit: tip, depth })
      expect(await figuresIn(folder, { event: pushEvent('refs/heads/main', tip), entries })).toEqual({
        base: null,
        baseline: [before, 0],
        change: 'this run is of the branch that changes go to, and of no change',
      })
    },
  )

  test.each([1, 'full'] as const)(
    'to another branch is compared with where that left the default one, by a clone of depth %s',
    async (depth) => {
      const origin = await originOf()
      const fork = await origin.tip('main')
      const tip = await origin.edit({ 'a.js': lines({ 1: 'x\n' }) }, 'feature')
      await origin.edit({ 'b.js': rows({ 1: 'y\n' }) })
      const folder = await origin.checkOut({ commit: tip, depth })
      expect(
        await figuresIn(folder, { event: pushEvent('refs/heads/feature', tip), entries: [entryAt(fork)] }),
      ).toEqual({
        base: ['main', fork],
        baseline: [fork, 0],
        change: { 'a.js': [1] },
      })
    },
  )

  test('in a shallow clone whose remote is gone says what is missing and how to get it', async () => {
    const origin = await originOf()
    const first = await origin.tip('main')
    const tip = await origin.edit({ 'a.js': lines({ 1: 'x\n' }) })
    const own = await origin.edit({ 'b.js': rows({ 1: 'x\n' }) }, 'feature')
    const [main, feature] = [
      await origin.checkOut({ commit: tip, depth: 1 }),
      await origin.checkOut({ commit: own, depth: 1 }),
    ]
    for (const folder of [main, feature]) await cutOff(folder)
    const entries = [entryAt(first)]
    expect((await figuresIn(main, { event: pushEvent('refs/heads/main', tip), entries })).baseline).toBe(
      `no run is known before ${tip.slice(0, 7)}, as far as this shallow clone reaches; check out the whole history: \`fetch-depth: 0\`, or \`git fetch --unshallow\``,
    )
    const { baseline, change } = await figuresIn(feature, { event: pushEvent('refs/heads/feature', own), entries })
    expect(baseline).toMatch(
      /^the branch `main` could not be had: git: .*; check out the whole history: `fetch-depth: 0`/,
    )
    expect(change).toBe(baseline)
  })

  test('that has nothing in common with the default branch says so', async () => {
    const origin = await originOf()
    const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
    await git(folder, 'checkout', '--quiet', '--orphan', 'own')
    await git(folder, 'commit', '--quiet', '--message=feat: own')
    const tip = (await git(folder, 'rev-parse', 'HEAD')).trim()
    expect((await figuresIn(folder, { event: pushEvent('refs/heads/own', tip) })).baseline).toBe(
      'git finds no commit that this change and `main` share, so there is nothing to compare with',
    )
  })
})

test('a merge group is compared with its base', async () => {
  const origin = await originOf()
  const base = await origin.tip('main')
  const { merge } = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
  const folder = await origin.checkOut({ commit: merge, depth: 1 })
  expect(await figuresIn(folder, { event: mergeGroupEvent(base, merge), entries: [entryAt(base)] })).toEqual({
    base: ['main', base],
    baseline: [base, 0],
    change: { 'a.js': [1] },
  })
})

describe('on a laptop', () => {
  test('what is committed, changed and new counts, from where the branch left the remote’s', async () => {
    const origin = await originOf()
    const base = await origin.tip('main')
    const folder = await origin.checkOut({ commit: base, depth: 'full' })
    await git(folder, 'checkout', '--quiet', '-b', 'mine')
    writeFileSync(join(folder, 'a.js'), lines({ 1: 'x\n' }))
    await git(folder, 'commit', '--quiet', '--all', '--message=feat: a')
    writeFileSync(join(folder, 'b.js'), rows({ 2: 'x\n' }))
    writeFileSync(join(folder, 'n.js'), 'new\n')
    const told = { baseline: [base, 0], change: { 'a.js': [1], 'b.js': [2], 'n.js': [1] } }
    expect(await figuresIn(folder, { entries: [entryAt(base)] })).toEqual({ base: ['main', base], ...told })
    expect(await figuresIn(folder, { entries: [entryAt(base)], base: 'HEAD~1' })).toEqual({
      base: ['HEAD~1', base],
      ...told,
    })
    expect(await figuresIn(folder, { entries: [entryAt(base)], ownRules: true })).toEqual({
      base: ['main', base],
      ...told,
    })
  })

  test('without a remote the last commit is the base of what is not committed, and the one before it of a clean one', async () => {
    const folder = scratch.folderWith(undefined, files as Record<string, string>)
    await git(folder, 'init', '--quiet', '--initial-branch=main')
    const commit = async (): Promise<string> => {
      await git(folder, 'add', '--all')
      await git(folder, 'commit', '--quiet', '--allow-empty', '--message=chore: edit')
      return (await git(folder, 'rev-parse', 'HEAD')).trim()
    }
    const [first, second] = [await commit(), await commit()]
    const entries = [entryAt(first), entryAt(second)]
    expect(await figuresIn(folder, { entries })).toMatchObject({ base: null, baseline: [first, 0] })
    writeFileSync(join(folder, 'a.js'), lines({ 3: 'x\n' }))
    expect(await figuresIn(folder, { entries })).toEqual({
      base: [null, second],
      baseline: [first, 1],
      change: { 'a.js': [3] },
    })
  })

  test('outside of a repository there is nothing to compare with', async () => {
    const folder = scratch.folderWith(undefined, files as Record<string, string>)
    const missing = 'there is no git repository with a commit here'
    expect(await figuresIn(folder)).toEqual({ base: null, baseline: missing, change: missing })
  })
})

test('of several runs of a commit each stage is as it was measured last, and earlier runs are told newest first', async () => {
  const origin = await originOf()
  const first = await origin.tip('main')
  const second = await origin.edit({ 'a.js': lines({ 1: 'x\n' }) })
  const pull = await origin.pull({ 'a.js': lines({ 1: 'new\n' }) })
  const stage = entryAt(second, 7).stages['check'] ?? { duration_ms: 0 }
  const entries = [
    entryAt(first, 1),
    entryAt(second, 2),
    entryAt(second, 3, { stages: { other: stage } }),
    entryAt(second, 4),
  ]
  const { baseline, earlier } = await comparisonIn(await origin.checkOut({ commit: pull.merge, depth: 1 }), {
    event: pull.event,
    entries,
  })
  expect(baseline).toMatchObject({
    entry: { stages: { check: { tests: { tests: 4 } }, other: { tests: { tests: 7 } } } },
  })
  expect(earlier.map(({ commit }) => commit)).toEqual([second, first])
})

test('git that does not answer is waited for half a minute, and the run goes on without a base', async () => {
  const clock = new FakeClock()
  const head = 'a'.repeat(40)
  let ended = false
  const slow: Git = {
    run: async (_, [command], how) => {
      if (command === 'rev-parse') return { code: 0, stdout: `false\n\n${head}\n`, stderr: '' }
      if (command !== 'merge-base') return { code: 0, stdout: '', stderr: '' }
      how?.signal?.addEventListener('abort', () => (ended = true))
      return new Promise(() => undefined)
    },
  }
  const store = folderStore('/history', shop, { files: new MemoryFiles(), now: () => 0 })
  const asking = {
    folder: '/repo',
    checkout: head,
    dirty: false,
    isEvent: true,
    github: undefined,
    repository: null,
    start: { of: 'commit' as const, sha: 'b'.repeat(40), name: 'main' },
    store: async () => store,
  }
  const ports = { git: slow, files: new MemoryFiles(), clock, cancel: new AbortController().signal }
  const { base } = await clock.settle(findEarlier(asking, ports))
  expect(base).toEqual({
    missing:
      'the base could not be found: it took longer than 30 seconds; check out the whole history: `fetch-depth: 0`, or `git fetch --unshallow`',
  })
  expect([clock.monotonic(), ended]).toEqual([30_000, true])
})
