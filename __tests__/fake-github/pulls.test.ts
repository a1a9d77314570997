import { describe, expect, test } from '@jest/globals'
import { each, fakes, repo } from './client.js'

const start = fakes()
const head = 'a'.repeat(40)
const base = 'b'.repeat(40)
const forked = 'f'.repeat(40)

/** One pull request from a branch, one from a fork, one that is closed and one that was merged. */
const several = {
  repositories: {
    'org/repo': {
      commits: {
        [base]: { files: { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'x\n' } },
        [head]: { parents: [base], files: { 'a.txt': 'one\n2\nthree\nfour\n', 'c.txt': 'new\n' } },
      },
      branches: { main: base, release: base },
      pulls: [
        { number: 1, title: 'Own', head: { ref: 'topic', sha: head } },
        {
          number: 2,
          title: 'Fork',
          head: { ref: 'topic', sha: forked, repo: 'stranger/repo' },
          base: { ref: 'release' },
        },
        { number: 3, title: 'Closed', state: 'closed' as const, head: { ref: 'left' } },
        { number: 4, title: 'Merged', merged: true, head: { ref: 'done' }, merge_commit_sha: 'c'.repeat(40) },
      ],
    },
  },
}

describe('pull requests', () => {
  test('one is read with its sides and figures', async () => {
    const { ask } = await start(several)
    const { data } = await ask('GET', `${repo}/pulls/1`)
    expect(data).toMatchObject({
      number: 1,
      title: 'Own',
      state: 'open',
      merged: false,
      head: { ref: 'topic', sha: head, label: 'org:topic', repo: { full_name: 'org/repo', fork: false } },
      base: { ref: 'main', sha: base, label: 'org:main' },
      commits: 1,
      additions: 4,
      deletions: 3,
      changed_files: 3,
    })
    expect(await ask('GET', `${repo}/pulls/9`)).toMatchObject({ status: 404 })
  })

  test("one from a fork names the fork's repository and owner", async () => {
    const { ask } = await start(several)
    expect((await ask('GET', `${repo}/pulls/2`)).data).toMatchObject({
      user: { login: 'stranger' },
      head: { sha: forked, label: 'stranger:topic', repo: { full_name: 'stranger/repo', fork: true } },
      base: { ref: 'release', repo: { full_name: 'org/repo' } },
    })
  })

  test('they are listed by state, base and head, the newest first', async () => {
    const { ask } = await start(several)
    const numbers = async (query = '') => each((await ask('GET', `${repo}/pulls${query}`)).data, 'number')
    expect(await numbers()).toEqual([2, 1])
    expect(await numbers('?direction=asc')).toEqual([1, 2])
    expect(await numbers('?state=closed')).toEqual([4, 3])
    expect(await numbers('?state=all&per_page=1&page=2')).toEqual([3])
    expect(await numbers('?base=release')).toEqual([2])
    expect(await numbers('?head=stranger:topic')).toEqual([2])
    expect(await numbers('?head=org:topic&state=all')).toEqual([1])
  })

  test('the files that one changes are listed with their patches', async () => {
    const { ask } = await start(several)
    const { data } = await ask('GET', `${repo}/pulls/1/files`)
    expect(data).toMatchObject([
      {
        filename: 'a.txt',
        status: 'modified',
        additions: 3,
        deletions: 2,
        patch: '@@ -1,3 +1,4 @@\n one\n-two\n-three\n+2\n+three\n+four',
      },
      { filename: 'b.txt', status: 'removed', additions: 0, deletions: 1, patch: '@@ -1,1 +0,0 @@\n-x' },
      { filename: 'c.txt', status: 'added', additions: 1, deletions: 0, patch: '@@ -0,0 +1,1 @@\n+new' },
    ])
    expect(await ask('GET', `${repo}/pulls/9/files`)).toMatchObject({ status: 404 })
  })
})

describe('the pull requests of a commit', () => {
  test('are those whose branch brings it', async () => {
    const { ask } = await start(several)
    const numbers = async (sha: string) => each((await ask('GET', `${repo}/commits/${sha}/pulls`)).data, 'number')
    expect(await numbers(head)).toEqual([1])
    expect(await numbers(base)).toEqual([])
    expect(await numbers('c'.repeat(40))).toEqual([4])
  })

  test('are none for the head of a fork, unless the fork is asked', async () => {
    const { ask } = await start(several)
    expect((await ask('GET', `${repo}/commits/${forked}/pulls`)).data).toEqual([])
    expect((await ask('GET', `/repos/stranger/repo/commits/${forked}/pulls`)).data).toMatchObject([
      { number: 2, base: { repo: { full_name: 'org/repo' } } },
    ])
  })

  test('cannot be asked of a commit that is not there', async () => {
    const { ask } = await start()
    expect(await ask('GET', `${repo}/commits/${'0'.repeat(40)}/pulls`)).toMatchObject({ status: 422 })
  })
})
