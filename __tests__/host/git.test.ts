import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitEnvironment, hostGit } from '../../src/host/git.js'
import { hostPorts } from '../../src/host/index.js'

let folder = ''
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wf-git-')))
  await hostGit().run(folder, ['init', '-q'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('answers with what git prints, names unquoted', async () => {
  writeFileSync(join(folder, 'naïve $(id).txt'), '')
  const got = await hostGit().run(folder, ['ls-files', '--others'])
  expect(got).toEqual({ code: 0, stdout: 'naïve $(id).txt\n', stderr: '' })
})

test('a failing command keeps its code and its words, in English', async () => {
  const got = await hostGit({ ...process.env, LANG: 'de_DE.UTF-8' }).run(folder, [
    'rev-parse',
    '--verify',
    '-q',
    'no-such',
  ])
  expect(got).toEqual({ code: 1, stdout: '', stderr: '' })
  const bad = await hostGit().run(folder, ['show', 'no-such'])
  expect(bad).toMatchObject({ code: 128, stderr: expect.stringMatching(/^fatal: ambiguous argument 'no-such'/) })
})

test('a place that was inherited from a hook does not lead elsewhere', async () => {
  const git = hostGit({ ...process.env, GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere', GIT_INDEX_FILE: '/nowhere' })
  const got = await git.run(folder, ['rev-parse', '--show-toplevel'])
  expect(got).toEqual({ code: 0, stdout: `${folder}\n`, stderr: '' })
})

test('a file of a commit is its own, whatever was put in its place', async () => {
  const git = async (...args: string[]): Promise<string> => (await hostGit().run(folder, args)).stdout.trim()
  const hash = async (content: string): Promise<string> => {
    writeFileSync(join(folder, 'rules.yml'), content)
    return git('hash-object', '-w', 'rules.yml')
  }
  const [strict, lenient] = [await hash('strict'), await hash('lenient')]
  await git('replace', strict, lenient)
  expect(await git('cat-file', 'blob', strict)).toBe('strict')
})

test('never asks, never locks the index for a question, and keeps everything else', () => {
  const env = gitEnvironment({ HOME: '/home/me', GIT_CONFIG_COUNT: '0', GIT_DIR: 'x', LC_ALL: 'de_DE' })
  expect(env).toEqual({
    HOME: '/home/me',
    GIT_CONFIG_COUNT: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  })
})

test('what keeps git from answering is a value', async () => {
  expect(await hostGit({ PATH: folder }).run(folder, ['version'])).toEqual({
    code: 127,
    stdout: '',
    stderr: 'git was not found in PATH',
  })
  const missing = join(folder, 'no-such')
  expect(await hostGit().run(missing, ['version'])).toEqual({
    code: 128,
    stdout: '',
    stderr: `there is no folder ${missing} to run git in`,
  })
  expect(await hostGit().run(folder, ['show', 'a\0b'])).toMatchObject({ code: 128, stdout: '' })
})

test('reads what it is told on its input', async () => {
  const { stdout } = await hostGit().run(folder, ['hash-object', '--stdin'], { input: 'what is up, doc?' })
  expect(stdout).toBe('bd9dbf5aae1a3862dd1526723246b20206e5fc37\n')
})

test('ends when the signal says so', async () => {
  const over = new AbortController()
  const running = hostGit().run(folder, ['cat-file', '--batch'], { input: 'x', signal: over.signal })
  over.abort()
  expect(await running).toMatchObject({ code: 143, stderr: 'git was ended' })
})

test('printing more than is asked for is a failure', async () => {
  const done = await hostGit().run(folder, ['version'], { maxBytes: 4 })
  expect(done).toMatchObject({ code: 128, stderr: expect.stringMatching(/^git printed more than/) })
})

test('sees no more of the environment than steps do: what they leave in its settings runs too', async () => {
  const environment = { PATH: process.env['PATH'] ?? '', FOR_STEPS: 'yes' }
  const { git } = hostPorts(environment)
  const { stdout } = await git.run(folder, ['-c', 'alias.x=!env', 'x'])
  const ownNames = stdout.split('\n').flatMap((line) => line.split('=')[0] ?? [])
  expect(ownNames).toContain('FOR_STEPS')
  expect(ownNames).not.toContain('NODE_ENV')
  expect(process.env).toHaveProperty('NODE_ENV')
})
