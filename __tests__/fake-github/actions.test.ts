import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { each, fakes, repo } from './client.js'

const start = fakes()
const head = 'f'.repeat(40)

/** The run of a fork's pull request with two artifacts. */
const withRun = {
  repositories: {
    'org/repo': {
      pulls: [{ number: 1, head: { ref: 'topic', sha: head, repo: 'stranger/repo' } }],
      runs: [{ id: 77, name: 'ci', head_sha: head, head_branch: 'topic', head_repository: 'stranger/repo' }],
      artifacts: {
        77: [
          { name: 'wf', files: { 'outcome.json': '{"version":1}' } },
          { name: 'old', base64: Buffer.from('PK').toString('base64'), expired: true },
        ],
      },
    },
  },
}

const artifacts = (data: unknown) => (data as { artifacts: { id: number; archive_download_url: string }[] }).artifacts

describe('workflow runs', () => {
  test('one is read; of a fork it names no pull request', async () => {
    const { ask } = await start(withRun)
    expect((await ask('GET', `${repo}/actions/runs/77`)).data).toMatchObject({
      id: 77,
      name: 'ci',
      event: 'pull_request',
      status: 'completed',
      conclusion: 'success',
      head_sha: head,
      head_branch: 'topic',
      pull_requests: [],
      repository: { full_name: 'org/repo' },
      head_repository: { full_name: 'stranger/repo', fork: true },
    })
    expect(await ask('GET', `${repo}/actions/runs/1`)).toMatchObject({ status: 404 })
  })

  test('its artifacts are listed, all or by name', async () => {
    const { ask } = await start(withRun)
    const all = await ask('GET', `${repo}/actions/runs/77/artifacts`)
    expect(all.data).toMatchObject({ total_count: 2 })
    expect(each(artifacts(all.data), 'name')).toEqual(['wf', 'old'])
    const named = await ask('GET', `${repo}/actions/runs/77/artifacts?name=wf`)
    expect(named.data).toMatchObject({ total_count: 1, artifacts: [{ name: 'wf', workflow_run: { id: 77 } }] })
    expect(await ask('GET', `${repo}/actions/runs/1/artifacts`)).toMatchObject({ status: 404 })
  })

  test('an artifact is downloaded from a signed address that needs no authorization', async () => {
    const { github, ask } = await start(withRun)
    const { data } = await ask('GET', `${repo}/actions/runs/77/artifacts?name=wf`)
    const path = artifacts(data)[0]?.archive_download_url.replace(github.url, '') ?? ''
    const sent = await ask('GET', path)
    expect(sent.status).toBe(302)
    const address = sent.headers.get('location') ?? ''
    const zip = await fetch(address)
    expect([zip.status, zip.headers.get('content-type')]).toEqual([200, 'application/zip'])
    const bytes = Buffer.from(await zip.arrayBuffer())
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
    expect(bytes.toString('latin1')).toContain('outcome.json{"version":1}')
    expect((await fetch(address.replace(/sig=.*/, 'sig=forged'))).status).toBe(403)
    expect(github.log.map(({ route }) => route).slice(-3)).toEqual([
      'actions/download-artifact',
      'artifact',
      'artifact',
    ])
  })

  test('an expired artifact is gone, and a strange one is not found', async () => {
    const { github, ask } = await start(withRun)
    const [, old] = Object.values(github.repository().artifacts)
    expect(await ask('GET', `${repo}/actions/artifacts/${old?.id}/zip`)).toMatchObject({ status: 410 })
    expect(await ask('GET', `${repo}/actions/artifacts/1/zip`)).toMatchObject({ status: 404 })
  })
})

describe('code scanning', () => {
  const packed = (sarif: unknown) => gzipSync(JSON.stringify(sarif)).toString('base64')
  const good = { version: '2.1.0', runs: [{ tool: { driver: { name: 'wf' } }, results: [] }] }

  test('a SARIF file is taken and kept unpacked', async () => {
    const { github, ask } = await start()
    const sha = github.repository().branches['main']?.sha ?? ''
    const sent = await ask('POST', `${repo}/code-scanning/sarifs`, {
      commit_sha: sha,
      ref: 'refs/heads/main',
      sarif: packed(good),
    })
    expect(sent.status).toBe(202)
    expect(github.repository().uploads).toMatchObject([
      { id: (sent.data as { id: string }).id, commit_sha: sha, ref: 'refs/heads/main', sarif: good },
    ])
  })

  test.each<[string, unknown, string]>([
    ['what is not gzip', Buffer.from('{}').toString('base64'), 'not gzip'],
    ['another version', packed({ version: '2.0.0', runs: [] }), 'version must be 2.1.0'],
    ['a document without runs', packed({ version: '2.1.0' }), 'no runs'],
    ['21 runs', packed({ version: '2.1.0', runs: Array.from({ length: 21 }, () => ({})) }), 'more than 20 runs'],
    [
      '25,001 results',
      packed({ version: '2.1.0', runs: [{ results: Array.from({ length: 25_001 }, () => ({})) }] }),
      'more than 25000 results',
    ],
  ])('%s is refused', async (_, sarif, message) => {
    const { github, ask } = await start()
    const sha = github.repository().branches['main']?.sha ?? ''
    const body = { commit_sha: sha, ref: 'refs/heads/main', sarif: String(sarif) }
    const answer = await ask('POST', `${repo}/code-scanning/sarifs`, body)
    expect(answer.status).toBe(400)
    expect((answer.data as { message: string }).message).toContain(message)
  })

  test('a commit that is not there is refused', async () => {
    const { ask } = await start()
    const body = { commit_sha: '0'.repeat(40), ref: 'refs/heads/main', sarif: packed(good) }
    expect(await ask('POST', `${repo}/code-scanning/sarifs`, body)).toMatchObject({ status: 422 })
  })
})

describe('commit statuses', () => {
  test('one is set for a commit', async () => {
    const { github, ask } = await start()
    const sha = github.repository().branches['main']?.sha ?? ''
    const made = await ask('POST', `${repo}/statuses/${sha}`, {
      state: 'pending',
      context: 'wf',
      description: 'working',
    })
    expect(made).toMatchObject({
      status: 201,
      data: { state: 'pending', context: 'wf', creator: { login: 'github-actions[bot]' } },
    })
    expect(github.repository().statuses[sha]).toMatchObject([{ state: 'pending', context: 'wf' }])
    expect(await ask('POST', `${repo}/statuses/${'0'.repeat(40)}`, { state: 'pending' })).toMatchObject({ status: 422 })
  })
})

describe('beside repositories', () => {
  test('the limit of a token can be asked for and stands in every answer', async () => {
    const { ask } = await start()
    const { data, headers } = await ask('GET', '/rate_limit')
    expect(data).toMatchObject({ resources: { core: { limit: 1000, remaining: 1000, reset: 1772370000 } } })
    expect(headers.get('x-ratelimit-remaining')).toBe('1000')
  })

  test('GraphQL tells who one is, and nothing else', async () => {
    const { github, ask, as } = await start()
    const viewer = { data: { viewer: { login: 'github-actions[bot]' } } }
    expect((await ask('POST', '/graphql', { query: 'query { viewer { login } }' })).data).toEqual(viewer)
    expect((await ask('POST', '/graphql', { query: '{\n  viewer {\n    login\n  }\n}' })).data).toEqual(viewer)
    expect(await as()('POST', '/graphql', { query: '{viewer{login}}' })).toMatchObject({ status: 401 })
    expect(github.mistakes).toEqual([])
    expect((await ask('POST', '/graphql', { query: '{ viewer { email } }' })).data).toMatchObject({ data: null })
    expect(await ask('POST', '/graphql', {})).toMatchObject({ status: 400 })
    expect(github.mistakes).toHaveLength(2)
    expect(github.writes()).toEqual([])
  })
})
