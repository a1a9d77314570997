import { describe, expect, test } from '@jest/globals'
import { fakes, noon, repo } from './client.js'

const start = fakes()

/** What `fetch` answered, or that no answer came. */
const outcome = async (answer: Promise<{ status: number }>): Promise<number | 'dropped'> =>
  answer.then(({ status }) => status).catch(() => 'dropped' as const)

describe('faults', () => {
  test.each<[answer: 401 | 404 | 409 | 422 | 429 | 500, message: string]>([
    [401, 'Bad credentials'],
    [404, 'Not Found'],
    [409, 'Conflict'],
    [422, 'Validation Failed'],
    [429, 'You have exceeded a secondary rate limit'],
    [500, 'Server Error'],
  ])('%i is answered as GitHub does', async (kind, message) => {
    const { github, ask } = await start({ faults: [{ answer: kind }] })
    const { status, data } = await ask('GET', repo)
    expect(status).toBe(kind)
    expect((data as { message: string }).message).toContain(message)
    expect(github.log).toMatchObject([{ route: 'repos/get', status: kind, fault: String(kind) }])
    expect(github.mistakes).toEqual([])
  })

  test('a missing permission is named', async () => {
    const { ask } = await start({ faults: [{ answer: '403-permission' }] })
    const { status, data, headers } = await ask('POST', `${repo}/check-runs`, {})
    expect(status).toBe(403)
    expect(data).toMatchObject({ message: 'Resource not accessible by integration' })
    expect(headers.get('x-accepted-github-permissions')).toBe('checks=write')
  })

  test('a secondary limit says when to come back', async () => {
    const { github, ask } = await start({ faults: [{ answer: '403-secondary', retryAfter: 7, times: 1 }] })
    const first = await ask('GET', repo)
    expect([first.status, first.headers.get('retry-after')]).toEqual([403, '7'])
    expect((first.data as { message: string }).message).toContain('secondary rate limit')
    github.fault({ answer: 429 })
    expect((await ask('GET', repo)).headers.get('retry-after')).toBe('60')
  })

  test('the primary limit says how much is left and until when', async () => {
    const { ask } = await start({ faults: [{ answer: '403-primary', retryAfter: 90 }] })
    const { status, headers } = await ask('GET', repo)
    expect(status).toBe(403)
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(headers.get('x-ratelimit-reset')) * 1000).toBe(noon + 90_000)
    expect(headers.get('retry-after')).toBeNull()
  })

  test('a gateway answers with a page, and garbage is no JSON though it says so', async () => {
    const { github, as } = await start({ faults: [{ answer: 502, times: 1 }] })
    const page = await as()('GET', repo)
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    github.fault({ answer: 'garbage' })
    const answer = await fetch(`${github.url}${repo}`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    await expect(answer.json()).rejects.toThrow('JSON')
  })

  test('a reset drops the connection before anything is done, a loss after it', async () => {
    const { github, ask } = await start({ repositories: { 'org/repo': { pulls: [{ number: 1 }] } } })
    const comment = () => outcome(ask('POST', `${repo}/issues/1/comments`, { body: 'x' }))
    github.fault({ answer: 'reset', times: 1 })
    expect(await comment()).toBe('dropped')
    expect(github.repository().comments[1] ?? []).toHaveLength(0)
    github.fault({ answer: 'lost', times: 1 })
    expect(await comment()).toBe('dropped')
    expect(github.repository().comments[1]).toHaveLength(1)
    expect(await comment()).toBe(201)
    expect(github.log.map(({ status, fault }) => [status, fault])).toEqual([
      [0, 'reset'],
      [201, 'lost'],
      [201, undefined],
    ])
    expect(github.writes()).toHaveLength(2)
  })

  test('slow requests are held until they are released', async () => {
    const { github, ask } = await start({ faults: [{ answer: 'slow', times: 2 }] })
    const both = [outcome(ask('GET', repo)), outcome(ask('GET', `${repo}/branches`))]
    await github.held(2)
    expect(github.log.map(({ status }) => status)).toEqual([0, 0])
    github.release()
    expect(await Promise.all(both)).toEqual([200, 200])
    expect(await outcome(ask('GET', repo))).toBe(200)
  })

  test('a slow request is answered by itself after the time that the rule gives', async () => {
    const { ask } = await start({ faults: [{ answer: 'slow', hold: 1 }] })
    expect(await outcome(ask('GET', repo))).toBe(200)
  })

  test('a client that gives up while it is held leaves nothing behind', async () => {
    let over: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (over = resolve))
    const { github } = await start({
      repositories: { 'org/repo': { pulls: [{ number: 1 }] } },
      faults: [{ answer: 'slow', times: 1 }],
      onRequest: () => over(),
    })
    const giveUp = new AbortController()
    const address = `${github.url}${repo}/issues/1/comments`
    const sent = outcome(fetch(address, { method: 'POST', body: '{"body":"x"}', signal: giveUp.signal }))
    await github.held()
    giveUp.abort()
    expect(await sent).toBe('dropped')
    await ended
    expect(github.repository().comments).toEqual({})
    expect(github.log).toMatchObject([{ status: 0, fault: 'slow' }])
  })

  test('a fake that is closed lets go of what it holds', async () => {
    const { github, ask } = await start({ faults: [{ answer: 'slow' }] })
    const held = outcome(ask('GET', repo))
    await github.held()
    await github.close()
    expect(await held).toBe('dropped')
  })

  test('a rule strikes its route only, after some requests and so many times', async () => {
    const { github, ask } = await start({
      faults: [{ route: '^GET .*/branches$', after: 1, times: 2, answer: 500 }],
    })
    const statuses = []
    for (let index = 0; index < 5; index += 1) statuses.push(await outcome(ask('GET', `${repo}/branches`)))
    expect(statuses).toEqual([200, 500, 500, 200, 200])
    expect(await outcome(ask('GET', repo))).toBe(200)
    github.fault({ route: /pulls/, answer: 409 })
    expect(await outcome(ask('GET', `${repo}/pulls`))).toBe(409)
  })

  test('of several rules the first that applies strikes', async () => {
    const { ask } = await start({ faults: [{ answer: 500, times: 1 }, { answer: 404 }] })
    expect(await outcome(ask('GET', repo))).toBe(500)
    expect(await outcome(ask('GET', repo))).toBe(404)
  })
})
