import { afterAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Artifacts } from '../../src/handover/artifacts.js'
import { matchArtifacts } from '../../src/handover/artifacts.js'
import { hostFiles } from '../../src/host/files.js'
import { Scratch } from '../support/scratch.js'
import type { Tree } from './tree.js'
import { makeTree, workspaceOf } from './tree.js'

const scratch = new Scratch('wf-artifacts-')
afterAll(() => scratch.remove())

let workspaces = 0
const folderWith = (tree: Tree): string => {
  const root = join(scratch.root, String((workspaces += 1)))
  makeTree(root, tree)
  return root
}
const match = (root: string, ...patterns: string[]): Artifacts =>
  matchArtifacts(hostFiles(), workspaceOf(root), patterns)
const paths = (found: Artifacts): string[] =>
  found.entries.map(({ kind, path }) => (kind === 'file' ? path : `${kind} ${path}`))

const project = folderWith({
  'dist/index.js': 'file 1',
  'dist/index.js.map': 'file 22',
  'dist/.vite/manifest.json': 'file {}',
  'dist/empty/inner': 'folder',
  'dist/run.sh': 'run x',
  'dist/node_modules/dep/index.js': 'file x',
  'node_modules/dep/index.js': 'file x',
  'node_modules/dep/a.log': 'file x',
  'packages/a/dist/a.js': 'file x',
  'packages/b/dist/b.js': 'file x',
  'packages/b/src/b.ts': 'file x',
  'app/[id]/page.js': 'file x',
  'app/i/page.js': 'file x',
  '.git/config': 'file secret',
  '.wf/runs/1/journal.jsonl': 'file secret',
  'vendor/sub/.git/HEAD': 'file secret',
  'vendor/sub/code.c': 'file x',
  'a.log': 'file x',
})

test.each<[string[], string[]]>([
  [['dist/index.js'], ['dist/index.js']],
  [['./dist/index.js'], ['dist/index.js']],
  [
    ['dist/'],
    [
      'dist/.vite/manifest.json',
      'folder dist/empty/inner',
      'dist/index.js',
      'dist/index.js.map',
      'dist/node_modules/dep/index.js',
      'dist/run.sh',
    ],
  ],
  [['dist/node_modules/**'], ['dist/node_modules/dep/index.js']],
  [['dist/n*'], ['dist/node_modules/dep/index.js']],
  [['dist/*.js'], ['dist/index.js']],
  [['dist/**/*.js'], ['dist/index.js']],
  [['dist/.*'], ['dist/.vite/manifest.json']],
  [['packages/*/dist'], ['packages/a/dist/a.js', 'packages/b/dist/b.js']],
  [['packages/*/dist/'], ['packages/a/dist/a.js', 'packages/b/dist/b.js']],
  [
    ['dist/*.map', 'dist/run.sh', 'dist/run.sh'],
    ['dist/index.js.map', 'dist/run.sh'],
  ],
  [['**/*.log'], ['a.log']],
  [['node_modules/**/*.log'], ['node_modules/dep/a.log']],
  [['app/[id]/page.js'], ['app/[id]/page.js', 'app/i/page.js']],
  [['vendor'], ['vendor/sub/code.c']],
  [
    ['dist', '!dist/node_modules', '!**/*.map', '!dist/empty/**', '!dist/.vite'],
    ['dist/index.js', 'dist/run.sh'],
  ],
  [
    ['packages', '!packages/b', 'packages/b/src'],
    ['packages/a/dist/a.js', 'packages/b/src/b.ts'],
  ],
  [
    ['**/dist/*.{js,sh}', '!packages/**'],
    ['dist/index.js', 'dist/run.sh'],
  ],
])('%j names %j', (patterns, expected) => {
  const found = match(project, ...patterns)
  expect(paths(found)).toEqual(expected)
  expect([found.unmatched, found.refused]).toEqual([[], []])
})

test('files are told with their size and whether they can be run', () => {
  expect(match(project, 'dist/run.sh', 'dist/index.js.map').entries).toEqual([
    { kind: 'file', path: 'dist/index.js.map', executable: false, size: 2 },
    { kind: 'file', path: 'dist/run.sh', executable: true, size: 1 },
  ])
})

test("the whole workspace can be handed over, without git's folders and the records of runs", () => {
  for (const pattern of ['.', './', '**']) {
    const found = paths(match(project, pattern))
    expect(found).toContain('dist/.vite/manifest.json')
    expect(found.filter((path) => /\.git|\.wf/.test(path))).toEqual([])
  }
})

test('a pattern that names nothing is told as it was written', () => {
  const found = match(project, 'dist/index.js', 'build/', 'dist/*.css', '!nothing', 'a.log/', '.git', '.wf/runs')
  expect(found.unmatched).toEqual(['build/', 'dist/*.css', 'a.log/', '.git', '.wf/runs'])
  expect(paths(found)).toEqual(['dist/index.js'])
})

test('of very many that are refused the first ones are told, and how many more there are', () => {
  const root = folderWith(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`out/${i + 10}`, '-> /etc'])))
  const { refused } = match(root, 'out')
  expect(refused).toHaveLength(21)
  expect(refused[0]).toBe('out/10: the link leads to an absolute path')
  expect(refused.at(-1)).toBe('5 more')
})

test('an empty folder is something', () => {
  const root = folderWith({ out: 'folder' })
  for (const pattern of ['out', 'out/', 'out/**', 'o*']) {
    const found = match(root, pattern)
    expect([pattern, paths(found), found.unmatched]).toEqual([pattern, ['folder out'], []])
  }
})

test('patterns that lead out of the repository are refused', () => {
  for (const pattern of ['../x', '/etc/passwd', 'a/../../b', 'C:\\x', '!../x'])
    expect(match(project, 'dist', pattern)).toEqual({
      entries: [],
      unmatched: [],
      refused: [`${pattern} leads out of the repository`],
    })
})

test('links that stay inside are links, and are not followed', () => {
  const root = folderWith({
    'dist/a': 'file x',
    'dist/b': '-> a',
    'dist/sub/up': '-> ../../dist',
    'dist/self': '-> .',
    'dist/dangling': '-> not/there',
    lib: '-> dist',
  })
  const found = match(root, 'dist', 'lib')
  expect(found.refused).toEqual([])
  expect(paths(found)).toEqual([
    'dist/a',
    'link dist/b',
    'link dist/dangling',
    'link dist/self',
    'link dist/sub/up',
    'link lib',
  ])
  expect(found.entries[1]).toEqual({ kind: 'link', path: 'dist/b', target: 'a' })
})

test('links that lead out, into git or in a circle are refused by name', () => {
  const root = folderWith({
    'dist/absolute': '-> /etc/passwd',
    'dist/circle': '-> circle',
    'dist/git': '-> ../.git/config',
    'dist/here': '-> ok',
    'dist/out': '-> ../../elsewhere',
    'dist/through': '-> ../up/x',
    up: '-> ..',
  })
  const found = match(root, 'dist')
  expect(found.refused).toEqual([
    'dist/absolute: the link leads to an absolute path',
    'dist/circle: the link leads in a circle',
    "dist/git: the link leads into git's own folder",
    'dist/out: the link leads out of the repository',
    'dist/through: the link leads out of the repository',
  ])
  expect(paths(found)).toEqual(['link dist/here'])
})

test('a link that is not asked for, or is taken out, refuses nothing', () => {
  const root = folderWith({ 'dist/a': 'file x', 'dist/out': '-> /etc', 'other/out': '-> /etc' })
  expect(match(root, 'dist', '!dist/out').refused).toEqual([])
})

test('what other machines could not hold is refused by name', () => {
  const root = folderWith({ 'dist/a\\b': 'file x', 'dist/new\nline': 'file x', 'dist/.GIT/x': 'file x' })
  execFileSync('mkfifo', [join(root, 'dist/pipe')])
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'dist/latin-')), Buffer.from([0xe9])]), '')
  expect(match(root, 'dist').refused).toEqual([
    "dist/.GIT: it lies in git's own folder",
    'dist/a\\b: it holds a backslash, which parts folders on some machines',
    'dist/latin-\uFFFD: it is gone, or its name is not UTF-8',
    'dist/new line: it holds a control character',
    'dist/pipe: it is neither a file nor a link nor a folder',
  ])
})
