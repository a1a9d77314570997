import { describe, expect, test } from '@jest/globals'
import { defaultTokens } from '../../src/fake-github/index.js'
import { each, everyPage, fakes, idOf, noon, repo } from './client.js'
import type { Ask } from './client.js'

const start = fakes()
const remark = { path: 'a.ts', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'look' }
const remarks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...remark, start_line: index + 1, end_line: index + 1 }))

/** A fake with its main branch's commit. */
async function started(now?: () => number) {
  const fake = await start(now ? { now } : {})
  return { ...fake, sha: fake.github.repository().branches['main']?.sha ?? '' }
}

const make = (ask: Ask, sha: string, more = {}) =>
  ask('POST', `${repo}/check-runs`, { name: 'wf', head_sha: sha, ...more })

describe('check runs', () => {
  test('one is created for a commit and read again', async () => {
    const { github, ask, sha } = await started()
    const made = await make(ask, sha, {
      status: 'in_progress',
      external_id: '7',
      details_url: 'https://example.com/run',
    })
    expect(made.status).toBe(201)
    expect(made.data).toMatchObject({
      name: 'wf',
      head_sha: sha,
      status: 'in_progress',
      conclusion: null,
      started_at: '2026-03-01T12:00:00Z',
      completed_at: null,
      external_id: '7',
      details_url: 'https://example.com/run',
      html_url: `${github.url}/org/repo/runs/${idOf(made)}`,
      app: { id: 15368, slug: 'github-actions' },
    })
    expect((await ask('GET', `${repo}/check-runs/${idOf(made)}`)).data).toEqual(made.data)
    expect(github.repository().checkRuns[sha]).toMatchObject([{ name: 'wf', status: 'in_progress' }])
  })

  test('its output is replaced by what is given, and its annotations are appended', async () => {
    const { github, ask, sha } = await started()
    const made = await make(ask, sha, { output: { title: 'One', summary: 'first', annotations: remarks(50) } })
    const path = `${repo}/check-runs/${idOf(made)}`
    const updated = await ask('PATCH', path, { output: { summary: 'second', annotations: remarks(20) } })
    expect(updated.data).toMatchObject({ output: { title: 'One', summary: 'second', annotations_count: 70 } })
    const all = await everyPage(github, ask, `${path}/annotations`)
    expect(all.items).toHaveLength(70)
    expect(all.requests).toBe(3)
    expect(all.items[50]).toMatchObject({ path: 'a.ts', start_line: 1, message: 'look' })
  })

  test('a conclusion completes it, and in_progress opens it again', async () => {
    let now = noon
    const { ask, sha } = await started(() => now)
    const path = `${repo}/check-runs/${idOf(await make(ask, sha))}`
    now += 61_000
    const done = await ask('PATCH', path, { conclusion: 'failure' })
    expect(done.data).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      completed_at: '2026-03-01T12:01:01Z',
    })
    const again = await ask('PATCH', path, { status: 'in_progress' })
    expect(again.data).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null })
  })

  test('they are listed for a commit, a branch and a pull request, the newest of each name', async () => {
    const { ask, sha } = await started()
    await make(ask, sha, { name: 'wf' })
    await make(ask, sha, { name: 'other', conclusion: 'success' })
    const newest = idOf(await make(ask, sha, { name: 'wf' }))
    const listed = await ask('GET', `${repo}/commits/main/check-runs`)
    expect(listed.data).toMatchObject({ total_count: 2, check_runs: [{ id: newest, name: 'wf' }, { name: 'other' }] })
    const count = async (query: string) =>
      ((await ask('GET', `${repo}/commits/${sha}/check-runs?${query}`)).data as { total_count: number }).total_count
    expect(await count('filter=all')).toBe(3)
    expect(await count('check_name=other')).toBe(1)
    expect(await count('status=completed')).toBe(1)
    expect(await count('app_id=15368')).toBe(2)
    expect(await count('app_id=1')).toBe(0)
  })

  test('those of one name by different apps stand beside each other', async () => {
    const { github, as } = await start({ tokens: { a: {}, b: { login: 'other[bot]' } } })
    const sha = github.repository().branches['main']?.sha ?? ''
    await make(as('a'), sha)
    await make(as('b'), sha)
    const { data } = await as('a')('GET', `${repo}/commits/main/check-runs`)
    expect(data).toMatchObject({ total_count: 2 })
    expect(each(each((data as { check_runs: unknown }).check_runs, 'app'), 'slug')).toEqual(['other', 'github-actions'])
  })

  test('only the app that made one may change it', async () => {
    const { github, as } = await start({ tokens: { a: {}, b: { login: 'other[bot]' } } })
    const sha = github.repository().branches['main']?.sha ?? ''
    const id = idOf(await make(as('a'), sha))
    const refused = await as('b')('PATCH', `${repo}/check-runs/${id}`, { conclusion: 'success' })
    expect(refused).toMatchObject({
      status: 403,
      data: { message: 'Invalid app_id `15368` - check run can only be modified by the GitHub App that created it.' },
    })
  })

  test('they name the open pull requests of the commit, but none from a fork', async () => {
    const head = 'a'.repeat(40)
    const { ask } = await start({
      repositories: {
        'org/repo': {
          pulls: [
            { number: 4, head: { ref: 'topic', sha: head } },
            { number: 5, head: { ref: 'topic', sha: head, repo: 'stranger/repo' } },
          ],
        },
      },
    })
    const { data } = await make(ask, head)
    expect(data).toMatchObject({ pull_requests: [{ number: 4, base: { ref: 'main' } }] })
  })

  test('a commit or a run that is not there is told', async () => {
    const { github, ask } = await started()
    const nowhere = '0'.repeat(40)
    expect(await make(ask, nowhere)).toMatchObject({
      status: 422,
      data: { message: `No commit found for SHA: ${nowhere}` },
    })
    expect(await ask('GET', `${repo}/commits/nowhere/check-runs`)).toMatchObject({ status: 422 })
    expect(await ask('GET', `${repo}/check-runs/1`)).toMatchObject({ status: 404 })
    expect(await ask('PATCH', `${repo}/check-runs/1`, { name: 'x' })).toMatchObject({ status: 404 })
    expect(await ask('GET', `${repo}/check-runs/1/annotations`)).toMatchObject({ status: 404 })
    expect(github.mistakes).toEqual([])
  })

  test('one that was removed from the state is gone, and others stay', async () => {
    const { github, ask, sha } = await started()
    const gone = idOf(await make(ask, sha))
    github.repository().checkRuns[sha] = []
    expect(await ask('PATCH', `${repo}/check-runs/${gone}`, { conclusion: 'success' })).toMatchObject({ status: 404 })
    expect(idOf(await make(ask, sha))).toBeGreaterThan(gone)
  })

  test('a person cannot create one, whatever the rights', async () => {
    const { github, as } = await start({ tokens: { person: { kind: 'user' }, [defaultTokens.writes]: {} } })
    const sha = github.repository().branches['main']?.sha ?? ''
    expect(await make(as('person'), sha)).toMatchObject({
      status: 403,
      data: { message: 'You must authenticate via a GitHub App.' },
    })
  })
})
