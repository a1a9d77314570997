import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hostGit } from '../../src/host/git.js'
import { localBase, readCheckout } from '../../src/trigger/checkout.js'
import { git } from '../support/command.js'

let root = ''
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'wf-checkout-')))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const port = hostGit({ PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' })
const read = async (folder: string, base?: string) => readCheckout(port, folder, { base })

async function repository(name: string, ...steps: string[][]): Promise<string> {
  const folder = join(root, name)
  await git(root, 'init', '--quiet', '--initial-branch=main', folder)
  for (const step of steps) await git(folder, ...step)
  return folder
}
const commit = (message: string): string[] => ['commit', '--quiet', '--allow-empty', `--message=${message}`]
const head = async (folder: string, revision = 'HEAD'): Promise<string> =>
  (await git(folder, 'rev-parse', revision)).trim()

describe('git tells', () => {
  test('nothing of a folder that is no repository', async () => {
    const { context } = await read(root)
    expect(context).toMatchObject({
      event: 'local',
      sha: null,
      ref: null,
      base: null,
      repository: null,
      actor: null,
      dirty: false,
    })
  })

  test('a branch without commits', async () => {
    const { context } = await read(await repository('empty'))
    expect(context).toMatchObject({ sha: null, ref: 'refs/heads/main', base: null, dirty: false })
  })

  test('commit, branch, remote and person; a change makes it dirty', async () => {
    const folder = await repository(
      'plain',
      commit('one'),
      ['switch', '--quiet', '--create', 'feature/$(touch${IFS}pwned)'],
      ['remote', 'add', 'origin', 'git@host.example:org/shop.git'],
      ['config', 'user.name', 'Some One'],
    )
    expect((await read(folder)).context).toMatchObject({
      sha: await head(folder),
      ref: 'refs/heads/feature/$(touch${IFS}pwned)',
      repository: 'org/shop',
      actor: 'Some One',
      base: null,
      dirty: false,
    })
    writeFileSync(join(folder, 'a\nb'), '')
    expect((await read(folder)).context.dirty).toBe(true)
  })

  test('a detached head has no branch', async () => {
    const folder = await repository('detached', commit('one'), ['checkout', '--quiet', '--detach'])
    expect((await read(folder)).context).toMatchObject({ sha: await head(folder), ref: null })
  })

  test('the merge base with the default branch of the remote', async () => {
    const origin = await repository('origin', commit('one'), commit('two'))
    const folder = join(root, 'clone')
    await git(root, 'clone', '--quiet', origin, folder)
    await git(folder, 'switch', '--quiet', '--create', 'feature')
    await git(folder, ...commit('three'))
    expect((await read(folder)).context).toMatchObject({ base: await head(origin), sha: await head(folder) })
    await git(folder, 'remote', 'set-head', 'origin', '--delete')
    expect((await read(folder)).context.base).toBe(await head(origin))
  })

  test('what the default branch of the remote is called, and `main` where nobody says, or where it shares nothing', async () => {
    const origin = await repository('trunk', commit('one'), ['branch', 'trunk'], commit('two'), [
      'switch',
      '-q',
      'trunk',
    ])
    const folder = join(root, 'of-trunk')
    await git(root, 'clone', '--quiet', origin, folder)
    await git(folder, ...commit('three'))
    expect(await localBase(port, folder)).toEqual({ sha: await head(origin), name: 'trunk' })
    await git(origin, 'switch', '--quiet', '--orphan', 'other')
    await git(origin, ...commit('alone'))
    await git(folder, 'fetch', '--quiet')
    await git(folder, 'remote', 'set-head', 'origin', 'other')
    expect(await localBase(port, folder)).toEqual({ sha: await head(origin, 'trunk'), name: 'main' })
    await git(folder, 'branch', '--remotes', '--delete', 'origin/main')
    expect(await localBase(port, folder)).toBeNull()
  })

  test('the base that was asked for, or that there is none', async () => {
    const folder = await repository('base', commit('one'), commit('two'), ['tag', 'v1', 'HEAD~1'])
    expect((await read(folder, 'v1')).context.base).toBe(await head(folder, 'HEAD~1'))
    expect((await read(folder, 'HEAD~1')).context.base).toBe(await head(folder, 'HEAD~1'))
    for (const wrong of ['nothing', '--help', '-1', '$(id)', 'HEAD:missing', ''])
      expect([wrong, (await read(folder, wrong)).unknownBase]).toEqual([wrong, wrong])
  })
})
