import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../../src/base/json.js'
import { codecovPlace } from '../../../src/publish/send/codecov-place.js'
import { contextOfEvent } from '../../../src/trigger/event.js'
import type { Event } from '../../../src/trigger/event.js'
import type { RunContext } from '../../../src/trigger/context.js'

const [head, merge] = ['b'.repeat(40), 'c'.repeat(40)]
const local: RunContext = {
  event: 'local',
  payload: {},
  sha: null,
  merged: null,
  ref: null,
  base: null,
  headRef: null,
  baseRef: null,
  actor: null,
  repository: null,
  action: null,
  dirty: false,
  pullRequest: null,
  foreign: false,
}
const repository = { full_name: 'org/repo' }
const from = (full_name: string | null): { [key: string]: Json } => ({
  repository,
  number: 7,
  pull_request: {
    head: { sha: head, ref: 'main', user: { login: 'mallory' }, repo: full_name === null ? null : { full_name } },
    base: { sha: 'd'.repeat(40), ref: 'main' },
  },
})
const placeOf = (event: Omit<Event, 'name'> & { name: Event['name'] }, site = 'https://github.com') =>
  codecovPlace(contextOfEvent(event, local), { site, build: undefined, job: 'shop' })

describe('Codecov is told', () => {
  test('the head of a pull request, not the merge commit that was tested', () => {
    const event = { name: 'pull_request', payload: from('org/repo'), sha: merge, ref: 'refs/pull/7/merge' } as const
    expect(placeOf(event)).toEqual({
      service: 'github',
      repository: 'org/repo',
      sha: head,
      branch: 'main',
      pullRequest: 7,
      build: null,
      job: 'shop',
    })
  })

  test.each([
    ['mallory/repo', 'mallory:main'],
    [null, 'mallory:main'],
  ])('whose branch it is, where the pull request comes from %j', (name, branch) => {
    expect(placeOf({ name: 'pull_request', payload: from(name) })?.branch).toBe(branch)
  })

  test.each([
    ['refs/heads/feature/x', 'feature/x'],
    ['refs/tags/v1', null],
    ['refs/heads/gh-readonly-queue/release/2/pr-7-abc', 'release/2'],
  ])('of a push to %s the branch %j', (ref, branch) => {
    expect(placeOf({ name: 'push', payload: { repository, ref, after: head } })?.branch).toBe(branch)
  })

  test('which GitHub it is', () => {
    const push = { name: 'push', payload: { repository, ref: 'refs/heads/main', after: head } } as const
    expect(placeOf(push, 'https://github.corp.example')?.service).toBe('github_enterprise')
  })

  test('nothing of a run without a commit', () => {
    expect(placeOf({ name: 'schedule', payload: { repository } })).toBeUndefined()
  })
})
