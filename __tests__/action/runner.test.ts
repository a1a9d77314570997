import { describe, expect, test } from '@jest/globals'
import { readRunner } from '../../src/action/runner.js'
import { MemoryFiles } from '../support/files.js'

const payload = JSON.stringify({ number: 7, pull_request: {} })
const job = {
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_EVENT_PATH: '/event.json',
  GITHUB_REPOSITORY: 'org/repo',
  GITHUB_RUN_ID: '12',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_WORKSPACE: '/work',
  RUNNER_TEMP: '/temp',
}
const read = (more: Record<string, string | undefined> = {}, content: string | undefined = payload) =>
  readRunner({ ...job, ...more }, new MemoryFiles(content === undefined ? {} : { '/event.json': content }))

describe('a job on a runner', () => {
  test('says its event, its run and where things are', () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        event: { name: 'pull_request', payload: JSON.parse(payload), sha: 'a'.repeat(40), ref: 'refs/pull/7/merge' },
        workspace: '/work',
        home: '/temp/wf',
        repository: 'org/repo',
        stamp: { id: 12, attempt: 2 },
        url: 'https://github.com/org/repo/actions/runs/12/attempts/2',
        site: 'https://github.com',
        api: 'https://api.github.com',
        proxied: false,
      },
    })
  })

  test.each(['-1', '0', 'first'])('whose attempt is said to be %s has no number that a comment could carry', (said) => {
    expect(read({ GITHUB_RUN_ATTEMPT: said })).toMatchObject({
      ok: true,
      value: expect.not.objectContaining({ stamp: expect.anything() }),
    })
  })

  test.each<[string, Record<string, string>, object]>([
    ['may read and write it', {}, { cacheService: { reads: true, writes: true } }],
    ['may only read it', { ACTIONS_CACHE_MODE: 'read' }, { cacheService: { reads: true, writes: false } }],
    ['may only write it', { ACTIONS_CACHE_MODE: 'write-only' }, { cacheService: { reads: false, writes: true } }],
    [
      'may do neither',
      { ACTIONS_CACHE_MODE: 'none' },
      expect.not.objectContaining({ cacheService: expect.anything() }),
    ],
    [
      'has an older one',
      { ACTIONS_CACHE_SERVICE_V2: '' },
      expect.not.objectContaining({ cacheService: expect.anything() }),
    ],
    [
      'stands behind a proxy',
      { HTTPS_PROXY: 'http://proxy:3128' },
      expect.not.objectContaining({ cacheService: expect.anything() }),
    ],
    [
      'has no token for it',
      { ACTIONS_RUNTIME_TOKEN: '' },
      expect.not.objectContaining({ cacheService: expect.anything() }),
    ],
  ])('tells of the cache of Actions: the job %s', (_, more, value) => {
    const service = {
      ACTIONS_RESULTS_URL: 'https://results.example/',
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
      ACTIONS_CACHE_SERVICE_V2: 'True',
    }
    expect(read({ ...service, ...more })).toMatchObject({ value })
  })

  test('of an enterprise server names its own addresses', () => {
    const own = {
      GITHUB_SERVER_URL: 'https://git.corp',
      GITHUB_API_URL: 'https://git.corp/api/v3',
      GITHUB_GRAPHQL_URL: 'https://git.corp/api/graphql',
      https_proxy: 'http://proxy:3128',
    }
    expect(read(own)).toMatchObject({
      value: {
        api: 'https://git.corp/api/v3',
        graphql: 'https://git.corp/api/graphql',
        proxied: true,
        url: expect.stringContaining('https://git.corp/org/repo'),
      },
    })
  })

  test.each<[string, Record<string, string>, string | undefined, string]>([
    ['without a payload', { GITHUB_EVENT_PATH: '/other.json' }, payload, 'there is no event payload'],
    ['whose payload is no JSON', {}, '{"number": ', 'is no JSON object'],
    ['whose payload is a list', {}, '[]', 'is no JSON object'],
    [
      'with an event that wf does not know',
      { GITHUB_EVENT_NAME: 'pull_requests' },
      payload,
      'does not know the event `pull_requests`',
    ],
    [
      'that runs a stranger’s code with secrets',
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      payload,
      'does not run on `pull_request_target`',
    ],
    ['without an event', { GITHUB_EVENT_NAME: '' }, payload, 'GITHUB_EVENT_NAME is not set'],
    ['without a repository', { GITHUB_REPOSITORY: 'repo' }, payload, 'no `owner/name`'],
  ])('%s is told what is wrong', (_, more, content, said) => {
    const wrong = read(more, content)
    expect(wrong.ok ? '' : wrong.problems[0]?.message).toContain(said)
    expect(wrong.ok ? '' : wrong.problems[0]?.hint).toBeTruthy()
  })
})
