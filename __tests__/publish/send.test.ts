import { afterEach, describe, expect, test } from '@jest/globals'
import type { TestCase } from '../../src/evidence/evidence.js'
import type { Effect } from '../../src/effects/effect.js'
import { defaultTokens } from '../../src/fake-github/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { commentMarker } from '../../src/publish/marker.js'
import { place, planOf, poster } from '../support/posting.js'
import type { Place } from '../support/posting.js'
import { greenShop, instance, outcome, stage, step, testsEvidence } from './outcomes.js'

const open: Place[] = []
const at = async (...args: Parameters<typeof place>): Promise<Place> => {
  const made = await place(...args)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const { github } of open.splice(0)) {
    github.release()
    expect(github.mistakes).toEqual([])
    await github.close()
  }
})

const green = greenShop()
const marker = commentMarker(green.workflow)
const bot = 'github-actions[bot]'
const comments = ({ github, pull }: Place) => github.repository().comments[pull] ?? []
const checks = ({ github, sha }: Place) => github.repository().checkRuns[sha] ?? []

/** An outcome with so many failing tests, each on a line of its own. */
function failing(count: number): Outcome {
  const cases = Array.from({ length: count }, (_, i): TestCase => ({
    name: `case ${i}`,
    status: 'failed',
    file: 'a.test.js',
    line: i + 1,
    message: 'no',
  }))
  return outcome(
    [stage('test', [instance('test', [step('test/unit')])])],
    [{ stage: 'test', evidence: [testsEvidence(0, cases)] }],
    {},
  )
}

describe('a run on a pull request', () => {
  test('that passes makes one check and one comment, with five requests', async () => {
    const here = await at()
    const run = poster(here, green)
    expect(await run.whole(green)).toMatchObject([
      { effect: 'check', status: 'created' },
      { effect: 'comment', status: 'created' },
    ])
    expect(here.asked().sort()).toEqual([
      'GET issues/list-comments 200',
      'GET issues/list-comments 200',
      'PATCH checks/update 200',
      'POST checks/create 201',
      'POST issues/create-comment 201',
    ])
    expect(run.requests()).toBe(5)
    expect(checks(here)).toMatchObject([
      { status: 'completed', conclusion: 'success', external_id: expect.stringContaining('100') },
    ])
    expect(comments(here)[0]?.body).toContain(marker)
  })

  test('posts once, whether it is opened, pushed to or run again', async () => {
    const here = await at()
    await poster(here, green).whole(green)
    expect(posts(here.asked())).toEqual(['POST checks/create 201', 'POST issues/create-comment 201'])
    // Run again: the same run of GitHub's, a further attempt.
    const again = poster(here, green, { stamp: { id: 100, attempt: 2 } })
    expect(await again.whole(green)).toMatchObject([{ status: 'updated' }, { status: 'updated' }])
    expect(posts(here.asked())).toEqual([])
    // Pushed: another commit has a check of its own, and the comment stays.
    const repository = here.github.repository()
    const pushed = { ...here, sha: repository.branches['main']?.sha ?? '' }
    await poster(pushed, green, { stamp: { id: 101, attempt: 1 } }).whole(green)
    expect(posts(here.asked())).toEqual(['POST checks/create 201'])
    expect([checks(here).length, checks(pushed).length, comments(here).length]).toEqual([1, 1, 1])
    expect(comments(here)[0]?.body).toContain('<!-- wf-run:101:1 -->')
  })

  test('of an older commit does not overwrite what a newer one said', async () => {
    const here = await at()
    await poster(here, green, { stamp: { id: 200, attempt: 1 } }).whole(green)
    const late = poster(here, green, { stamp: { id: 150, attempt: 3 } })
    await late.whole(green)
    expect(comments(here)[0]?.body).toContain('<!-- wf-run:200:1 -->')
    expect(late.events()).toContainEqual({
      type: 'note',
      message: expect.stringContaining('a later run has commented'),
    })
  })

  test('tells how far it is while stages end, and no more often than every twenty seconds', async () => {
    const here = await at()
    const run = poster(here, green)
    const title = (): string => checks(here)[0]?.output.title ?? ''
    const [first = '', second = ''] = green.stages.map(({ id }) => id)
    run.sender.begin(planOf(green))
    await run.posted(1)
    expect(checks(here)).toMatchObject([{ status: 'in_progress' }])
    expect(title()).toBe(`0 of ${green.stages.length} stages`)
    await run.clock.advance(20_000)
    run.stageEnds(first)
    run.stageEnds(second)
    await run.posted(2)
    expect(title()).toBe(`1 of ${green.stages.length} stages`)
    await run.sender.end(green)
    expect(here.github.writes().filter(({ route }) => route === 'checks/update')).toHaveLength(2)
  })

  test('that began twice at once leaves one comment', async () => {
    const here = await at()
    here.github.fault({ route: 'GET /repos/org/repo/issues/7/comments', times: 2, answer: 'slow' })
    const both = [
      poster(here, green, { stamp: { id: 1, attempt: 1 } }),
      poster(here, green, { stamp: { id: 2, attempt: 1 } }),
    ]
    const done = both.map(async (one) => one.whole(green))
    await here.github.held(2)
    here.github.release()
    for (const posted of await Promise.all(done)) expect(posted.every(({ status }) => status === 'created')).toBe(true)
    expect(comments(here)).toHaveLength(1)
    expect(checks(here)).toHaveLength(2)
  })

  test.each([30, 31, 250])('finds its comment behind %s others', async (count) => {
    const others = Array.from({ length: count }, (_, i) => ({ body: `remark ${i}`, user: 'someone' }))
    const own = { body: `${marker}\nold`, user: bot, type: 'Bot' as const }
    const here = await at({ comments: { 7: [...others, own] } })
    await poster(here, green).whole(green)
    expect(comments(here)).toHaveLength(count + 1)
    expect(comments(here).at(-1)?.body).not.toContain('old')
  })

  test('leaves a comment with our marker alone that a stranger wrote', async () => {
    const here = await at({ comments: { 7: [{ body: `${marker}\nforged`, user: 'stranger' }] } })
    await poster(here, green).whole(green)
    expect(comments(here).map(({ user }) => user.login)).toEqual(['stranger', bot])
    expect(comments(here)[0]?.body).toContain('forged')
  })

  test('finds its comment under the name of another app or person', async () => {
    const body = `${marker}\nold`
    const here = await at(
      {
        comments: {
          7: [
            { body, user: 'stranger' },
            { body, user: 'our-app[bot]', type: 'Bot' },
          ],
        },
      },
      {
        tokens: {
          own: { login: 'our-app[bot]', permissions: { checks: 'write', pull_requests: 'write', contents: 'read' } },
        },
      },
    )
    await poster(here, green, { token: 'own' }).whole(green)
    expect(comments(here)).toHaveLength(2)
    expect(comments(here)[0]?.body).toBe(body)
    expect(comments(here)[1]?.body).not.toContain('old')
  })

  test('sends annotations by fifty, at most five hundred, and concludes with the last of them', async () => {
    const here = await at()
    const many = failing(10_000)
    const run = poster(here, many)
    await run.whole(many)
    expect(checks(here)[0]).toMatchObject({ status: 'completed', conclusion: 'failure' })
    expect(checks(here)[0]?.annotations).toHaveLength(500)
    // One request for every fifty, the first of which is the conclusion's own.
    expect(run.requests()).toBe(5 + 9)
  })

  test('that runs again says nothing twice below a line', async () => {
    const here = await at()
    const some = failing(120)
    await poster(here, some).whole(some)
    await poster(here, some, { stamp: { id: 100, attempt: 2 } }).whole(some)
    expect(checks(here)[0]?.annotations).toHaveLength(120)
  })
})

describe('findings', () => {
  test('go to code scanning where that is asked for, and a missing right is named', async () => {
    const sarif = { sha: '', ref: 'refs/pull/7/head' }
    const here = await at(
      {},
      { tokens: { may: { permissions: { security_events: 'write', checks: 'write', pull_requests: 'write' } } } },
    )
    const may = await poster(here, green, { token: 'may', sarif: { ...sarif, sha: here.sha } }).whole(green)
    expect(may.find(({ effect }) => effect === 'sarif')).toMatchObject({ status: 'created' })
    expect(here.github.repository().uploads).toHaveLength(1)
    const there = await at()
    const mayNot = await poster(there, green, {
      token: defaultTokens.reads,
      sarif: { ...sarif, sha: there.sha },
    }).whole(green)
    expect(mayNot.find(({ effect }) => effect === 'sarif')?.mend).toContain('security-events: write')
  })

  test('sends coverage to Codecov when it has ended, unless it was cancelled', async () => {
    const effect: Effect = {
      id: 'codecov',
      permission: '',
      look: async () => ({ ok: true, value: undefined }),
      make: async () => ({ ok: true, value: { id: '1', url: 'https://codecov.example/1' } }),
      change: async (remote) => ({ ok: true, value: remote }),
    }
    const codecov = { effect: async () => effect }
    const done = await poster(await at(), green, { codecov }).whole(green)
    expect(done).toContainEqual({ effect: 'codecov', status: 'created', url: 'https://codecov.example/1' })
    const cancelled = await poster(await at(), green, { codecov }).whole({ ...green, verdict: 'cancelled' })
    expect(cancelled.map((one) => one.effect)).not.toContain('codecov')
  })
})

describe('when GitHub does not do what it should, a run', () => {
  test.each([
    ['checks', 'check', 'checks: write'],
    ['pull_requests', 'comment', 'pull-requests: write'],
  ] as const)('without the right to %s names the permission, and posts the rest', async (right, effect, said) => {
    const all = { checks: 'write', pull_requests: 'write', contents: 'read' } as const
    const here = await at({}, { tokens: { poor: { permissions: { ...all, [right]: 'read' } } } })
    const posted = await poster(here, green, { token: 'poor' }).whole(green)
    const failed = posted.find((one) => one.effect === effect)
    expect(failed).toMatchObject({ status: 'failed', mend: `add \`${said}\` to the job's \`permissions:\`` })
    expect(posted.filter(({ status }) => status === 'created')).toHaveLength(1)
  })

  test('of a fork tells that the token only reads, and writes nothing', async () => {
    const here = await at()
    const posted = await poster(here, green, { token: defaultTokens.reads, foreign: true }).whole(green)
    expect(posted).toMatchObject([{ status: 'failed' }, { status: 'failed' }])
    for (const { mend } of posted) expect(mend).toContain('workflow_run')
    expect(here.github.writes()).toEqual([])
  })

  test.each([401, 404, 409, '403-permission'] as const)('answered %s says so and goes on', async (answer) => {
    const here = await at()
    here.github.fault({ answer })
    const posted = await poster(here, green).whole(green)
    expect(posted).toMatchObject([
      { effect: 'check', status: 'failed' },
      { effect: 'comment', status: 'failed' },
    ])
    for (const { reason } of posted) expect(reason).not.toBe('')
  })

  test.each([500, 502, 429, '403-secondary', '403-primary', 'reset', 'garbage'] as const)(
    'answered %s once gets through all the same, and posts once',
    async (answer) => {
      const here = await at()
      for (const route of [
        'GET .*/check-runs',
        'POST .*/check-runs',
        'PATCH .*/check-runs',
        'GET .*/comments',
        'POST .*/comments',
      ])
        here.github.fault({ route, times: 1, answer, retryAfter: 1 })
      await poster(here, green).whole(green)
      expect([checks(here).length, comments(here).length]).toEqual([1, 1])
      expect(checks(here)[0]).toMatchObject({ conclusion: 'success' })
    },
  )

  test('whose answer is lost after the work was done looks again and posts once', async () => {
    const here = await at()
    here.github.fault({ route: 'POST .*/check-runs', times: 1, answer: 'lost' })
    here.github.fault({ route: 'POST .*/comments', times: 1, answer: 'lost' })
    await poster(here, green).whole(green)
    expect([checks(here).length, comments(here).length]).toEqual([1, 1])
    expect(checks(here)[0]).toMatchObject({ conclusion: 'success' })
  })

  test('that is down says so, within bounds', async () => {
    const here = await at()
    here.github.fault({ answer: 500 })
    const run = poster(here, green)
    const posted = await run.whole(green)
    expect(posted).toMatchObject([{ status: 'failed', reason: expect.stringContaining('500') }, { status: 'failed' }])
    expect(run.requests()).toBeLessThan(20)
  })

  test('that asks to come back in an hour does not wait for it', async () => {
    const here = await at()
    here.github.fault({ answer: '403-secondary', retryAfter: 3600 })
    const posted = await poster(here, green).whole(green)
    for (const { reason } of posted) expect(reason).toContain('rate limit')
  })

  test('whose check was deleted by hand makes another', async () => {
    const here = await at()
    const run = poster(here, green)
    run.sender.begin(planOf(green))
    await here.written(1)
    here.github.repository().checkRuns[here.sha] = []
    await run.sender.end(green)
    expect(checks(here)).toMatchObject([{ conclusion: 'success' }])
  })

  test('that an earlier step of the job has posted is looked for', async () => {
    const here = await at()
    await poster(here, green).whole(green)
    await poster(here, green, { again: true }).whole(green)
    expect([checks(here).length, comments(here).length]).toEqual([1, 1])
  })

  test('that refuses annotations still concludes, and says how many', async () => {
    const here = await at()
    here.github.fault({ route: 'PATCH .*/check-runs', times: 1, answer: 422 })
    const some = failing(3)
    const run = poster(here, some)
    await run.whole(some)
    expect(checks(here)[0]).toMatchObject({ conclusion: 'failure', annotations: [] })
    expect(run.events()).toContainEqual({ type: 'note', message: 'GitHub did not take 3 of the annotations' })
  })

  test('that answers slowly until the job is cancelled is given up within seconds', async () => {
    const here = await at()
    here.github.fault({ answer: 'slow' })
    const run = poster(here, green)
    run.sender.begin(planOf(green))
    await here.github.held(1)
    run.cancel.abort()
    const ended = run.sender.end({ ...green, verdict: 'cancelled', reason: 'the run was cancelled' })
    await run.clock.advance(1200)
    await ended
    expect(run.published()).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('no time left') },
      { status: 'failed' },
    ])
  })
})

const posts = (asked: readonly string[]): string[] => asked.filter((one) => one.startsWith('POST')).sort()
