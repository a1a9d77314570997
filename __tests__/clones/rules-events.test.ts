import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../support/command.js'
import { DiskGitHub } from '../support/github.js'
import { cutOff, makeOrigin, mergeGroupEvent, pushEvent, repository } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { files, lowered, outcomeIn, path, report, rulesIn, shopOf, workflow } from '../support/rules.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-rules-')
})
afterAll(() => scratch.remove())
const origin = async (text?: string): Promise<Origin> => shopOf(scratch, text)

describe('a merge group', () => {
  test('is judged by its base, whatever `main` is by now', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') })
    await shop.edit({ [path]: workflow('90%') })
    const event = mergeGroupEvent(pull.base, pull.merge)
    for (const depth of [1, 'full'] as const) {
      const folder = await shop.checkOut({ commit: pull.merge, depth })
      expect(await rulesIn(folder, { event })).toMatchObject({
        of: 'base',
        sha: pull.base,
        name: 'main',
        changes: lowered,
      })
      await cutOff(folder)
      expect(await rulesIn(folder, { event, github: new DiskGitHub(shop) })).toMatchObject({
        of: 'base',
        sha: pull.base,
      })
    }
    const cut = await shop.checkOut({ commit: pull.merge, depth: 1 })
    await cutOff(cut)
    expect((await rulesIn(cut, { event })).problems).toMatchObject([{ code: 'no-base' }])
  })
})

describe('a push', () => {
  test('to a branch is judged by itself, and nothing is fetched', async () => {
    const shop = await origin()
    const commit = await shop.edit({ [path]: workflow('50%') })
    const folder = await shop.checkOut({ commit, depth: 1 })
    await cutOff(folder)
    expect(await rulesIn(folder, { event: pushEvent('refs/heads/main', commit) })).toMatchObject({
      of: 'own',
      sha: commit,
      changes: [],
    })
  })

  test('of a tag on the default branch is judged by the default branch', async () => {
    const shop = await origin()
    const commit = await shop.tip('main')
    await shop.push(commit, 'refs/tags/v1')
    const tip = await shop.edit({ [path]: workflow('90%') })
    for (const depth of [1, 'full'] as const)
      expect(
        await rulesIn(await shop.checkOut({ commit, depth }), { event: pushEvent('refs/tags/v1', commit) }),
      ).toMatchObject({
        of: 'base',
        sha: tip,
        name: 'main',
        changes: [],
        target: 'production',
      })
  })

  test('of a tag far back in the history is found by deepening, or by asking GitHub', async () => {
    const shop = await origin()
    const commit = await shop.tip('main')
    const tip = await shop.grow(60)
    const event = pushEvent('refs/tags/v1', commit)
    expect(await rulesIn(await shop.checkOut({ commit, depth: 1 }), { event })).toMatchObject({ of: 'base', sha: tip })
    const folder = await shop.checkOut({ commit, depth: 1 })
    const github = new DiskGitHub(shop)
    expect(await rulesIn(folder, { event, github })).toMatchObject({ of: 'base', sha: tip })
    expect(github.asked).toEqual(['GET /repos/{owner}/{repo}/compare/{basehead}'])
  })

  test('of a tag on a protected branch is judged by the default branch', async () => {
    const shop = await origin()
    const commit = await shop.edit({ [path]: workflow('50%') }, 'release/1')
    const event = pushEvent('refs/tags/v1', commit)
    const github = () => new DiskGitHub(shop, { protected: ['main', 'release/1'] })
    for (const depth of [1, 'full'] as const) {
      const folder = await shop.checkOut({ commit, depth })
      expect(await rulesIn(folder, { event, github: github() })).toMatchObject({
        of: 'base',
        name: 'main',
        changes: lowered,
      })
    }
  })

  test('of a tag whose commit is nowhere is a mistake that does not claim to know', async () => {
    const shop = await origin()
    const folder = await shop.checkOut({ commit: await shop.tip('main'), depth: 'full' })
    const { problems } = await rulesIn(folder, { event: pushEvent('refs/tags/v1', 'd'.repeat(40)) })
    expect(problems).toMatchObject([
      { code: 'tag-unknown', message: expect.stringContaining('the history of `main` is not here') },
    ])
  })

  test('of a tag on no such branch is a mistake', async () => {
    const shop = await origin()
    const commit = await shop.edit({ [path]: workflow('50%') }, 'feature')
    const event = pushEvent('refs/tags/v1', commit)
    for (const depth of [1, 'full'] as const) {
      const folder = await shop.checkOut({ commit, depth })
      const github = new DiskGitHub(shop, { protected: ['main'] })
      expect((await rulesIn(folder, { event, github })).problems).toEqual([
        {
          code: 'tag-branch',
          message: `the tag \`v1\` (${commit.slice(0, 7)}) lies neither on \`main\` nor on a protected branch`,
          hint: 'merge its commit into `main`, or protect the branch that it lies on; then push the tag again',
        },
      ])
      expect((await rulesIn(folder, { event })).problems).toMatchObject([
        { code: 'tag-unknown', message: expect.stringContaining('only GitHub knows which branches are protected') },
      ])
    }
  })
})

describe('a comment, a schedule, a dispatch', () => {
  const event = (name: 'issue_comment' | 'schedule' | 'workflow_dispatch', sha: string, ref = 'refs/heads/main') => ({
    name,
    payload: { repository },
    sha,
    ref,
  })

  test('on the default branch are judged by the commit that is checked out, and nothing is fetched', async () => {
    const shop = await origin()
    const commit = await shop.tip('main')
    const folder = await shop.checkOut({ commit, depth: 1 })
    await cutOff(folder)
    for (const name of ['issue_comment', 'schedule', 'workflow_dispatch'] as const)
      expect(await rulesIn(folder, { event: event(name, commit) })).toMatchObject({
        of: 'own',
        sha: commit,
        changes: [],
      })
    const plain = { name: 'schedule', payload: {}, sha: commit, ref: 'refs/heads/main' } as const
    expect(await rulesIn(folder, { event: plain })).toMatchObject({ of: 'own', sha: commit })
  })

  test('that check out something else are judged by the default branch', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') })
    const folder = await shop.checkOut({ commit: pull.head, depth: 1 })
    expect(await rulesIn(folder, { event: event('issue_comment', pull.base) })).toMatchObject({
      of: 'base',
      sha: pull.base,
      name: 'main',
      changes: lowered,
    })
    const branch = await shop.edit({ [path]: workflow('50%') }, 'other')
    const dispatched = event('workflow_dispatch', branch, 'refs/heads/other')
    expect(await rulesIn(await shop.checkOut({ commit: branch, depth: 1 }), { event: dispatched })).toMatchObject({
      of: 'base',
      sha: pull.base,
      changes: lowered,
    })
  })

  test('of a payload that names no branch are not judged', async () => {
    const shop = await origin()
    const folder = await shop.checkOut({ commit: await shop.tip('main'), depth: 1 })
    for (const [name, payload] of [
      ['workflow_dispatch', {}],
      ['pull_request', { pull_request: { base: { ref: 'a:refs/heads/b', sha: '--upload-pack=x' } } }],
      ['merge_group', { merge_group: { base_sha: '--all' } }],
    ] as const)
      expect((await rulesIn(folder, { event: { name, payload } })).problems).toMatchObject([{ code: 'no-base' }])
  })
})

describe('on a laptop', () => {
  const laptop = async (shop: Origin): Promise<string> => {
    const folder = join(scratch.folderWith(undefined), 'shop')
    await git(scratch.root, 'clone', '--quiet', `file://${shop.address}`, folder)
    return folder
  }
  const write = (folder: string, text: string): void => writeFileSync(join(folder, path), text)

  test('the merge base with the remote’s default branch judges, without a network', async () => {
    const shop = await origin()
    const folder = await laptop(shop)
    const base = await shop.tip('main')
    await cutOff(folder)
    expect(await rulesIn(folder)).toMatchObject({ of: 'own', sha: base, changes: [] })
    write(folder, workflow('50%'))
    expect(await rulesIn(folder)).toMatchObject({ of: 'base', sha: base, name: 'main', changes: lowered })
    await git(folder, 'commit', '--quiet', '--all', '--message=lower')
    const { rules, verdict, context } = await outcomeIn(folder)
    expect([rules, verdict, context.base]).toEqual([
      { of: 'base', sha: base, name: 'main', changes: lowered },
      'fail',
      base,
    ])
  })

  test('`--base` names another commit, and `--own-rules` asks for the file as it stands', async () => {
    const shop = await origin()
    const folder = await laptop(shop)
    write(folder, workflow('50%'))
    await git(folder, 'commit', '--quiet', '--all', '--message=lower')
    const head = (await git(folder, 'rev-parse', 'HEAD')).trim()
    expect(await rulesIn(folder, { base: 'HEAD' })).toMatchObject({ of: 'own', sha: head })
    expect(await rulesIn(folder, { base: 'HEAD~1' })).toMatchObject({ of: 'base', name: 'HEAD~1', changes: lowered })
    expect(await rulesIn(folder, { ownRules: true })).toMatchObject({ of: 'asked', sha: head, changes: [] })
    const event = pushEvent('refs/heads/main', head)
    expect((await rulesIn(folder, { ownRules: true, event })).problems).toMatchObject([{ code: 'own-rules' }])
  })

  test('a file without a commit, a base without a file and a repository without a remote', async () => {
    const alone = await scratch.repositoryWith(undefined, { ...files(workflow('50%')) } as Record<string, string>)
    expect(await rulesIn(alone)).toMatchObject({ of: 'own', name: null })
    const shop = await makeOrigin(scratch, { 'report.sh': report, '.github/keep': '' })
    const folder = await laptop(shop)
    write(folder, workflow('50%'))
    expect(await rulesIn(folder)).toMatchObject({ of: 'adoption', sha: await shop.tip('main'), name: 'main' })
    const outside = join(scratch.folderWith(undefined, { 'wf.yml': workflow('50%') }), 'wf.yml')
    expect(await rulesIn(folder, { file: outside })).toMatchObject({ of: 'own' })
  })

  test('a file that is a link is compared with what the base has there', async () => {
    const shop = await makeOrigin(scratch, { ...files(workflow('80%')), 'ci/main.yml': workflow('80%') })
    const folder = await laptop(shop)
    await git(folder, 'rm', '--quiet', path)
    const link = join(folder, 'ci', 'link.yml')
    writeFileSync(link, '')
    await git(
      folder,
      '-c',
      'core.symlinks=true',
      'update-index',
      '--add',
      '--cacheinfo',
      `120000,${await hash(folder, 'main.yml')},ci/link.yml`,
    )
    await git(folder, 'checkout', '--quiet', '--', 'ci/link.yml')
    await git(folder, 'commit', '--quiet', '--message=link')
    await git(folder, 'push', '--quiet', 'origin', 'HEAD:main')
    expect(readFileSync(link, 'utf8')).toBe(workflow('80%'))
    writeFileSync(join(folder, 'ci', 'main.yml'), workflow('50%'))
    expect(await rulesIn(folder, { file: 'ci/link.yml' })).toMatchObject({ of: 'base', changes: lowered })
  })

  const hash = async (folder: string, text: string): Promise<string> => {
    writeFileSync(join(folder, 'target'), text)
    const name = (await git(folder, 'hash-object', '-w', 'target')).trim()
    await git(folder, 'clean', '--quiet', '--force', 'target')
    return name
  }
})
