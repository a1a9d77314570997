import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Scratch } from '../support/scratch.js'
import type { Tree } from '../handover/tree.js'
import { carry, makeTree, treeOf } from '../handover/tree.js'

const scratch = new Scratch('wf-handover-')
afterAll(() => scratch.remove())

let pairs = 0
/** Two folders: one with a tree, one with another. */
function pair(tree: Tree, there: Tree = {}): { from: string; to: string } {
  const [from, to] = ['from', 'to'].map((name) => join(scratch.root, `${name}-${(pairs += 1)}`)) as [string, string]
  makeTree(from, tree)
  makeTree(to, there)
  return { from, to }
}

test('modes, links, folders with a dot, empty folders and names of all kinds arrive as they were', async () => {
  const tree = {
    'dist/index.js': 'file export {}',
    'dist/run.sh': 'run #!/bin/sh',
    'dist/empty.txt': 'file ',
    'dist/.cache/deep/.keep': 'file kept',
    'dist/.env': 'file A=1',
    'dist/nothing': 'folder',
    'dist/only/folders': 'folder',
    'dist/latest': '-> index.js',
    'dist/.cache/up': '-> ../run.sh',
    'dist/folder': '-> .cache/deep',
    'dist/dangling': '-> not/there',
    'dist/node_modules/.bin/tool': '-> ../tool/cli.js',
    'dist/node_modules/tool/cli.js': 'run js',
    'dist/größe 日本 😀.txt': 'file ünï',
    'dist/$(id) `x` \'q\' "d" -rf *': 'file shell',
    'dist/constructor/__proto__': 'file own',
  }
  const { from, to } = pair(tree)
  expect(await carry(from, to, ['dist/'])).toMatchObject({ entries: expect.any(Array) })
  expect(treeOf(to)).toEqual(tree)
})

test('ten thousand small files arrive', async () => {
  const tree = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`out/${i % 100}/${i}.txt`, `file ${i}`]))
  const { from, to } = pair(tree)
  await carry(from, to, ['out'])
  expect(treeOf(to)).toEqual(tree)
})

test('a file that is too large to be read at once arrives byte for byte, executable as it was', async () => {
  const { from, to } = pair({}, { large: 'file before' })
  const content = Buffer.alloc(9 * 2 ** 20 + 7, 'some bytes ')
  writeFileSync(join(from, 'large'), content)
  chmodSync(join(from, 'large'), 0o755)
  await carry(from, to, ['large'])
  expect(readFileSync(join(to, 'large')).equals(content)).toBe(true)
  expect(lstatSync(join(to, 'large')).mode & 0o777).toBe(0o755)
  expect(Object.keys(treeOf(to))).toEqual(['large'])
})

test('files and links that are there give way, also those that nobody may write to', async () => {
  const { from, to } = pair(
    { 'dist/a': 'file new', 'dist/b': 'file new', 'dist/c': '-> a', 'dist/d': '-> b' },
    {
      'dist/a': 'run old',
      'dist/b': '-> ../other',
      'dist/c': 'file old',
      'dist/d': '-> a',
      other: 'file other',
      'dist/e': 'file mine',
    },
  )
  chmodSync(join(to, 'dist/a'), 0o444)
  await carry(from, to, ['dist'])
  expect(treeOf(to)).toEqual({
    'dist/a': 'file new',
    'dist/b': 'file new',
    'dist/c': '-> a',
    'dist/d': '-> b',
    'dist/e': 'file mine',
    other: 'file other',
  })
})

test('the same hand-over can be put in its place twice', async () => {
  const tree = { 'a/b': 'run x', 'a/c': '-> b', 'a/d': 'folder' }
  const { from, to } = pair(tree)
  await carry(from, to, ['a'])
  expect(await carry(from, to, ['a'])).toMatchObject({ entries: expect.any(Array) })
  expect(treeOf(to)).toEqual(tree)
})

const names = fc.oneof(
  fc.constantFrom('a', 'b', '.c', 'D d', 'é', '日', '[x]', '!n', '{a,b}', '*', '#', '%', '..x', 'x..'),
  fc
    .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
    .filter((name) => !/[/\\\0-\u001F\u007F]|^[. ]*$|^[A-Za-z]:|^\.(git|wf)|git~/i.test(name)),
)
const things = fc.oneof(
  fc.string().map((text) => `file ${text}`),
  fc.string().map((text) => `run ${text}`),
  fc.constant('folder'),
  names.map((name) => `-> ${name}`),
)

test('any tree arrives as it was', async () => {
  const trees = fc.array(fc.tuple(fc.array(names, { minLength: 1, maxLength: 4 }), things), { maxLength: 12 })
  const property = fc.asyncProperty(trees, async (drawn) => {
    const tree: Record<string, string> = {}
    for (const [parts, what] of drawn) {
      const path = ['top', ...parts].join('/')
      const isFree = Object.keys(tree).every(
        (other) => !`${other}/`.startsWith(`${path}/`) && !`${path}/`.startsWith(`${other}/`),
      )
      // A link to itself leads in a circle, which is refused.
      if (isFree && what !== `-> ${parts.at(-1)}`) tree[path] = what
    }
    const { from, to } = pair(tree)
    mkdirSync(join(from, 'top'), { recursive: true })
    const before = treeOf(from)
    const carried = await carry(from, to, ['top/'])
    if ('reason' in carried) expect(carried.reason).toMatch(/leads in a circle/)
    else expect(treeOf(to)).toEqual(before)
  })
  await fc.assert(property, { numRuns: 150 })
})
