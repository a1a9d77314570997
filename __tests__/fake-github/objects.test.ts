import { describe, expect, test } from '@jest/globals'
import { each, fakes, repo } from './client.js'
import type { Ask } from './client.js'

const start = fakes()
const [base, head] = ['b'.repeat(40), 'a'.repeat(40)]
const change = {
  repositories: {
    'org/repo': {
      commits: {
        [base]: { files: { 'a.txt': 'one\n', 'b.txt': 'x\n' } },
        [head]: { parents: [base], files: { 'a.txt': 'one\ntwo\n', 'b.txt': 'x\n' } },
      },
      branches: { main: { sha: base, protected: true } },
      pulls: [{ number: 1, head: { ref: 'topic', sha: head } }],
    },
  },
}
const member = (data: unknown, ...path: string[]): string =>
  String(path.reduce((at, key) => (at as Record<string, unknown>)[key], data))

/** A commit after the head of the pull request with these entries. */
async function commitOn(ask: Ask, ...tree: Parameters<Ask>[2][]): Promise<string> {
  const before = await ask('GET', `${repo}/git/commits/${head}`)
  const made = await ask('POST', `${repo}/git/trees`, {
    base_tree: member(before.data, 'tree', 'sha'),
    tree: tree.flatMap((one) => one ?? []),
  })
  const commit = { message: 'style: b', tree: member(made.data, 'sha'), parents: [head] }
  return member((await ask('POST', `${repo}/git/commits`, commit)).data, 'sha')
}

describe('commits by the API', () => {
  test('hold what their tree lays over that of their parent', async () => {
    const { ask, github } = await start(change)
    const blob = await ask('POST', `${repo}/git/blobs`, { content: 'bmV3Cg==', encoding: 'base64' })
    const entry = { mode: '100644', type: 'blob' }
    const sha = await commitOn(
      ask,
      { path: 'a.txt', content: '2\n', mode: '100755', type: 'blob' },
      { path: 'b.txt', sha: null, ...entry },
      { path: 'c/d.txt', sha: member(blob.data, 'sha'), ...entry },
    )
    expect(github.repository().commits[sha]).toMatchObject({
      parents: [head],
      message: 'style: b',
      files: { 'a.txt': '2\n', 'c/d.txt': 'new\n' },
      executable: ['a.txt'],
    })
    expect(github.mistakes).toEqual([])
  })

  test('move a branch forward, and its pull request with it', async () => {
    const { ask, github } = await start(change)
    const sha = await commitOn(ask, { path: 'a.txt', content: '2\n', mode: '100644', type: 'blob' })
    expect((await ask('PATCH', `${repo}/git/refs/heads/topic`, { sha, force: false })).status).toBe(200)
    expect(github.repository().pulls['1']?.head.sha).toBe(sha)
    expect(await ask('GET', `${repo}/git/ref/heads/topic`)).toMatchObject({ data: { object: { sha } } })
    expect(await ask('PATCH', `${repo}/git/refs/heads/topic`, { sha: head })).toMatchObject({
      status: 422,
      data: { message: 'Update is not a fast forward' },
    })
    expect((await ask('PATCH', `${repo}/git/refs/heads/main`, { sha: head })).status).toBe(422)
  })

  test('need a token that writes contents, and what they name', async () => {
    const { ask, as } = await start(change)
    expect((await as('fake-token-that-reads')('POST', `${repo}/git/blobs`, { content: 'x' })).status).toBe(403)
    const entry = { path: 'c', mode: '100644', type: 'blob', sha: base }
    expect((await ask('POST', `${repo}/git/trees`, { tree: [entry] })).status).toBe(422)
    expect((await ask('POST', `${repo}/git/commits`, { message: 'x', tree: base })).status).toBe(422)
    expect((await ask('GET', `${repo}/git/commits/${'1'.repeat(40)}`)).status).toBe(404)
  })
})

describe('reviews', () => {
  const review = (line: number, more = {}) => ({
    commit_id: head,
    event: 'COMMENT',
    body: 'a thought',
    comments: [{ path: 'a.txt', line, side: 'RIGHT', body: 'say more', ...more }],
  })

  test('hold comments on lines of the diff, which are listed', async () => {
    const { ask, github } = await start(change)
    expect(
      await ask('POST', `${repo}/pulls/1/reviews`, review(2, { start_line: 1, start_side: 'RIGHT' })),
    ).toMatchObject({
      status: 200,
      data: { state: 'COMMENTED', commit_id: head },
    })
    const listed = await ask('GET', `${repo}/pulls/1/comments`)
    expect(each(listed.data, 'body')).toEqual(['say more'])
    expect(listed.data).toMatchObject([
      { path: 'a.txt', start_line: 1, line: 2, user: { login: 'github-actions[bot]' } },
    ])
    expect(github.mistakes).toEqual([])
  })

  test.each([
    ['a line outside of the diff', review(9)],
    ['a range that ends where it begins', review(1, { start_line: 1 })],
    ['a file that does not change', review(1, { path: 'b.txt' })],
    ['no word of its own', { ...review(1), body: '' }],
  ])('are refused for %s', async (_, body) => {
    const { ask } = await start(change)
    expect((await ask('POST', `${repo}/pulls/1/reviews`, body)).status).toBe(422)
    expect((await ask('GET', `${repo}/pulls/1/comments`)).data).toEqual([])
  })
})
