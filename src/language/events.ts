import type { Static } from 'typebox'
import { byType, listOf, named, object, oneOrMany, optional, pattern, text } from './define.js'
import type { EventName } from './names.js'

const target = pattern(
  '^[A-Za-z_][A-Za-z0-9_-]*$',
  'a target is the name of a stage',
  'The stage to walk to: it runs, and all that it needs.',
)
const filter = (what: string) =>
  optional(
    named(
      'filter',
      oneOrMany(
        `GitHub's filter patterns for ${what}; \`!\` excludes.`,
        text('A filter pattern.', { 'x-example': 'releases/**' }),
      ),
    ),
  )

const filters = {
  branches: filter('branches (of a pull request and a merge group: the base branch)'),
  'branches-ignore': filter('branches to leave out'),
  tags: filter('tags'),
  'tags-ignore': filter('tags to leave out'),
  types: optional(oneOrMany("The event's activity types, such as `opened`.", text('An activity type.'))),
  cron: optional(text('The line of the schedule that this rule answers.', { 'x-example': '0 4 * * 1' })),
}

/** Which filters mean something for which event. */
export const eventFilters: Record<EventName, readonly (keyof typeof filters)[]> = {
  pull_request: ['branches', 'branches-ignore', 'types'],
  merge_group: ['branches', 'branches-ignore', 'types'],
  push: ['branches', 'branches-ignore', 'tags', 'tags-ignore'],
  schedule: ['cron'],
  workflow_dispatch: [],
  issue_comment: ['types'],
  repository_dispatch: ['types'],
  workflow_run: ['branches', 'branches-ignore', 'types'],
  release: ['types'],
}

const rule = (event: EventName) => {
  const allowed = Object.fromEntries(eventFilters[event].map((key) => [key, filters[key]])) as Partial<typeof filters>
  return named(`rule-${event}`, object('When it applies, and how far to walk.', { target, ...allowed }))
}

const event = (name: EventName) =>
  optional(
    byType(`How far \`${name}\` walks: a target, a rule, or a list of rules of which the first that matches wins.`, {
      string: target,
      object: rule(name),
      array: listOf('The first rule that matches wins.', rule(name), 1),
    }),
  )

export const on = object(
  'Which events start a run, and to which target each walks.',
  {
    pull_request: event('pull_request'),
    merge_group: event('merge_group'),
    push: event('push'),
    schedule: event('schedule'),
    workflow_dispatch: event('workflow_dispatch'),
    issue_comment: event('issue_comment'),
    repository_dispatch: event('repository_dispatch'),
    workflow_run: event('workflow_run'),
    release: event('release'),
  },
  { 'x-say': 'say how far each event walks: `on: { pull_request: STAGE, push: { branches: [main], target: STAGE } }`' },
)

export type OnFile = Static<typeof on>
/** One rule after reading: every filter is a list. */
export interface RuleFile {
  target: string
  branches?: string | string[]
  'branches-ignore'?: string | string[]
  tags?: string | string[]
  'tags-ignore'?: string | string[]
  types?: string | string[]
  cron?: string
}
