import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { defaultTokens, startFakeGitHub } from '../../src/fake-github/index.js'
import { readFaults, readSeed } from '../../src/fake-github/read.js'
import { fakes, idOf, noon, repo } from './client.js'

const start = fakes()
const sha = (letter: string) => letter.repeat(40)

describe('what the fake holds', () => {
  test('nothing given is an empty public repository with two tokens', async () => {
    const { github, as } = await start()
    expect(Object.keys(github.state.repositories)).toEqual(['org/repo'])
    expect(github.repository()).toMatchObject({ private: false, default_branch: 'main', pulls: {}, comments: {} })
    expect(Object.keys(github.repository().branches)).toEqual(['main'])
    expect(github.state.tokens[defaultTokens.writes]).toMatchObject({ permissions: { checks: 'write' } })
    const body = { name: 'wf', head_sha: github.repository().branches['main']?.sha ?? '' }
    expect(await as(defaultTokens.writes)('POST', `${repo}/check-runs`, body)).toMatchObject({ status: 201 })
    expect(await as(defaultTokens.reads)('POST', `${repo}/check-runs`, body)).toMatchObject({ status: 403 })
  })

  test('the same seed gives the same commits every time', async () => {
    const seed = { repositories: { 'org/repo': { branches: { topic: {} }, pulls: [{}, {}] } } }
    const [one, two] = [await start(seed), await start(seed)]
    expect(one.github.state).toEqual(two.github.state)
    expect(Object.values(one.github.repository().pulls)).toMatchObject([
      { number: 1, title: 'Change 1', head: { ref: 'branch-1' } },
      { number: 2, title: 'Change 2', head: { ref: 'branch-2' } },
    ])
  })

  test('a branch without a commit follows the default branch', async () => {
    const { ask } = await start({ repositories: { 'org/repo': { branches: { topic: {} } } } })
    const { data } = await ask('GET', `${repo}/compare/main...topic`)
    expect(data).toMatchObject({ status: 'ahead', ahead_by: 1 })
  })

  test('files are those of the commit, else those of its first parent', async () => {
    const { ask } = await start({
      repositories: {
        'org/repo': {
          branches: { main: sha('a') },
          files: { main: { a: 'main' }, topic: { a: 'topic' }, [sha('b')]: { a: 'b' } },
          commits: { [sha('c')]: { parents: [sha('a')] } },
          pulls: [{ number: 1, head: { ref: 'topic' } }],
        },
      },
    })
    const text = async (ref: string) => {
      const { data } = await ask('GET', `${repo}/contents/a?ref=${ref}`)
      return Buffer.from((data as { content: string }).content, 'base64').toString()
    }
    expect(await Promise.all(['main', 'topic', sha('b'), sha('c')].map(text))).toEqual(['main', 'topic', 'b', 'main'])
  })

  test('a merge commit holds what both sides changed', async () => {
    const files = { both: '1', ours: '1', theirs: '1', gone: '1' }
    const { github, ask } = await start({
      repositories: {
        'org/repo': {
          commits: {
            [sha('a')]: { files },
            [sha('b')]: { parents: [sha('a')], files: { ...files, ours: '2' } },
            [sha('c')]: { parents: [sha('a')], files: { both: '1', ours: '1', theirs: '2', added: '1' } },
          },
          branches: { main: sha('b') },
          pulls: [{ number: 1, head: { ref: 'topic', sha: sha('c') } }],
        },
      },
    })
    const merge = github.repository().pulls[1]?.merge_commit_sha ?? ''
    expect(github.repository().commits[merge]).toMatchObject({
      parents: [sha('b'), sha('c')],
      files: { both: '1', ours: '2', theirs: '2', added: '1' },
    })
    expect(await ask('GET', `${repo}/contents/gone?ref=${merge}`)).toMatchObject({ status: 404 })
  })

  test('a fork is made for the pull request that comes from it', async () => {
    const { github } = await start({
      repositories: {
        'org/repo': { pulls: [{ number: 1, head: { ref: 'main', sha: sha('f'), repo: 'stranger/repo' } }] },
      },
    })
    const fork = github.repository('stranger/repo')
    expect(fork).toMatchObject({ fork_of: 'org/repo', branches: { main: { sha: sha('f') } } })
    expect(github.repository().branches['main']?.sha).not.toBe(sha('f'))
    expect(fork.commits).toBe(github.repository().commits)
  })

  test('a fork that the seed describes keeps what it says', async () => {
    const { github } = await start({
      repositories: {
        'org/repo': { pulls: [{ number: 1, head: { ref: 'topic', repo: 'stranger/repo' } }] },
        'stranger/repo': { branches: { topic: sha('e') }, files: { topic: { a: 'theirs' } } },
      },
    })
    expect(github.repository().pulls[1]).toMatchObject({ user: 'stranger', head: { sha: sha('e') } })
    expect(github.repository().commits[sha('e')]).toMatchObject({ files: { a: 'theirs' } })
  })

  test('ids grow from one thing to the next', async () => {
    const { ask } = await start({ repositories: { 'org/repo': { issues: [1] } } })
    const ids = []
    for (let count = 0; count < 3; count += 1)
      ids.push(idOf(await ask('POST', `${repo}/issues/1/comments`, { body: 'x' })))
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(new Set(ids).size).toBe(3)
  })

  test('addresses for people begin where they are told to', async () => {
    const { ask } = await start({ site: 'https://github.example' })
    expect((await ask('GET', repo)).data).toMatchObject({ html_url: 'https://github.example/org/repo' })
  })

  test('a repository that is not there is an error of the test', async () => {
    const { github } = await start()
    expect(() => github.repository('org/nope')).toThrow('the fake GitHub has no repository org/nope')
  })

  test('an artifact is read from the file that it names', async () => {
    const artifacts = { 7: [{ name: 'wf', path: 'wf.zip' }] }
    const seed = { repositories: { 'org/repo': { artifacts } } }
    const { github } = await start({ ...seed, readFile: (path) => Buffer.from(`bytes of ${path}`) })
    const [artifact] = Object.values(github.repository().artifacts)
    expect(Buffer.from(artifact?.bytes ?? []).toString()).toBe('bytes of wf.zip')
    await expect(startFakeGitHub(seed)).rejects.toThrow('there is no file wf.zip for the artifact wf')
  })

  test('a port that is in use is told', async () => {
    const { github } = await start()
    const port = Number(new URL(github.url).port)
    await expect(startFakeGitHub({ port })).rejects.toThrow(`cannot listen on port ${port}: it is in use`)
  })
})

describe('the log', () => {
  test('has every request with its route, its login and its status, and never a token', async () => {
    const told: unknown[] = []
    const { github, ask, as } = await start({ onRequest: (entry) => told.push({ ...entry }) })
    await ask('GET', `${repo}/pulls?state=all`)
    await as()('POST', `${repo}/issues/1/comments`, { body: 'x' })
    const at = new Date(noon).toISOString()
    const common = { at, mistakes: [] }
    expect(github.log).toEqual([
      {
        ...common,
        seq: 1,
        method: 'GET',
        path: `${repo}/pulls?state=all`,
        route: 'pulls/list',
        token: 'github-actions[bot]',
        status: 200,
      },
      {
        ...common,
        seq: 2,
        method: 'POST',
        path: `${repo}/issues/1/comments`,
        route: 'issues/create-comment',
        token: null,
        status: 401,
      },
    ])
    expect(told).toEqual(github.log)
    expect(JSON.stringify(github.log)).not.toContain(defaultTokens.writes)
  })

  test('writes are the requests that changed something', async () => {
    const { github, ask } = await start({ repositories: { 'org/repo': { issues: [1] } } })
    await ask('GET', `${repo}/issues/1/comments`)
    const made = idOf(await ask('POST', `${repo}/issues/1/comments`, { body: 'x' }))
    await ask('POST', `${repo}/issues/9/comments`, { body: 'x' })
    await ask('DELETE', `${repo}/issues/comments/${made}`)
    expect(github.writes().map(({ method, route }) => `${method} ${route}`)).toEqual([
      'POST issues/create-comment',
      'DELETE issues/delete-comment',
    ])
  })
})

describe('files of state and faults', () => {
  test('those that the documentation shows can be used', async () => {
    const page = readFileSync(new URL('../../docs/fake-github.md', import.meta.url), 'utf8')
    const [state = '', rules = ''] = [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1])
    const [seed, faults] = [await readSeed(state), await readFaults(rules)]
    if (!seed.ok || !faults.ok) throw new Error('an example of docs/fake-github.md is not valid')
    const { github, as } = await start({ ...seed.value, faults: faults.value })
    expect((await as('a-token')('GET', `${repo}/pulls`)).data).toHaveLength(2)
    const body = { name: 'wf', head_sha: github.repository().pulls[1]?.head.sha ?? '' }
    expect(await as('a-token')('POST', `${repo}/check-runs`, body)).toMatchObject({ status: 502 })
    expect(await as('a-token')('POST', `${repo}/check-runs`, body)).toMatchObject({ status: 201 })
  })

  test('a state is read as it would be given', async () => {
    const seed = { repositories: { 'org/repo': { comments: { 1: [{ body: 'x' }] } } }, tokens: { t: { kind: 'user' } } }
    expect(await readSeed(JSON.stringify(seed))).toEqual({ ok: true, value: seed })
  })

  test.each<[string, string, string]>([
    ['what is not JSON', '{', 'it is not JSON'],
    ['an unknown key', '{"repos":{}}', 'the value must NOT have additional properties (`repos`)'],
    [
      'a repository without an owner',
      '{"repositories":{"repo":{}}}',
      'repositories must NOT have additional properties (`repo`)',
    ],
    [
      'a number that is none',
      '{"repositories":{"o/r":{"pulls":[{"number":"1"}]}}}',
      'repositories.o/r.pulls[0].number must be integer',
    ],
    [
      'a short SHA',
      '{"repositories":{"o/r":{"commits":{"abc":{}}}}}',
      'repositories.o/r.commits must NOT have additional properties (`abc`)',
    ],
    [
      'an unknown right',
      '{"tokens":{"t":{"permissions":{"check":"write"}}}}',
      'tokens.t.permissions must NOT have additional properties (`check`)',
    ],
  ])('%s is told', async (_, text, message) => {
    const read = await readSeed(text)
    expect(read.ok ? [] : read.problems[0]).toContain(message)
  })

  test('faults are read, and what is wrong with them is told', async () => {
    const rules = [{ route: 'POST', answer: 502, times: 1 }, { answer: 'reset' }]
    expect(await readFaults(JSON.stringify(rules))).toEqual({ ok: true, value: rules })
    const problem = async (value: unknown) => {
      const read = await readFaults(JSON.stringify(value))
      return read.ok ? '' : read.problems.join('\n')
    }
    expect(await problem({})).toBe('the value must be array')
    expect(await problem([{ answer: 418 }])).toContain('[0].answer must be equal to one of the allowed values: 401,')
    expect(await problem([{ answer: 500, route: '(' }])).toContain('[0].route is no regular expression')
  })
})
