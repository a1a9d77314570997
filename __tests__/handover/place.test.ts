import { afterAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../src/base/hash.js'
import type { PackSource } from '../../src/handover/entry.js'
import { writePack } from '../../src/handover/pack.js'
import type { Placed } from '../../src/handover/place.js'
import { placeArtifacts } from '../../src/handover/place.js'
import { hostFiles } from '../../src/host/files.js'
import type { Files, FileStat } from '../../src/ports.js'
import { MemoryFiles } from '../support/files.js'
import { Scratch } from '../support/scratch.js'
import type { Tree } from './tree.js'
import { makeTree, treeOf, workspaceOf } from './tree.js'

const scratch = new Scratch('wf-place-')
afterAll(() => scratch.remove())

let checkouts = 0
/** A checkout beside a folder with a secret, which no pack may reach. */
function checkout(tree: Tree = {}): { root: string; outside: string } {
  const base = join(scratch.root, String((checkouts += 1)))
  const [root, outside] = [join(base, 'checkout'), join(base, 'outside')]
  makeTree(outside, { secret: 'file untouched' })
  makeTree(root, tree)
  return { root, outside }
}

const file = (path: string, content = 'new') => ({ kind: 'file' as const, path, executable: false, content })
const link = (path: string, target: string) => ({ kind: 'link' as const, path, target })
type Drawn = PackSource & { content?: string }

/** Puts a pack of an attacker, whole in itself, into a folder. */
async function place(root: string, entries: readonly Drawn[], files: Files = hostFiles()): Promise<Placed> {
  const pack = `${root}.pack`
  const written = await writePack(files, pack, {
    head: null,
    entries,
    contentOf: (entry) => ({ bytes: Buffer.from((entry as Drawn).content ?? '') }),
  })
  return 'reason' in written ? written : placeArtifacts(pack, workspaceOf(root, files), files)
}

/** Puts a pack in place whose head no writer of ours would write. */
async function placeForged(root: string, paths: readonly string[]): Promise<Placed> {
  const entries = paths.map((path) => ({ kind: 'file', path, executable: false, size: 1, sha256: sha256('x') }))
  const head = JSON.stringify({ head: null, entries })
  writeFileSync(`${root}.pack`, `wf-pack 1 ${sha256(head)}\n${head}\n${'x'.repeat(paths.length)}`)
  return placeArtifacts(`${root}.pack`, workspaceOf(root), hostFiles())
}

test.each([
  '../outside/secret',
  'a/../../outside/secret',
  '/elsewhere/escaped',
  '..\\outside\\secret',
  'C:\\x',
  'C:/x',
  '.git/hooks/pre-commit',
  '.GIT/config',
  'sub/.Git/config',
  '.git /config',
  'git~1/config',
  'a\0b',
  '',
])('a pack with a file called %j is refused before anything is written', async (path) => {
  const { root, outside } = checkout({ 'sub/.git/config': 'file mine' })
  expect(await placeForged(root, ['fine', path])).toMatchObject({ reason: expect.stringContaining('cannot be a path') })
  expect(treeOf(root)).toEqual({ 'sub/.git/config': 'file mine' })
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

test('a file through a link of the same pack is refused, however the entries stand', async () => {
  const { root } = checkout()
  const entries = [link('a', '.'), file('a/b')]
  for (const order of [entries, entries.toReversed()])
    expect(await place(root, order)).toEqual({ reason: 'a/b lies in a, which is a link' })
  const head = JSON.stringify({
    head: null,
    entries: [
      { kind: 'link', path: 'd', target: '../outside' },
      { kind: 'file', path: 'd/secret', executable: false, size: 1, sha256: sha256('x') },
    ],
  })
  writeFileSync(`${root}.pack`, `wf-pack 1 ${sha256(head)}\n${head}\nx`)
  const placed = await placeArtifacts(`${root}.pack`, workspaceOf(root), hostFiles())
  expect(placed).toEqual({ reason: 'd/secret lies in d, which is a link' })
  expect(treeOf(root)).toEqual({})
})

test.each<[string, Tree, string]>([
  ['that leads out', { dist: '-> ../outside' }, 'dist/secret'],
  ['that leads inside', { dist: '-> real', 'real/x': 'file x' }, 'dist/secret'],
  ['further up', { 'a/b': '-> ../../outside' }, 'a/b/c/secret'],
  ['that leads nowhere', { dist: '-> nowhere' }, 'dist/secret'],
])('nothing is written through a link of the checkout %s', async (_, tree, path) => {
  const { root, outside } = checkout(tree)
  expect(await place(root, [file('fine'), file(path)])).toEqual({
    reason: expect.stringMatching(/^.* cannot be put there: .* is a link here$/),
  })
  expect(treeOf(root)).toEqual(tree)
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

test('an empty folder is not made through a link either', async () => {
  const { root, outside } = checkout({ dist: '-> ../outside' })
  expect(await place(root, [{ kind: 'folder', path: 'dist/made' }])).toMatchObject({ reason: expect.any(String) })
  expect(await place(root, [{ kind: 'folder', path: 'dist' }])).toMatchObject({ reason: expect.any(String) })
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

test('a link of the checkout in the place of a file is replaced, and what it leads to stays as it was', async () => {
  const { root, outside } = checkout({ a: '-> ../outside/secret', large: '-> ../outside/secret' })
  await place(root, [file('a'), file('large', 'x'.repeat(2 ** 21))])
  expect(treeOf(root)).toEqual({ a: 'file new', large: `file ${'x'.repeat(2 ** 21)}` })
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

test.each<[string, string, string, Tree]>([
  ['a', '/etc/passwd', 'leads to an absolute path', {}],
  ['a', 'C:/windows', 'leads to an absolute path', {}],
  ['a', '..', 'leads out of the repository', {}],
  ['a/b', '../../outside/secret', 'leads out of the repository', {}],
  ['a', 'x/../../outside', 'leads out of the repository', {}],
  ['a', 'here/secret', 'leads out of the repository', { here: '-> ../outside' }],
  ['a', 'sub/up/../..', 'leads out of the repository', { 'sub/up': '-> ..' }],
  ['a', 'etc', 'leads to an absolute path', { etc: '-> /etc' }],
  ['a', '.git/hooks', "leads into git's own folder", {}],
  ['a', 'x/../.GIT', "leads into git's own folder", {}],
  ['a', 'a', 'leads in a circle', {}],
  ['a', 'b', 'leads in a circle', { b: '-> a' }],
  ['a', '..\\..\\x', 'leads to no name that every machine takes', {}],
  ['a', '', 'leads to no name that every machine takes', {}],
])('a link %s to %j is refused before anything is written: it %s', async (path, target, why, tree) => {
  const { root } = checkout(tree)
  expect(await place(root, [file('fine'), link(path, target)])).toEqual({ reason: `the link ${path} ${why}` })
  expect(treeOf(root)).toEqual(tree)
})

test('links that lead out only together are refused', async () => {
  const { root } = checkout()
  const placed = await place(root, [link('a/b/up', '../..'), link('c', 'a/b/up/../outside')])
  expect(placed).toEqual({ reason: 'the link c leads out of the repository' })
})

test('links that lead out only where case makes no difference are refused', async () => {
  const { root } = checkout()
  const placed = await place(root, [link('a/b/Up', '../..'), link('c', 'a/b/up/../outside')])
  expect(placed).toEqual({ reason: 'the link c leads out of the repository' })
})

test('a link of the checkout that the pack replaces is not what counts', async () => {
  const { root } = checkout({ now: '-> ../outside' })
  expect(await place(root, [link('now', 'inside'), link('a', 'now/x')])).toMatchObject({ entries: expect.any(Array) })
  expect(treeOf(root)).toEqual({ now: '-> inside', a: '-> now/x' })
})

test('a folder never gives way to a file or a link, nor a file to a folder', async () => {
  const tree = { 'dist/kept': 'file mine', file: 'file mine' }
  const { root } = checkout(tree)
  const reasons = []
  for (const entry of [
    file('dist'),
    link('dist', 'file'),
    file('file/in/it'),
    { kind: 'folder' as const, path: 'file' },
  ])
    reasons.push(await place(root, [file('fine'), entry]))
  expect(reasons).toEqual([
    { reason: 'dist is a file in the pack and a folder here' },
    { reason: 'dist is a link in the pack and a folder here' },
    { reason: 'file/in/it cannot be put there: file is no folder here' },
    { reason: 'file cannot be put there: file is no folder here' },
  ])
  expect(treeOf(root)).toEqual(tree)
})

test('nothing is put into the folder of runs and cache', async () => {
  const { root } = checkout()
  for (const path of ['.wf/cache/x', '.WF/runs/1/journal.jsonl'])
    expect(await place(root, [file(path)])).toEqual({ reason: `${path} lies in the folder of wf's own records` })
  expect(treeOf(root)).toEqual({})
})

test('what is neither file nor link nor folder is not replaced', async () => {
  const { root } = checkout()
  execFileSync('mkfifo', [join(root, 'pipe')])
  expect(await place(root, [file('pipe')])).toEqual({ reason: 'pipe is neither a file nor a link here' })
})

test('a content that is damaged never gets its name, and what stood there stays', async () => {
  for (const size of [10, 2 ** 21]) {
    const { root } = checkout({ a: 'file before' })
    await place(root, [])
    const files = hostFiles()
    await writePack(files, `${root}.pack`, {
      head: null,
      entries: [file('a')],
      contentOf: () => ({ bytes: Buffer.alloc(size, 'x') }),
    })
    const bytes = readFileSync(`${root}.pack`)
    bytes[bytes.length - 1] = 0
    writeFileSync(`${root}.pack`, bytes)
    const placed = await placeArtifacts(`${root}.pack`, workspaceOf(root), files)
    expect(placed).toEqual({ reason: 'a is not what was packed' })
    expect(treeOf(root)).toEqual({ a: 'file before' })
  }
})

test('a temporary name that somebody guessed leads nowhere', async () => {
  const { root, outside } = checkout()
  const entries = [file('a', 'x'.repeat(2 ** 21))]
  await place(root, entries)
  const head = readFileSync(`${root}.pack`, 'utf8').split('\n')[0]?.split(' ')[2] ?? ''
  const guessed = `.wf-${sha256(`${head} a`).slice(0, 16)}.tmp`
  makeTree(root, { [guessed]: '-> ../outside/secret' })
  await place(root, entries)
  expect(readdirSync(root)).toEqual(['a'])
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

test('a folder that is tried out leads nowhere either', async () => {
  const { root, outside } = checkout()
  makeTree(root, { [`.wf-${sha256(root).slice(0, 16)}.tmp`]: '-> ../outside' })
  await place(root, [file('a'), file('A')])
  expect(readdirSync(root)).toEqual(['A', 'a'])
  expect(treeOf(outside)).toEqual({ secret: 'file untouched' })
})

/** A disk that takes names for one that differ by case. */
class OneCase extends MemoryFiles {
  override stat(path: string): FileStat | undefined {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/'
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
    const found = path === '/' ? undefined : this.list(folder).find((other) => other.name.toLowerCase() === name)
    return super.stat(found ? `${folder}/${found.name}` : path)
  }
}

test('names that differ only by case are refused on a disk that takes them for one', async () => {
  const files = new OneCase({ '/checkout/x': '' })
  const placed = await place('/checkout', [file('a/Read'), file('a/read')], files)
  expect(placed).toEqual({ reason: 'a/Read and a/read are one name on this disk' })
  const through = await place('/checkout', [link('Dir', 'x'), file('dir/y')], files)
  expect(through).toEqual({ reason: 'Dir and dir are one name on this disk' })
  expect(Object.keys(files.all()).toSorted()).toEqual(['/checkout.pack', '/checkout/x'])
})

test('names that differ only by case or by form are put side by side where the disk tells them apart', async () => {
  const { root } = checkout()
  mkdirSync(join(root, 'probe'))
  const tree = { Read: 'file new', read: 'file new', '\u00E9': 'file new', 'e\u0301': 'file new', probe: 'folder' }
  expect(
    await place(
      root,
      Object.keys(tree)
        .slice(0, 4)
        .map((path) => file(path)),
    ),
  ).toMatchObject({
    entries: expect.any(Array),
  })
  expect(treeOf(root)).toEqual(tree)
})

test('a disk that refuses is told as such, and nothing half written stays', async () => {
  const files = new MemoryFiles({}, (operation, path) =>
    operation === 'writing' && path.endsWith('/large') ? 'ENOSPC' : undefined,
  )
  await expect(place('/checkout', [file('large', 'x'.repeat(2 ** 21))], files)).rejects.toMatchObject({
    code: 'ENOSPC',
  })
  expect(Object.keys(files.all())).toEqual(['/checkout.pack'])
})
