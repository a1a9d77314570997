import { describe, expect, test } from '@jest/globals'
import { each, fakes, repo } from './client.js'

const start = fakes()
const sha = (letter: string) => letter.repeat(40)

/** main is a-b-c, topic is a-d-e, other is apart. */
const history = {
  repositories: {
    'org/repo': {
      commits: {
        [sha('a')]: {
          files: { 'x.txt': 'x\n', 'folder/y.txt': 'y\n' },
          message: 'first',
          date: '2026-01-02T03:04:05Z',
        },
        [sha('b')]: { parents: [sha('a')] },
        [sha('c')]: { parents: [sha('b')], files: { 'x.txt': 'changed\n', 'folder/y.txt': 'y\n' } },
        [sha('d')]: { parents: [sha('a')] },
        [sha('e')]: { parents: [sha('d')], files: { 'x.txt': 'x\n', 'folder/y.txt': 'y\n', 'z.txt': 'z\n' } },
        [sha('1')]: {},
      },
      branches: { main: { sha: sha('c'), protected: true }, 'feature/topic': sha('e'), other: sha('1') },
      tags: { v1: sha('b') },
      pulls: [{ number: 7, head: { ref: 'feature/topic' } }],
    },
  },
}

describe('the repository', () => {
  test('is described', async () => {
    const { github, ask } = await start()
    const { status, data } = await ask('GET', repo)
    expect(status).toBe(200)
    expect(data).toMatchObject({
      full_name: 'org/repo',
      private: false,
      visibility: 'public',
      default_branch: 'main',
      html_url: `${github.url}/org/repo`,
    })
  })

  test('is found whatever the case of its name, as GitHub finds it', async () => {
    const { ask } = await start()
    expect(await ask('GET', '/repos/ORG/Repo')).toMatchObject({ status: 200, data: { full_name: 'org/repo' } })
    expect(await ask('GET', '/repos/org/other')).toMatchObject({ status: 404 })
  })
})

describe('references and branches', () => {
  test('a reference names its commit', async () => {
    const { ask } = await start(history)
    const target = async (ref: string) => (await ask('GET', `${repo}/git/ref/${ref}`)).data
    expect(await target('heads/main')).toMatchObject({
      ref: 'refs/heads/main',
      object: { type: 'commit', sha: sha('c') },
    })
    expect(await target('heads/feature/topic')).toMatchObject({ object: { sha: sha('e') } })
    expect(await target('heads%2Ffeature%2Ftopic')).toMatchObject({ object: { sha: sha('e') } })
    expect(await target('tags/v1')).toMatchObject({ object: { sha: sha('b') } })
    expect(await target('pull/7/head')).toMatchObject({ object: { sha: sha('e') } })
    expect(await ask('GET', `${repo}/git/ref/heads/nope`)).toMatchObject({ status: 404 })
    expect(await ask('GET', `${repo}/git/ref/main`)).toMatchObject({ status: 404 })
  })

  test('branches are listed and read with their protection', async () => {
    const { ask } = await start(history)
    expect(each((await ask('GET', `${repo}/branches`)).data, 'name')).toEqual(['main', 'feature/topic', 'other'])
    expect((await ask('GET', `${repo}/branches?protected=true`)).data).toMatchObject([
      { name: 'main', commit: { sha: sha('c') }, protected: true },
    ])
    expect((await ask('GET', `${repo}/branches/feature/topic`)).data).toMatchObject({
      name: 'feature/topic',
      commit: { sha: sha('e') },
      protected: false,
    })
    expect(await ask('GET', `${repo}/branches/nope`)).toMatchObject({
      status: 404,
      data: { message: 'Branch not found' },
    })
  })
})

describe('commits', () => {
  test('one is read by SHA, short SHA, branch and tag', async () => {
    const { ask } = await start(history)
    const found = async (ref: string) => (await ask('GET', `${repo}/commits/${ref}`)).data
    expect(await found(sha('a'))).toMatchObject({
      sha: sha('a'),
      commit: { message: 'first', author: { date: '2026-01-02T03:04:05Z' } },
      parents: [],
    })
    expect(await found('aaaaaaa')).toMatchObject({ sha: sha('a') })
    expect(await found('feature%2Ftopic')).toMatchObject({ sha: sha('e'), parents: [{ sha: sha('d') }] })
    expect(await found('v1')).toMatchObject({ sha: sha('b') })
    expect(await found('main')).toMatchObject({
      stats: { total: 2 },
      files: [{ filename: 'x.txt', status: 'modified' }],
    })
    expect(await ask('GET', `${repo}/commits/nope`)).toMatchObject({ status: 422 })
  })

  test('two are compared from where they parted', async () => {
    const { ask } = await start(history)
    const compared = async (basehead: string) => (await ask('GET', `${repo}/compare/${basehead}`)).data
    expect(await compared('main...feature/topic')).toMatchObject({
      status: 'diverged',
      ahead_by: 2,
      behind_by: 2,
      total_commits: 2,
      merge_base_commit: { sha: sha('a') },
      base_commit: { sha: sha('c') },
      commits: [{ sha: sha('d') }, { sha: sha('e') }],
      files: [{ filename: 'z.txt', status: 'added' }],
    })
    expect(await compared('v1...main')).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0 })
    expect(await compared('main...v1')).toMatchObject({ status: 'behind', ahead_by: 0, behind_by: 1 })
    expect(await compared(`main...${sha('c')}`)).toMatchObject({ status: 'identical', files: [] })
  })

  test('what has nothing in common, or is not there, cannot be compared', async () => {
    const { ask } = await start(history)
    expect(await ask('GET', `${repo}/compare/main...other`)).toMatchObject({
      status: 404,
      data: { message: 'No common ancestor between main and other.' },
    })
    expect(await ask('GET', `${repo}/compare/main...nope`)).toMatchObject({ status: 404 })
  })

  test("a fork's branch is compared by its owner", async () => {
    const { ask } = await start({
      repositories: {
        'org/repo': { pulls: [{ number: 1, head: { ref: 'topic', sha: sha('f'), repo: 'stranger/repo' } }] },
      },
    })
    expect((await ask('GET', `${repo}/compare/main...stranger:topic`)).data).toMatchObject({
      status: 'ahead',
      commits: [{ sha: sha('f') }],
    })
  })
})

describe('contents', () => {
  test('a file is read as base64, at the default branch and at any reference', async () => {
    const { ask } = await start(history)
    const { data } = await ask('GET', `${repo}/contents/folder/y.txt`)
    expect(data).toMatchObject({ type: 'file', path: 'folder/y.txt', name: 'y.txt', size: 2, encoding: 'base64' })
    expect(data).toMatchObject({ sha: '975fbec8256d3e8a3797e7a3611380f27c49f4ac', content: 'eQo=\n' })
    const text = async (ref: string) => {
      const { data } = await ask('GET', `${repo}/contents/x.txt?ref=${encodeURIComponent(ref)}`)
      return Buffer.from((data as { content: string }).content, 'base64').toString()
    }
    expect(await text('main')).toBe('changed\n')
    expect(await text(sha('b'))).toBe('x\n')
    expect(await text('refs/heads/feature/topic')).toBe('x\n')
    expect(await text('refs/pull/7/merge')).toBe('changed\n')
  })

  test('a file is read as it is when its bytes are asked for', async () => {
    const { as } = await start(history)
    const raw = as(undefined, { accept: 'application/vnd.github.raw+json' })
    const { status, text, headers } = await raw('GET', `${repo}/contents/x.txt?ref=main`)
    expect([status, text]).toEqual([200, 'changed\n'])
    expect(headers.get('content-type')).toBe('application/vnd.github.raw+json; charset=utf-8')
  })

  test('a folder is listed', async () => {
    const { ask } = await start(history)
    expect((await ask('GET', `${repo}/contents/?ref=main`)).data).toMatchObject([
      { type: 'dir', path: 'folder' },
      { type: 'file', path: 'x.txt' },
    ])
    expect(each((await ask('GET', `${repo}/contents/folder`)).data, 'path')).toEqual(['folder/y.txt'])
  })

  test('a file of more than a megabyte comes without its content', async () => {
    const { ask } = await start({ repositories: { 'org/repo': { files: { main: { big: 'x'.repeat(1_048_577) } } } } })
    expect((await ask('GET', `${repo}/contents/big`)).data).toMatchObject({
      size: 1_048_577,
      encoding: 'none',
      content: '',
    })
  })

  test('neither a file nor a reference that is not there is found', async () => {
    const { ask } = await start(history)
    expect(await ask('GET', `${repo}/contents/nope`)).toMatchObject({ status: 404, data: { message: 'Not Found' } })
    expect(await ask('GET', `${repo}/contents/x.txt?ref=nope`)).toMatchObject({
      status: 404,
      data: { message: 'No commit found for the ref nope' },
    })
  })
})
