import { describe, expect, test } from '@jest/globals'
import { each, everyPage, fakes, idOf, noon, repo } from './client.js'

const start = fakes()
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ body: `comment ${index + 1}` }))
const withPull = { repositories: { 'org/repo': { pulls: [{ number: 3 }] } } }

describe('comments', () => {
  test('one is written, read, changed and removed', async () => {
    let now = noon
    const { github, ask } = await start({ ...withPull, now: () => now })
    const made = await ask('POST', `${repo}/issues/3/comments`, { body: 'hello' })
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({
      body: 'hello',
      user: { login: 'github-actions[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'github-actions' },
      html_url: `${github.url}/org/repo/pull/3#issuecomment-${idOf(made)}`,
      created_at: '2026-03-01T12:00:00Z',
    })
    const path = `${repo}/issues/comments/${idOf(made)}`
    now += 60_000
    const changed = await ask('PATCH', path, { body: 'bye' })
    expect(changed.data).toMatchObject({ body: 'bye', updated_at: '2026-03-01T12:01:00Z' })
    expect((await ask('GET', path)).data).toEqual(changed.data)
    expect(github.repository().comments[3]).toMatchObject([{ body: 'bye', user: { login: 'github-actions[bot]' } }])
    expect(await ask('DELETE', path)).toMatchObject({ status: 204, text: '' })
    expect(await ask('GET', path)).toMatchObject({ status: 404 })
    expect(await ask('PATCH', path, { body: 'x' })).toMatchObject({ status: 404 })
    expect(await ask('DELETE', path)).toMatchObject({ status: 404 })
    expect(github.mistakes).toEqual([])
  })

  test('a person writes without an app', async () => {
    const { as } = await start({ ...withPull, tokens: { person: { kind: 'user', login: 'mona' } } })
    const made = await as('person')('POST', `${repo}/issues/3/comments`, { body: 'hello' })
    expect(made.data).toMatchObject({ user: { login: 'mona', type: 'User' }, performed_via_github_app: null })
  })

  test('250 of them are listed by pages of 30, oldest first', async () => {
    const { github, ask } = await start({ repositories: { 'org/repo': { comments: { 1: many(250) } } } })
    const first = await ask('GET', `${repo}/issues/1/comments`)
    expect(first.data).toHaveLength(30)
    expect(first.headers.get('link')).toBe(
      [
        `<${github.url}${repo}/issues/1/comments?page=2>; rel="next"`,
        `<${github.url}${repo}/issues/1/comments?page=9>; rel="last"`,
      ].join(', '),
    )
    const all = await everyPage(github, ask, `${repo}/issues/1/comments`)
    expect(all.requests).toBe(9)
    expect(each(all.items, 'body')).toEqual(each(many(250), 'body'))
  })

  test('a page holds 100 of them at most, and a larger wish is a mistake', async () => {
    const { github, ask } = await start({ repositories: { 'org/repo': { comments: { 1: many(250) } } } })
    const all = await everyPage(github, ask, `${repo}/issues/1/comments?per_page=100`)
    expect([all.items.length, all.requests]).toEqual([250, 3])
    expect(github.mistakes).toEqual([])
    const greedy = await ask('GET', `${repo}/issues/1/comments?per_page=500`)
    expect(greedy.data).toHaveLength(100)
    expect(github.mistakes).toEqual([`#4 GET ${repo}/issues/1/comments?per_page=500: per_page is 100 at most`])
  })

  test('the last page leads back, and one beyond it is empty', async () => {
    const { ask } = await start({ repositories: { 'org/repo': { comments: { 1: many(31) } } } })
    const last = await ask('GET', `${repo}/issues/1/comments?page=2`)
    expect(last.data).toHaveLength(1)
    expect(last.headers.get('link')).toMatch(/page=1>; rel="prev", .*page=1>; rel="first"$/)
    expect((await ask('GET', `${repo}/issues/1/comments?page=3`)).data).toEqual([])
  })

  test('only those changed since a time are listed', async () => {
    const { ask } = await start({
      repositories: {
        'org/repo': {
          comments: {
            1: [
              { body: 'old', created_at: '2026-01-01T00:00:00Z' },
              { body: 'edited', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-02-01T00:00:00Z' },
            ],
          },
        },
      },
    })
    const { data } = await ask('GET', `${repo}/issues/1/comments?since=2026-01-15T00:00:00Z`)
    expect(each(data, 'body')).toEqual(['edited'])
  })

  test('an issue that is not there has none and takes none', async () => {
    const { ask } = await start()
    expect(await ask('GET', `${repo}/issues/9/comments`)).toMatchObject({ status: 404 })
    expect(await ask('POST', `${repo}/issues/9/comments`, { body: 'x' })).toMatchObject({ status: 404 })
  })
})

describe('labels', () => {
  test('they are added, set, listed and removed', async () => {
    const { github, ask } = await start({ repositories: { 'org/repo': { pulls: [{ number: 3, labels: ['old'] }] } } })
    const path = `${repo}/issues/3/labels`
    const names = async (answer: ReturnType<typeof ask>) => each((await answer).data, 'name')
    expect(await names(ask('POST', path, { labels: ['new', 'old'] }))).toEqual(['old', 'new'])
    expect(await names(ask('GET', path))).toEqual(['old', 'new'])
    expect(await names(ask('DELETE', `${path}/old`))).toEqual(['new'])
    expect(await ask('DELETE', `${path}/old`)).toMatchObject({ status: 404 })
    expect(await names(ask('PUT', path, { labels: [{ name: 'only' }] }))).toEqual(['only'])
    expect(await ask('DELETE', path)).toMatchObject({ status: 204 })
    expect(github.repository().issues[3]?.labels).toEqual([])
    expect(await ask('GET', `${repo}/issues/9/labels`)).toMatchObject({ status: 404 })
  })
})
