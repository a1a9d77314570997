import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../../src/base/json.js'
import { perform } from '../../../src/effects/effect.js'
import type { GitHubAnswer } from '../../../src/ports.js'
import { commitEffect } from '../../../src/publish/send/commit-fixes.js'
import type { FixCommit } from '../../../src/publish/send/commit-fixes.js'
import { Suggestions, shownLines } from '../../../src/publish/send/suggest.js'
import { Redactor } from '../../../src/base/redact.js'
import { openRun } from '../../../src/journal/open.js'
import { fakePorts } from '../../support/ports.js'

const journal = () => openRun('/runs', fakePorts(), new Redactor()).journal
const ok = (data: Json): GitHubAnswer => ({ ok: true, status: 200, data })
const lost: GitHubAnswer = { ok: false, kind: 'network', message: 'the connection was lost' }

describe('suggestions on a pull request', () => {
  const wanted = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      path: 'a',
      first: i + 1,
      last: i + 1,
      lines: ['x'],
      digest: String(i).padStart(32, '0'),
    }))
  const marked = (digest: string, login: string): Json => ({
    id: 1,
    pull_request_review_id: 5,
    body: `<!-- wf-fix:${digest} -->`,
    html_url: 'https://x',
    user: { login },
  })

  /** A GitHub with these comments; `made` gets the bodies of reviews. */
  function hub(comments: Json[], answer: () => GitHubAnswer = () => ok({ id: 6, html_url: 'https://y' })) {
    const made: { comments: Json[] }[] = []
    const ask = async (route: string, parameters: { [key: string]: unknown }): Promise<GitHubAnswer> => {
      if (route.startsWith('GET')) return ok(comments)
      if (route === 'POST /graphql') return ok({ data: { viewer: { login: 'github-actions[bot]' } } })
      made.push(parameters as never)
      return answer()
    }
    return { ask, made }
  }
  const place = { number: 7, sha: 'a'.repeat(40), steps: ['q/lint'] }

  test('are thirty at most in a review, and the rest is told', async () => {
    const { ask, made } = hub([])
    const all = new Suggestions(ask, place, wanted(40))
    expect(await perform(all.effect(), journal(), { foreign: false })).toMatchObject({ ok: true, value: { id: '6' } })
    expect(made.map(({ comments }) => comments.length)).toEqual([30])
    expect([all.made.length, all.tooMany.length]).toEqual([30, 10])
  })

  test('are made although a stranger has copied their mark', async () => {
    const [digest = ''] = wanted(1).map((one) => one.digest)
    const { ask, made } = hub([marked(digest, 'stranger')])
    await perform(new Suggestions(ask, place, wanted(1)).effect(), journal(), { foreign: false })
    expect(made).toHaveLength(1)
  })

  test('are found again where the answer was lost, and not made twice', async () => {
    const comments: Json[] = []
    const { ask, made } = hub(comments, () => {
      comments.push(...wanted(2).map(({ digest }) => marked(digest, 'github-actions[bot]')))
      return lost
    })
    const all = new Suggestions(ask, place, wanted(2))
    expect(await perform(all.effect(), journal(), { foreign: false })).toMatchObject({ ok: true, value: { id: '5' } })
    expect([made.length, all.made.length, all.standing.length]).toEqual([1, 2, 0])
  })

  test('stand where the diff shows lines of the head', async () => {
    const patch = '@@ -1,2 +3,4 @@ x\n a\n@@ -9 +12 @@\n-a\n+b'
    const shown = await shownLines(async () => ok([{ filename: 'a', patch }, { filename: 'big' }]), 7)
    expect(shown.ok && [...shown.value]).toEqual([
      [
        'a',
        [
          [3, 6],
          [12, 12],
        ],
      ],
      ['big', []],
    ])
  })

  test.each(['\r', '\u2028'])('are not led elsewhere by what stands in a line after %j', async (end) => {
    const patch = `@@ -1 +1 @@\n-a\n+b${end}@@ -1 +1,9999 @@`
    const shown = await shownLines(async () => ok([{ filename: 'a', patch }]), 7)
    expect(shown.ok && [...shown.value]).toEqual([['a', [[1, 1]]]])
  })
})

describe('a commit of fixes', () => {
  const [sha, made] = ['a'.repeat(40), 'b'.repeat(40)]
  const fix: FixCommit = {
    branch: 'topic',
    sha,
    steps: ['q/lint'],
    message: 'style: x\n\nWf-Fixes: q/lint\n',
    files: [{ path: 'a', mode: '100644', content: { text: 'x' } }],
  }

  /** A GitHub whose branch moves as the request to move it says, unless that is turned away. */
  function hub(moving: () => GitHubAnswer | 'other') {
    let tip = sha
    const asked: string[] = []
    const ask = async (route: string): Promise<GitHubAnswer> => {
      asked.push(route.replace('/repos/{owner}/{repo}/', ''))
      if (route.includes('git/ref/')) return ok({ object: { sha: tip } })
      if (route.startsWith('GET'))
        return ok({
          sha: tip,
          message: tip === made ? fix.message : 'feat: x',
          tree: { sha },
          parents: [{ sha }],
          html_url: 'https://c',
        })
      if (!route.startsWith('PATCH')) return ok({ sha: made, html_url: 'https://c' })
      const answer = moving()
      tip = answer === 'other' ? 'c'.repeat(40) : made
      return answer === 'other'
        ? { ok: false, kind: 'refused', status: 422, message: 'Update is not a fast forward' }
        : answer
    }
    return { ask, asked }
  }

  test('is found again where the answer was lost, and not made twice', async () => {
    const { ask, asked } = hub(() => lost)
    expect(await perform(commitEffect(ask, fix), journal(), { foreign: false })).toEqual({
      ok: true,
      value: { id: made, url: 'https://c' },
    })
    expect(asked.filter((route) => route === 'POST git/commits')).toHaveLength(1)
  })

  test('loses to a push that was faster, and says so', async () => {
    const { ask } = hub(() => 'other')
    const effect = commitEffect(ask, fix)
    const answer = await perform(effect, journal(), { foreign: false })
    expect(answer.ok ? undefined : effect.explain?.(answer)).toEqual({
      reason: 'the branch `topic` has moved since: nothing was pushed',
    })
  })

  test('is not made by steps that undo the fixes of one another by turns', async () => {
    const commits = new Map([
      [sha, { message: 'style: y\n\nWf-Fixes: q/format\n', parents: [{ sha: made }] }],
      [made, { message: fix.message, parents: [{ sha: 'c'.repeat(40) }] }],
    ])
    const asked: string[] = []
    const effect = commitEffect(async (route, { commit_sha: name }) => {
      asked.push(route)
      if (route.includes('git/ref/')) return ok({ object: { sha } })
      return ok(commits.get(String(name)) ?? { message: 'feat: x', parents: [] })
    }, fix)
    const answer = await perform(effect, journal(), { foreign: false })
    expect(answer.ok ? undefined : effect.explain?.(answer).reason).toBe(
      'this commit already follows upon fixes of q/lint, which change it again: they do not converge',
    )
    expect(asked.filter((route) => !route.startsWith('GET'))).toEqual([])
  })
})
