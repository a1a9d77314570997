import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../../src/base/json.js'
import type { GitHub } from '../../../src/ports.js'
import { Comment } from '../../../src/publish/send/comment.js'

const marker = '<!-- wf:.github/wf.yml:shop -->'

/** A GitHub whose list of comments is empty at first; then it holds what stands in `later`. */
function answering(made: Json, later: Json[]) {
  const asked: string[] = []
  let lists = 0
  const github: GitHub = {
    repository: 'org/repo',
    requests: 0,
    request: async (route) => {
      asked.push(route.split(' ')[0] ?? '')
      if (route.startsWith('GET')) return { ok: true, status: 200, data: lists++ === 0 ? [] : later }
      return { ok: true, status: 201, data: route.startsWith('POST') ? made : { id: 1 } }
    },
  }
  const place = { number: 7, marker, stamp: { id: 5, attempt: 1 } }
  const effect = new Comment(github, place, () => new AbortController().signal).effect('hello')
  return { effect, asked }
}

describe('a comment that was just made', () => {
  test('is made although GitHub tells a time that is none', async () => {
    const { effect } = answering({ id: 9, created_at: 'yesterday' }, [])
    await effect.look()
    expect(await effect.make()).toEqual({ ok: true, value: { id: '9', url: null } })
  })

  const first = (run: number): Json => ({
    id: 1,
    body: `${marker}\n<!-- wf-run:${run}:1 -->`,
    user: { login: 'github-actions[bot]' },
  })

  test('goes where another run made one at the same time, which then says what this run says', async () => {
    const { effect, asked } = answering({ id: 9 }, [first(4)])
    await effect.look()
    await effect.make()
    expect(asked).toEqual(['GET', 'POST', 'GET', 'DELETE', 'PATCH'])
  })

  test('leaves what a later run made at the same time as it is', async () => {
    const { effect, asked } = answering({ id: 9 }, [first(6)])
    await effect.look()
    await effect.make()
    expect(asked).toEqual(['GET', 'POST', 'GET', 'DELETE'])
  })
})
