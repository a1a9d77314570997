import { afterAll, expect, test } from '@jest/globals'
import { chmodSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fingerprints } from '../../src/engine/cache/fingerprints.js'
import { Workspace } from '../../src/engine/workspace.js'
import { hostPorts } from '../../src/host/index.js'
import type { Files } from '../../src/ports.js'
import { change, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

const scratch = new Scratch('wf-fingerprints-')
afterAll(() => scratch.remove())

/** A repository whose index was written a while after its files. */
async function repository(): Promise<string> {
  const names = ['src/a.txt', 'src/b.txt', '.gitignore']
  const folder = await scratch.repositoryWith(
    undefined,
    Object.fromEntries(names.map((name) => [name, name === '.gitignore' ? 'out/\n' : `${name}\n`])),
  )
  const path = join(folder, '.git/index')
  const last = Math.max(...names.map((name) => statSync(join(folder, name)).ctimeMs))
  while (statSync(path).ctimeMs - last < 30) utimesSync(path, new Date(), new Date())
  return folder
}

/** Fingerprints of a folder; `later` milliseconds have passed since its files were written. */
function over(
  folder: string,
  later = 0,
): { states: (...patterns: string[]) => Promise<Record<string, string>>; read: string[] } {
  const { files, git, clock } = hostPorts()
  const read: string[] = []
  const counting: Files = {
    ...files,
    readBytes: (path) => (read.push(path.slice(folder.length + 1)), files.readBytes(path)),
  }
  const now = { ...clock, now: () => clock.now() + later }
  const all = new Fingerprints(new Workspace(folder, counting, git), counting, git, now)
  return { read, states: async (...patterns) => Object.fromEntries(await all.of(patterns)) }
}

const idOf = (folder: string, name: string): string => shell(folder, `git hash-object ${name}`).trim()

test('clean files are known from the index alone, as git knows them', async () => {
  const folder = await repository()
  const { states, read } = over(folder)
  expect(await states('src/')).toEqual({
    'src/a.txt': `100644 ${idOf(folder, 'src/a.txt')}`,
    'src/b.txt': `100644 ${idOf(folder, 'src/b.txt')}`,
  })
  expect(read).toEqual([])
})

test('what differs, is new or is ignored is read, and known by the same rule', async () => {
  const folder = await repository()
  change(folder, { 'src/a.txt': 'changed\n', 'src/new.txt': 'new\n', 'out/made.txt': 'made\n' })
  const { states, read } = over(folder)
  expect(await states('**')).toMatchObject({
    'src/a.txt': `100644 ${idOf(folder, 'src/a.txt')}`,
    'src/new.txt': `100644 ${idOf(folder, 'src/new.txt')}`,
    'out/made.txt': `100644 ${idOf(folder, 'out/made.txt')}`,
  })
  expect(read.sort()).toEqual(['out/made.txt', 'src/a.txt', 'src/new.txt'])
})

test('a file with the size and times that git knows, and another content, is seen', async () => {
  const folder = await repository()
  const old = new Date(1_600_000_000_000)
  utimesSync(join(folder, 'src/a.txt'), old, old)
  shell(folder, 'git update-index --refresh')
  writeFileSync(join(folder, 'src/a.txt'), 'SRC/A.TXT\n')
  utimesSync(join(folder, 'src/a.txt'), old, old)
  expect((await over(folder, 10_000).states('src/a.txt'))['src/a.txt']).toBe(`100644 ${idOf(folder, 'src/a.txt')}`)
})

test('files that git is told not to look at are read', async () => {
  const folder = await repository()
  shell(folder, 'git update-index --assume-unchanged src/a.txt; git update-index --skip-worktree src/b.txt')
  change(folder, { 'src/a.txt': 'other\n', 'src/b.txt': 'other too\n' })
  expect(await over(folder, 10_000).states('src/')).toEqual({
    'src/a.txt': `100644 ${idOf(folder, 'src/a.txt')}`,
    'src/b.txt': `100644 ${idOf(folder, 'src/b.txt')}`,
  })
})

test('a change after git was asked is seen', async () => {
  const folder = await repository()
  const { states } = over(folder)
  const before = await states('src/')
  change(folder, { 'src/a.txt': 'ONE\n' })
  const after = await states('src/')
  expect(after['src/a.txt']).not.toBe(before['src/a.txt'])
  expect(after['src/b.txt']).toBe(before['src/b.txt'])
  change(folder, { 'src/a.txt': 'TWO\n' })
  expect((await states('src/'))['src/a.txt']).toBe(`100644 ${idOf(folder, 'src/a.txt')}`)
})

test('what has been quiet for long is not read again', async () => {
  const folder = await repository()
  change(folder, { 'out/made.txt': 'made\n' })
  const { states, read } = over(folder, 10_000)
  await states('**')
  await states('**')
  expect(read).toEqual(['out/made.txt'])
})

test('modes, links with what they lead to, and files that are gone', async () => {
  const folder = await repository()
  symlinkSync('a.txt', join(folder, 'src/link'))
  symlinkSync('nowhere', join(folder, 'src/broken'))
  const { states } = over(folder)
  const before = await states('src/')
  expect(before['src/link']).toMatch(/^120000 \w{40} \w{40}$/)
  expect(before['src/broken']).toMatch(/^120000 \w{40}$/)
  chmodSync(join(folder, 'src/b.txt'), 0o755)
  change(folder, { 'src/a.txt': 'changed\n' })
  rmSync(join(folder, 'src/broken'))
  const after = await states('src/')
  expect(after['src/b.txt']).toBe(before['src/b.txt']?.replace('100644', '100755'))
  expect(after['src/link']).not.toBe(before['src/link'])
  expect(after['src/broken']).toBeUndefined()
})

test('patterns take out, folders stand for all in them, and there need be no repository', async () => {
  const folder = scratch.folderWith(undefined, { 'a/x.js': '1', 'a/x.test.js': '2', 'a/deep/y.js': '3', 'b.js': '4' })
  const { states } = over(folder)
  expect(Object.keys(await states('a', '!**/*.test.js'))).toEqual(['a/deep/y.js', 'a/x.js'])
  expect(Object.keys(await states('*.js', 'a/', '!a/deep'))).toEqual(['a/x.js', 'a/x.test.js', 'b.js'])
})

test('what git tracks is told by name and by folder, whatever its state', async () => {
  const folder = await repository()
  shell(folder, 'git update-index --assume-unchanged src/a.txt')
  change(folder, { 'out/made.txt': 'made\n', 'some where/ä.txt': '1', 'src-other/x': '2' })
  shell(folder, 'ln -s a.txt src/link; git add src/link "some where"')
  const { files, git, clock } = hostPorts()
  const all = new Fingerprints(new Workspace(folder, files, git), files, git, clock)
  const tracked = ['', 'src', 'src/a.txt', 'src/link', 'some where', 'some where/ä.txt']
  const others = ['out', 'sr', 'src/a', 'a.txt', 'src-other', 'where']
  expect(await Promise.all([...tracked, ...others].map((name) => all.tracks(name)))).toEqual([
    ...tracked.map(() => true),
    ...others.map(() => false),
  ])
})
