import { describe, expect, test } from '@jest/globals'
import { assert as holds, array, constantFrom, property } from 'fast-check'
import type { Json } from '../../src/base/json.js'
import type { EventName } from '../../src/language/names.js'
import { matchesPatterns } from '../../src/trigger/pattern.js'
import { prepare } from '../../src/prepare.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { dispatchedInputs, readInputs } from '../../src/trigger/inputs.js'
import { withBase } from '../support/base.js'
import { MemoryFiles } from '../support/files.js'
import { ScriptedGit } from '../support/git.js'
import { fakePorts } from '../support/ports.js'
import { payloads, tagPush } from './payloads.js'

describe('filter patterns', () => {
  test.each<[string, string[], string[]]>([
    ['feature/*', ['feature/a', 'feature/a-b'], ['feature/a/b', 'feature', 'x/feature/a']],
    ['feature/**', ['feature/a', 'feature/a/b'], ['feature']],
    ['main', ['main'], ['main2', 'mai', 'Main']],
    ['**', ['a', 'a/b/c'], []],
    ['*', ['a', 'v1.2'], ['a/b']],
    ['**feature', ['feature', 'my-feature', 'x/feature'], ['features']],
    ['v2*', ['v2', 'v2.0', 'v2.9-rc'], ['v3', 'v2/x']],
    ['v[12].[0-9]+.[0-9]+', ['v1.10.1', 'v2.0.0'], ['v3.0.0', 'v1.a.0', 'v1..0']],
    ['releases/v?1', ['releases/1', 'releases/v1'], ['releases/vv1']],
    ['[CB]at', ['Cat', 'Bat'], ['Rat', 'at']],
    ['[1-2]00', ['100', '200'], ['300']],
    ['a\\*b', ['a*b'], ['aXb']],
    ['a.b', ['a.b'], ['aXb']],
    ['x(y|z)', ['x(y|z)'], ['xy']],
    ['[abc', ['[abc'], ['a']],
    ['+1', ['+1'], ['1']],
    ['日本/*', ['日本/語'], ['日/語']],
    ['', [''], ['a']],
  ])('%j', (pattern, matching, others) => {
    expect(matching.filter((name) => !matchesPatterns([pattern], name))).toEqual([])
    expect(others.filter((name) => matchesPatterns([pattern], name))).toEqual([])
  })

  test('the last one that matches decides, `!` takes away', () => {
    const patterns = ['releases/**', '!releases/**-alpha', 'releases/10-alpha']
    expect(
      ['releases/10', 'releases/beta/1', 'releases/11-alpha', 'releases/10-alpha', 'x'].map((n) =>
        matchesPatterns(patterns, n),
      ),
    ).toEqual([true, true, false, true, false])
    expect(matchesPatterns(['!main'], 'develop')).toBe(false)
  })

  test('never hang, and never throw', () => {
    expect(matchesPatterns(['*a*a*a*a*a*a*a*a*a*a*a*b'], 'a'.repeat(250))).toBe(false)
    expect(matchesPatterns([`${'**a+'.repeat(40)}b`], 'a'.repeat(250))).toBe(false)
    const piece = constantFrom('*', '**', '?', '+', '[', ']', '!', '\\', '-', '/', 'a', '.')
    holds(
      property(array(piece), array(piece), (pattern, name) => {
        matchesPatterns([pattern.join('')], name.join(''))
      }),
    )
  })
})

const stages =
  'stages: { review: { steps: [{ run: a }] }, staging: { needs: review }, production: { needs: review }, nightly: { needs: review } }\n'
const head = `version: 1
name: t
on:
  pull_request: [{ target: production, branches: ['release/**'], types: [opened] }, { target: review, branches-ignore: ['wip/**'] }]
  merge_group: review
  push: [{ branches: [develop], target: staging }, { tags: ['v*'], tags-ignore: ['v0*'], target: production }, { branches: ['**'], branches-ignore: [gh-pages], target: review }]
  schedule: [{ cron: '0 4 * * 1', target: nightly }, { cron: '0 5 * * *', target: review }]
  release: { target: production, types: [published] }
  workflow_run: { target: staging, branches: [develop] }
  issue_comment: review
`

const targetOf = async (
  name: EventName,
  more: { [key: string]: Json } = {},
  asked?: string,
): Promise<string | undefined> => {
  const files = new MemoryFiles({ '/repo/.github/wf.yml': head + stages })
  const git = withBase(new ScriptedGit().on(/^(status|config)/, { code: 128 }), head + stages)
  const ports = fakePorts({ files, git })
  const event = { name, payload: { ...payloads[name], ...more } }
  const prepared = await prepare({ folder: '/repo', event, ...(asked === undefined ? {} : { target: asked }) }, ports)
  return prepared.ok ? prepared.value.plan.target : prepared.problems[0]?.message
}
const pull = (ref: string, action = 'opened') => ({
  action,
  pull_request: { ...(payloads.pull_request['pull_request'] as { [key: string]: Json }), base: { ref, sha: 'b' } },
})

describe('the target of an event', () => {
  test('is that of the first rule that matches', async () => {
    expect(await targetOf('push')).toBe('staging')
    expect(await targetOf('push', { ref: 'refs/heads/anything/else' })).toBe('review')
    expect(await targetOf('push', { ref: 'refs/tags/v1.0' })).toBe('production')
    expect(await targetOf('push', tagPush)).toBe('production')
    expect(await targetOf('pull_request')).toBe('review')
    expect(await targetOf('pull_request', pull('release/1'))).toBe('production')
    expect(await targetOf('pull_request', pull('release/1', 'labeled'))).toBe('review')
    expect(await targetOf('merge_group')).toBe('review')
    expect(await targetOf('schedule')).toBe('nightly')
    expect(await targetOf('schedule', { schedule: '0 5 * * *' })).toBe('review')
    expect(await targetOf('release')).toBe('production')
    expect(await targetOf('workflow_run')).toBe('staging')
    expect(await targetOf('issue_comment')).toBe('review')
  })

  test('is none when no rule answers: that is said', async () => {
    const none = 'the workflow does not answer this event:'
    expect(await targetOf('push', { ref: 'refs/tags/v0.9' })).toBe(`${none} \`push\` of refs/tags/v0.9`)
    expect(await targetOf('push', { ref: 'refs/heads/gh-pages' })).toBe(`${none} \`push\` of refs/heads/gh-pages`)
    expect(await targetOf('pull_request', pull('wip/x'))).toBe(`${none} \`pull_request\` of refs/pull/7/merge`)
    expect(await targetOf('schedule', { schedule: '1 1 1 1 1' })).toMatch(none)
    expect(await targetOf('release', { action: 'edited' })).toMatch(none)
    expect(await targetOf('repository_dispatch')).toMatch(none)
  })

  test('gives way to the one that was asked for', async () => {
    expect(await targetOf('repository_dispatch', {}, 'staging')).toBe('staging')
    expect(await targetOf('push', {}, 'stagng')).toBe('there is no stage `stagng` to walk to')
  })
})

describe('inputs', () => {
  const read = async (given: Record<string, string>, payload?: { [key: string]: Json }) => {
    const loaded = await loadWorkflow(
      'wf.yml',
      `version: 1
name: t
inputs:
  text: {}
  count: { type: number, default: 2 }
  flag: { type: boolean }
  level: { type: choice, options: [low, high], required: true }
stages: { t: { steps: [{ run: a }] } }
`,
    )
    if (!loaded.ok) throw new Error(loaded.problems[0]?.message)
    const context = { event: 'workflow_dispatch' as const, payload: { inputs: payload ?? {} } }
    const all = { ...dispatchedInputs(loaded.workflow, context as never), ...given }
    const values = readInputs(loaded.workflow, all)
    return values.ok ? values.value : values.problems.map(({ message, hint }) => `${message}; ${hint ?? ''}`)
  }

  test('are typed, with defaults', async () => {
    expect(await read({ level: 'low' })).toEqual({ text: '', count: 2, flag: false, level: 'low' })
    expect(await read({ level: 'high', count: '-1.5', flag: 'true', text: 'x=y' })).toEqual({
      text: 'x=y',
      count: -1.5,
      flag: true,
      level: 'high',
    })
  })

  test('tell everything that is wrong with them at once', async () => {
    expect(await read({ count: 'many', flag: 'yes', levle: 'low' })).toEqual([
      'there is no input `levle`; did you mean `level`?',
      'the input `count` cannot be `many`; it is a number',
      'the input `flag` cannot be `yes`; it is `true` or `false`',
      'the input `level` is required; give it: --input level=…',
    ])
    expect(await read({ level: 'middle' })).toEqual([
      'the input `level` cannot be `middle`; it is one of `low`, `high`',
    ])
  })

  test('of a dispatch count, and arguments win', async () => {
    const dispatched = { level: 'high', count: '7', flag: true, other: 'x', text: null }
    expect(await read({}, dispatched)).toEqual({ text: '', count: 7, flag: true, level: 'high' })
    expect(await read({ count: '8' }, dispatched)).toMatchObject({ count: 8 })
  })
})

test('what an event tells by itself is not asked of git', async () => {
  const files = new MemoryFiles({ '/repo/.github/wf.yml': head + stages })
  const git = withBase(new ScriptedGit().on(/^(status|config)/, { code: 128 }), head + stages)
  const own = payloads.pull_request
  const payload = { ...own, sender: { login: 'octo' }, repository: { full_name: 'org/repo' } }
  const event = { name: 'pull_request' as const, payload }
  const prepared = await prepare({ folder: '/repo', event }, fakePorts({ files, git }))
  expect(prepared.ok && prepared.value.context).toMatchObject({ actor: 'octo', repository: 'org/repo' })
  const asked = git.asked.map(({ args }) => args.join(' '))
  expect(asked.filter((command) => /^config|--revs-only/.test(command))).toEqual([])
})
