import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../src/base/json.js'
import type { FakeGitHubOptions } from '../../src/fake-github/index.js'
import { endpoints } from '../../src/fake-github/endpoints/index.js'
import { openapi } from '../../src/fake-github/generated/openapi.js'
import { fakes, repo } from './client.js'

const start = fakes()
const head = 'a'.repeat(40)

type Permissions = NonNullable<NonNullable<FakeGitHubOptions['tokens']>[string]['permissions']>

const all: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  security_events: 'write',
  statuses: 'write',
}

/** The rights without some of them. */
const without = (...gone: (keyof Permissions)[]): Permissions =>
  Object.fromEntries(Object.entries(all).filter(([right]) => !gone.includes(right as keyof Permissions)))

const repository = (hidden: boolean) => ({
  private: hidden,
  files: { main: { 'a.txt': 'a\n' } },
  pulls: [{ number: 1, head: { ref: 'topic', sha: head }, labels: ['old'] }],
  issues: [2],
  comments: { 1: [{ body: 'on a pull request' }], 2: [{ body: 'on an issue' }] },
  runs: [{ id: 7 }],
  artifacts: { 7: [{ id: 8, name: 'wf' }] },
})

interface Wish {
  operation: string
  method: string
  path: string
  /** One of these rights suffices. */
  needs: (keyof Permissions)[]
  body?: Json
}

const wish = (operation: string, request: string, needs: Wish['needs'], body?: Json): Wish => {
  const [method = '', path = ''] = request.split(' ')
  return { operation, method, path, needs, ...(body === undefined ? {} : { body }) }
}

const either: Wish['needs'] = ['issues', 'pull_requests']
const sarif = { commit_sha: head, ref: 'refs/heads/topic', sarif: '' }

/** Each operation as it is asked for; COMMENT stands for the id of the one on the pull request. */
const wishes: Wish[] = [
  wish('actions/download-artifact', 'GET /actions/artifacts/8/zip', ['actions']),
  wish('actions/get-workflow-run', 'GET /actions/runs/7', ['actions']),
  wish('actions/list-workflow-run-artifacts', 'GET /actions/runs/7/artifacts', ['actions']),
  wish('checks/create', 'POST /check-runs', ['checks'], { name: 'wf', head_sha: head }),
  wish('checks/get', 'GET /check-runs/5', ['checks']),
  wish('checks/list-annotations', 'GET /check-runs/5/annotations', ['checks']),
  wish('checks/list-for-ref', `GET /commits/${head}/check-runs`, ['checks']),
  wish('checks/update', 'PATCH /check-runs/5', ['checks'], { conclusion: 'success' }),
  wish('code-scanning/upload-sarif', 'POST /code-scanning/sarifs', ['security_events'], sarif),
  wish('git/create-blob', 'POST /git/blobs', ['contents'], { content: 'x' }),
  wish('git/create-commit', 'POST /git/commits', ['contents'], { message: 'x', tree: head }),
  wish('git/create-tree', 'POST /git/trees', ['contents'], { tree: [] }),
  wish('git/get-commit', `GET /git/commits/${head}`, ['contents']),
  wish('git/get-ref', 'GET /git/ref/heads/main', ['contents']),
  wish('git/update-ref', 'PATCH /git/refs/heads/topic', ['contents'], { sha: head }),
  wish('issues/add-labels', 'POST /issues/1/labels', either, { labels: ['new'] }),
  wish('issues/create-comment', 'POST /issues/1/comments', either, { body: 'hello' }),
  wish('issues/delete-comment', 'DELETE /issues/comments/COMMENT', either),
  wish('issues/get-comment', 'GET /issues/comments/COMMENT', either),
  wish('issues/list-comments', 'GET /issues/1/comments', either),
  wish('issues/list-labels-on-issue', 'GET /issues/1/labels', either),
  wish('issues/remove-all-labels', 'DELETE /issues/1/labels', either),
  wish('issues/remove-label', 'DELETE /issues/1/labels/old', either),
  wish('issues/set-labels', 'PUT /issues/1/labels', either, { labels: [{ name: 'new' }] }),
  wish('issues/update-comment', 'PATCH /issues/comments/COMMENT', either, { body: 'bye' }),
  wish('pulls/create-review', 'POST /pulls/1/reviews', ['pull_requests'], { event: 'COMMENT', body: 'x' }),
  wish('pulls/get', 'GET /pulls/1', ['pull_requests']),
  wish('pulls/list', 'GET /pulls', ['pull_requests']),
  wish('pulls/list-files', 'GET /pulls/1/files', ['pull_requests']),
  wish('pulls/list-review-comments', 'GET /pulls/1/comments', ['pull_requests']),
  wish('repos/compare-commits-with-basehead', 'GET /compare/main...topic', ['contents']),
  wish('repos/create-commit-status', `POST /statuses/${head}`, ['statuses'], { state: 'success' }),
  wish('repos/get-branch', 'GET /branches/main', ['contents']),
  wish('repos/get-commit', 'GET /commits/main', ['contents']),
  wish('repos/get-content', 'GET /contents/a.txt', ['contents']),
  wish('repos/list-branches', 'GET /branches', ['contents']),
  wish('repos/list-pull-requests-associated-with-commit', `GET /commits/${head}/pulls`, ['pull_requests']),
]
const reading = wishes.filter(({ method }) => method === 'GET')
const writing = wishes.filter(({ method }) => method !== 'GET')

/** A fake with a private or public repository and one token with these rights. */
async function holding(permissions: Permissions, hidden = true) {
  const { github, as } = await start({
    repositories: { 'org/repo': repository(hidden) },
    tokens: { token: { permissions } },
  })
  const [onPull] = github.repository().comments[1] ?? []
  const send = (token: string | undefined, { method, path, body }: Wish) =>
    as(token)(method, `${repo}${path.replace('COMMENT', String(onPull?.id))}`, body)
  return { github, send }
}

describe('rights', () => {
  test('every operation is asked for below, save the repository itself, which every token may see', () => {
    const known = endpoints.map(({ operation }) => operation).filter((operation) => operation !== 'repos/get')
    expect(wishes.map(({ operation }) => operation)).toEqual(known.sort())
    expect(Object.keys(openapi.operations)).toEqual(expect.arrayContaining(known))
  })

  test.each(wishes)('$operation is refused in a private repository without them', async (wish) => {
    const { needs, method } = wish
    const { github, send } = await holding(without(...needs))
    const { status, data, headers } = await send('token', wish)
    const hidden = needs.includes('contents') && method === 'GET'
    const level = method === 'GET' ? 'read' : 'write'
    expect(status).toBe(hidden ? 404 : 403)
    expect(data).toMatchObject({ message: hidden ? 'Not Found' : 'Resource not accessible by integration' })
    expect(headers.get('x-accepted-github-permissions')).toBe(needs.map((right) => `${right}=${level}`).join('; '))
    expect(github.writes()).toEqual([])
  })

  test.each(wishes.flatMap((wish) => wish.needs.map((right) => ({ ...wish, right }))))(
    '$operation is granted with $right alone',
    async (wish) => {
      const { github, send } = await holding({ [wish.right]: wish.method === 'GET' ? 'read' : 'write' })
      const { status } = await send('token', wish)
      expect([401, 403]).not.toContain(status)
      expect(github.log.at(-1)).toMatchObject({ token: 'github-actions[bot]', route: wish.operation })
    },
  )

  test.each(writing)(
    '$operation is refused to a token that may only read, in a public repository too',
    async (wish) => {
      const read = Object.fromEntries(Object.keys(all).map((right) => [right, 'read'])) as Permissions
      const { send } = await holding(read, false)
      expect(await send('token', wish)).toMatchObject({ status: 403 })
    },
  )

  test.each(reading.filter(({ operation }) => operation !== 'actions/download-artifact'))(
    '$operation needs none in a public repository',
    async (wish) => {
      const { send } = await holding({}, false)
      for (const token of [undefined, 'token']) expect([401, 403]).not.toContain((await send(token, wish)).status)
    },
  )

  test('an artifact is downloaded with the right over actions only, from a public repository too', async () => {
    const { send } = await holding({}, false)
    const download = wish('', 'GET /actions/artifacts/8/zip', [])
    expect(await send(undefined, download)).toMatchObject({ status: 401 })
    expect(await send('token', download)).toMatchObject({ status: 403 })
  })

  test('an issue is no pull request: the right over those does not reach its comments', async () => {
    const { send } = await holding({ pull_requests: 'write' })
    const answer = await send('token', wish('', 'POST /issues/2/comments', [], { body: 'x' }))
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('issues=write')
  })

  test('a user is told of his own kind of token', async () => {
    const { as } = await start({ tokens: { person: { kind: 'user', permissions: { contents: 'read' } } } })
    const body = { state: 'success' }
    expect(await as('person')('POST', `${repo}/statuses/${head}`, body)).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by personal access token' },
    })
  })
})

describe('who one is', () => {
  test('a token that is not known is refused, even where none is needed', async () => {
    const { github, as } = await start()
    expect(await as('guess')('GET', repo)).toMatchObject({ status: 401, data: { message: 'Bad credentials' } })
    expect(await as(undefined, { authorization: 'Basic x' })('GET', repo)).toMatchObject({ status: 401 })
    expect(github.log.map(({ token }) => token)).toEqual([null, null])
  })

  test('both words before a token will do', async () => {
    const { as } = await start({ tokens: { secret: {} } })
    expect(await as(undefined, { authorization: 'token secret' })('GET', repo)).toMatchObject({ status: 200 })
    expect(await as(undefined, { authorization: 'bearer secret' })('GET', repo)).toMatchObject({ status: 200 })
  })

  test('without a token a public repository can be read and not written', async () => {
    const { as } = await start()
    expect(await as()('GET', repo)).toMatchObject({ status: 200 })
    const body = { name: 'wf', head_sha: head }
    expect(await as()('POST', `${repo}/check-runs`, body)).toMatchObject({
      status: 401,
      data: { message: 'Requires authentication' },
    })
  })

  test('a private repository is not there for those who may not see it', async () => {
    const { as } = await start({
      repositories: { 'org/repo': { private: true } },
      tokens: { inside: { permissions: {} }, elsewhere: { repositories: ['org/other'] } },
    })
    expect(await as()('GET', repo)).toMatchObject({ status: 404 })
    expect(await as('elsewhere')('GET', repo)).toMatchObject({ status: 404 })
    expect(await as('inside')('GET', repo)).toMatchObject({ status: 200 })
  })

  test('a token of another repository reads a public one and does not write it', async () => {
    const { github, as } = await start({ tokens: { elsewhere: { repositories: ['org/other'] } } })
    const sha = github.repository().branches['main']?.sha ?? ''
    expect(await as('elsewhere')('GET', `${repo}/branches`)).toMatchObject({ status: 200 })
    expect(await as('elsewhere')('POST', `${repo}/statuses/${sha}`, { state: 'success' })).toMatchObject({
      status: 403,
    })
  })

  test('a request without User-Agent is refused, as GitHub does', async () => {
    const { github } = await start()
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${github.url}${repo}`, (answer) => resolve(answer.resume().statusCode))
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(403)
    expect(github.mistakes).toEqual([`#1 GET ${repo}: GitHub refuses requests without \`User-Agent\``])
  })
})
