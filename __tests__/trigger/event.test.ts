import { describe, expect, test } from '@jest/globals'
import type { EventName } from '../../src/language/names.js'
import { eventNames } from '../../src/language/names.js'
import type { RunContext } from '../../src/trigger/context.js'
import { contextOfEvent, detectEvent } from '../../src/trigger/event.js'
import { deletion, payloads, tagPush } from './payloads.js'

const local: RunContext = {
  event: 'local',
  payload: {},
  sha: 'e'.repeat(40),
  merged: 'e'.repeat(40),
  ref: 'refs/heads/local',
  base: 'f'.repeat(40),
  headRef: null,
  baseRef: null,
  actor: 'me',
  repository: 'me/clone',
  action: null,
  dirty: true,
  pullRequest: null,
  foreign: false,
}
const [a, b, e, f] = ['a'.repeat(40), 'b'.repeat(40), 'e'.repeat(40), 'f'.repeat(40)]

describe('an event payload', () => {
  test.each(eventNames)('of %s is known by its members', (name) => {
    expect(detectEvent(payloads[name])).toBe(name)
  })

  test('of nothing that is known is told', () => {
    expect(detectEvent({ action: 'starred', repository: {} })).toBeUndefined()
    expect(detectEvent({})).toBeUndefined()
  })

  test.each<[EventName, Partial<RunContext>]>([
    [
      'pull_request',
      { sha: a, base: b, ref: 'refs/pull/7/merge', headRef: 'feature/x', baseRef: 'main', action: 'synchronize' },
    ],
    [
      'merge_group',
      {
        sha: a,
        base: b,
        ref: `refs/heads/gh-readonly-queue/main/pr-7-${b}`,
        headRef: null,
        baseRef: 'main',
        action: 'checks_requested',
      },
    ],
    ['push', { sha: a, base: b, ref: 'refs/heads/develop', headRef: null, baseRef: null, action: null }],
    ['schedule', { sha: e, base: f, ref: 'refs/heads/local', actor: 'me', action: null }],
    ['workflow_dispatch', { sha: e, ref: 'refs/heads/main', action: null }],
    ['issue_comment', { sha: e, ref: 'refs/heads/local', action: 'created' }],
    ['repository_dispatch', { sha: e, ref: 'refs/heads/main', action: 'deploy' }],
    ['workflow_run', { sha: a, ref: 'refs/heads/develop', action: 'completed' }],
    ['release', { sha: e, ref: 'refs/tags/v1.2.0', action: 'published' }],
  ])('of %s becomes the context; what it does not say comes from git', (name, expected) => {
    const context = contextOfEvent({ name, payload: payloads[name] }, local)
    expect(context).toMatchObject({ actor: 'octo', ...expected, event: name, repository: 'org/shop', dirty: true })
    expect(context.payload).toBe(payloads[name])
  })

  test('of a pull request names the commit that GitHub merged, its number, and whether a stranger wrote it', () => {
    const at = { sha: f, ref: 'refs/pull/7/merge' }
    const own = contextOfEvent({ name: 'pull_request', payload: payloads.pull_request, ...at }, local)
    expect(own).toMatchObject({ sha: a, merged: f, pullRequest: 7 })
    const head = { sha: a, ref: 'x', repo: { full_name: 'stranger/shop' } }
    const fork = { ...payloads.pull_request, pull_request: { head, base: { sha: b, ref: 'main' } } }
    expect(contextOfEvent({ name: 'pull_request', payload: fork }, local)).toMatchObject({ foreign: true })
    const same = { ...fork, pull_request: { ...fork.pull_request, head: { ...head, repo: { full_name: 'org/shop' } } } }
    expect(contextOfEvent({ name: 'pull_request', payload: same }, local)).toMatchObject({ foreign: false })
    const robot = { ...same, sender: { login: 'dependabot[bot]' } }
    expect(contextOfEvent({ name: 'pull_request', payload: robot }, local)).toMatchObject({ foreign: true })
  })

  test('of a tag or a deleted branch has no commit where there are zeros', () => {
    expect(contextOfEvent({ name: 'push', payload: tagPush }, local)).toMatchObject({
      sha: a,
      base: f,
      ref: 'refs/tags/v1.2.0',
    })
    expect(contextOfEvent({ name: 'push', payload: deletion }, local)).toMatchObject({ sha: e, base: b })
  })

  test('of any shape breaks nothing', () => {
    for (const name of eventNames)
      for (const payload of [{}, { pull_request: 5, merge_group: [], release: null, ref: 7, number: '7' }])
        expect(contextOfEvent({ name, payload }, local)).toMatchObject({ event: name, sha: e, repository: 'me/clone' })
  })
})
