import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { triggersOf } from '../../../src/plan/sync/triggers.js'
import type { RunContext } from '../../../src/trigger/context.js'
import { matchesPatterns } from '../../../src/trigger/pattern.js'
import { targetOfEvent } from '../../../src/trigger/target.js'
import type { Rule, Workflow } from '../../../src/workflow/model.js'
import { workflow } from '../../support/workflows.js'

const stages = 'stages: { review: { steps: [{ run: x }] }, live: { steps: [{ run: x }] } }\n'
const triggers = async (text: string, own: string[] = []) => {
  const { on, problems } = triggersOf(await workflow(`${text}\n${stages}`), own)
  return { on, told: problems.map(({ level, message }) => `${level}: ${message}`) }
}

describe('what starts the workflow on GitHub', () => {
  test.each<[string, string, unknown]>([
    ['an event without a filter', 'on: { pull_request: review, push: review }', { pull_request: {}, push: {} }],
    ['a merge group asks for checks', 'on: { merge_group: review }', { merge_group: { types: ['checks_requested'] } }],
    [
      'tags alone start nothing for branches, and branches alone nothing for tags',
      'on: { push: { tags: [v*], target: live } }',
      { push: { tags: ['v*'] } },
    ],
    [
      'branches of one rule and tags of another',
      "on: { push: [{ branches: [develop], target: review }, { tags: ['v*', '!v0*'], target: live }] }",
      { push: { branches: ['develop'], tags: ['v*', '!v0*'] } },
    ],
    [
      'branches of several rules, where what one takes away would be taken from the other',
      "on: { push: [{ branches: [a/b], target: review }, { branches: ['a/**', '!a/b'], target: live }] }",
      { push: { branches: ['a/b', 'a/**'] } },
    ],
    [
      'a rule that ignores branches beside one that names some: every branch, and no tag',
      'on: { push: [{ branches: [a], target: review }, { branches-ignore: [b], target: live }] }',
      { push: { branches: ['**'] } },
    ],
    [
      'every branch beside some tags',
      'on: { push: [{ branches: [a], target: review }, { branches-ignore: [b], target: live }, { tags: [v1], target: live }] }',
      { push: { branches: ['**'], tags: ['v1'] } },
    ],
    [
      'a rule without a filter widens to everything',
      'on: { push: [{ tags: [v1], target: live }, { target: review }] }',
      { push: {} },
    ],
    [
      'the same list twice',
      'on: { push: [{ branches-ignore: [b], target: live }, { branches-ignore: [b], target: review }] }',
      { push: { 'branches-ignore': ['b'] } },
    ],
    [
      'types of one rule beside a rule that answers a change',
      'on: { pull_request: [{ types: [labeled], target: live }, { branches: [main], target: review }] }',
      { pull_request: { types: ['opened', 'synchronize', 'reopened', 'labeled'] } },
    ],
    ['types alone', 'on: { release: { types: [published], target: live } }', { release: { types: ['published'] } }],
    ['a comment of any type', 'on: { issue_comment: review }', { issue_comment: {} }],
    [
      'all lines of a schedule, each once',
      "on: { schedule: [{ cron: '0 4 * * 1', target: live }, { cron: '0 4 * * 1', target: review }, { cron: '0 5 * * 2', target: review }] }",
      { schedule: [{ cron: '0 4 * * 1' }, { cron: '0 5 * * 2' }] },
    ],
    [
      'a dispatch has the inputs of the file, by their types',
      "on: { workflow_dispatch: live }\ninputs: { v: { default: '1', description: 'a ${{ b }}' }, n: { type: number, default: 2 }, c: { options: [x], required: true }, b: { type: boolean } }",
      {
        workflow_dispatch: {
          inputs: {
            v: { description: 'a $ {{ b }}', type: 'string', default: '1' },
            n: { type: 'number', default: 2 },
            c: { type: 'choice', required: true, options: ['x'] },
            b: { type: 'boolean' },
          },
        },
      },
    ],
    ['a dispatch without inputs', 'on: { workflow_dispatch: live }', { workflow_dispatch: {} }],
  ])('%s', async (_, text, on) => {
    expect(await triggers(text)).toEqual({ on, told: [] })
  })

  test('more inputs than GitHub takes are a mistake', async () => {
    const inputs = Array.from({ length: 26 }, (_, i) => `i${i}: {}`).join(', ')
    const { told } = await triggers(`on: { workflow_dispatch: live }\ninputs: { ${inputs} }`)
    expect(told).toEqual(['error: `workflow_dispatch` takes 25 inputs on GitHub, and the file has 26'])
    expect((await triggers(`on: { push: live }\ninputs: { ${inputs} }`)).told).toEqual([])
  })

  test('a file that answers no event is a mistake, unless somebody wrote what starts it', async () => {
    expect((await triggers('')).told).toEqual(['error: the file does not say which events start it'])
    expect((await triggers('', ['  push:'])).told).toEqual([])
  })

  test('patterns that let nothing in are a mistake, as GitHub would refuse them', async () => {
    const { told } = await triggers("on: { push: { branches: ['!a'], target: live } }")
    expect(told).toEqual(['error: the patterns of `push` let nothing in: `!a`'])
  })

  test('what GitHub wants to know more of is told, until it is written by hand', async () => {
    const text = 'on: { schedule: live, workflow_run: live, push: live }'
    expect(await triggers(text)).toEqual({
      on: { push: {} },
      told: [
        'warning: `schedule` does not start the workflow: no rule of it has a `cron`',
        'warning: `workflow_run` does not start the workflow: GitHub wants to know of which workflows',
      ],
    })
    const own = ["  schedule: [{ cron: '0 4 * * 1' }]", '  workflow_run: { workflows: [ci] }']
    expect((await triggers(text, own)).told).toEqual([])
  })
})

const names = ['a', 'b', 'a/b', 'a/b/c', 'v1', 'main']
const patterns = fc.array(fc.constantFrom('a', 'b', 'a/*', 'a/**', '**', '!a/b', '!b', 'v*', 'main'), {
  minLength: 1,
  maxLength: 3,
})
const some = fc.option(patterns, { nil: undefined })
const rule = (keys: readonly (keyof Rule)[]): fc.Arbitrary<Rule> =>
  fc.record({ branches: some, branchesIgnore: some, tags: some, tagsIgnore: some }).map((all) => ({
    target: 'live',
    ...Object.fromEntries(Object.entries(all).filter(([key, value]) => value && keys.some((one) => one === key))),
  }))

/** Whether GitHub would start a workflow with these filters, for a branch or a tag. */
function starts(filters: Record<string, string[]>, kind: 'branches' | 'tags', name: string): boolean {
  const [only, ignore] = [filters[kind], filters[`${kind}-ignore`]]
  if (only) return matchesPatterns(only, name)
  if (ignore) return !matchesPatterns(ignore, name)
  const other = kind === 'branches' ? 'tags' : 'branches'
  return filters[other] === undefined && filters[`${other}-ignore`] === undefined
}

test('whatever a rule answers starts the workflow, and what no rule can answer of branches and tags does not', () => {
  const keys = ['branches', 'branchesIgnore', 'tags', 'tagsIgnore'] as const
  fc.assert(
    fc.property(fc.array(rule(keys), { minLength: 1, maxLength: 3 }), (push) => {
      const made = { on: { push }, inputs: {} } as unknown as Workflow
      const { on, problems } = triggersOf(made, [])
      fc.pre(!problems.length)
      const filters = on['push'] as Record<string, string[]>
      for (const kind of ['branches', 'tags'] as const)
        for (const name of names) {
          const ref = `refs/${kind === 'tags' ? 'tags' : 'heads'}/${name}`
          const context = { event: 'push', ref, payload: {}, action: null } as unknown as RunContext
          if (targetOfEvent(made, context) !== undefined)
            expect([name, starts(filters, kind, name)]).toEqual([name, true])
        }
      const speak = (kind: 'branches' | 'tags'): boolean =>
        push.some(
          (one) =>
            Boolean(one[kind] ?? one[`${kind}Ignore`]) ||
            (!one.branches && !one.branchesIgnore && !one.tags && !one.tagsIgnore),
        )
      for (const kind of ['branches', 'tags'] as const)
        if (!speak(kind)) expect(names.filter((name) => starts(filters, kind, name))).toEqual([])
    }),
    { numRuns: 500 },
  )
})
