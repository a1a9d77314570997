import { error } from '../../base/diagnostic.js'
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Json } from '../../base/json.js'
import type { EventName } from '../../language/names.js'
import type { Input, Rule, Workflow } from '../../workflow/model.js'
import type { JsonMap } from './text.js'

/** So many inputs GitHub takes for a dispatch. */
const maxInputs = 25

/** What GitHub starts a pull request's workflow for when no types are written. */
export const changeTypes = ['opened', 'synchronize', 'reopened'] as const

/**
 * What starts the workflow on GitHub: of each event all that one of its rules may answer. Filters that cannot be joined start more; what
 * no rule answers ends in the job that plans. `own` are the lines that the user wrote for events that GitHub wants to know more of.
 */
export function triggersOf(workflow: Workflow, own: readonly string[]): { on: JsonMap; problems: Diagnostic[] } {
  const problems: Diagnostic[] = []
  const events = Object.entries(workflow.on) as [EventName, Rule[]][]
  if (!events.length && !own.length)
    problems.push(
      error('no-events', 'the file does not say which events start it', {
        hint: 'add `on: { pull_request: STAGE, push: { branches: [main], target: STAGE } }`',
      }),
    )
  const on: JsonMap = {}
  for (const [event, rules] of events) {
    const filters = filtersOf(event, rules, workflow, problems)
    if (filters !== undefined) on[event] = filters
    else if (!own.some((line) => RegExp(`^\\s*${event}:`).test(line))) problems.push(unfinished(event))
  }
  return { on, problems }
}

/** GitHub starts nothing for these without what a workflow file does not say. */
const unfinished = (event: EventName): Diagnostic => {
  const [what, line] =
    event === 'schedule'
      ? ['no rule of it has a `cron`', "schedule: [{ cron: '0 4 * * 1' }]"]
      : ['GitHub wants to know of which workflows', `${event}: { workflows: [ci], types: [completed] }`]
  return error('no-trigger', `\`${event}\` does not start the workflow: ${what}`, {
    level: 'warning',
    hint: `write \`${line}\` between \`# wf:own triggers\` and \`# wf:end\` in it, and run \`wf sync\` again`,
  })
}

function filtersOf(
  event: EventName,
  rules: readonly Rule[],
  workflow: Workflow,
  problems: Diagnostic[],
): Json | undefined {
  switch (event) {
    case 'schedule': {
      const crons = [...new Set(rules.flatMap(({ cron }) => cron ?? []))]
      return crons.length ? crons.map((cron) => ({ cron })) : undefined
    }
    case 'workflow_dispatch':
      return dispatchOf(workflow, problems)
    case 'workflow_run':
      return undefined
    case 'push':
      return pushOf(rules, problems)
    default:
      return { ...typesOf(event, rules), ...branchesOf(event, rules, problems) }
  }
}

/** The types that some rule answers; a rule without any answers what GitHub sends without a word, all others with it. */
function typesOf(event: EventName, rules: readonly Rule[]): JsonMap {
  const written = rules.flatMap(({ types }) => types ?? [])
  const isOpen = rules.some(({ types }) => types === undefined)
  const usual = event === 'pull_request' ? changeTypes : event === 'merge_group' ? ['checks_requested'] : []
  const types = [...new Set([...(isOpen ? usual : []), ...written])]
  // Without a word these two are started for no more than the usual types, every other event for all.
  if (isOpen && (event === 'merge_group' ? false : usual.length ? types.length === usual.length : true)) return {}
  return { types }
}

/** The types of pull requests beyond those of a change, such as a label; a run for one must not end a run for a change. */
export const hasOtherTypes = ({ on }: Workflow): boolean =>
  (on.pull_request ?? []).some(({ types }) => types?.some((type) => !changeTypes.some((usual) => usual === type)))

function branchesOf(event: EventName, rules: readonly Rule[], problems: Diagnostic[]): JsonMap {
  const all = rules.map(({ branches, branchesIgnore }) => ({ only: branches, ignore: branchesIgnore }))
  return keyed('branches', joined(all, event, problems))
}

/** A push of a tag is none to a branch: a rule that names only the one does not answer the other. */
function pushOf(rules: readonly Rule[], problems: Diagnostic[]): JsonMap {
  const branches = rules.map(({ branches: only, branchesIgnore: ignore }) => ({ only, ignore }))
  const tags = rules.map(({ tags: only, tagsIgnore: ignore }) => ({ only, ignore }))
  const speaks = ({ only, ignore }: Filter): boolean => only !== undefined || ignore !== undefined
  const isOpen = rules.some((_, i) => !speaks(branches[i] ?? {}) && !speaks(tags[i] ?? {}))
  if (isOpen) return {}
  const parts = [
    { key: 'branches', filters: branches.filter(speaks) },
    { key: 'tags', filters: tags.filter(speaks) },
  ] as const
  const found = parts.map(({ key, filters }) => ({
    key,
    filters,
    one: filters.length ? joined(filters, 'push', problems) : undefined,
  }))
  if (found.every(({ filters, one }) => filters.length > 0 && one === undefined)) return {}
  return Object.assign(
    {},
    ...found.map(({ key, filters, one }) => (filters.length ? keyed(key, one ?? { only: ['**'] }) : {})),
  ) as JsonMap
}

interface Filter {
  only?: string[] | undefined
  ignore?: string[] | undefined
}

const keyed = (key: 'branches' | 'tags', filter: Filter | undefined): JsonMap =>
  filter?.only ? { [key]: filter.only } : filter?.ignore ? { [`${key}-ignore`]: filter.ignore } : {}

/** One filter that lets in all that one of several lets in, and perhaps more; nothing where that is all. */
function joined(filters: readonly Filter[], event: EventName, problems: Diagnostic[]): Filter | undefined {
  const [first] = filters
  if (first && filters.every((filter) => JSON.stringify(filter) === JSON.stringify(first)))
    return first.only ? positive([first.only], event, problems) : first.ignore ? { ignore: first.ignore } : undefined
  if (filters.some(({ only }) => only === undefined)) return undefined
  return positive(
    filters.map(({ only }) => only ?? []),
    event,
    problems,
  )
}

/** `!` takes away from what stands before it, so of several lists it would take away from the others as well. */
function positive(lists: readonly string[][], event: EventName, problems: Diagnostic[]): Filter {
  const [first = []] = lists
  const patterns = lists.length === 1 ? first : [...new Set(lists.flat().filter((pattern) => !pattern.startsWith('!')))]
  if (patterns.every((pattern) => pattern.startsWith('!')))
    problems.push(
      error(
        'only-negative',
        `the patterns of \`${event}\` let nothing in: ${lists
          .flat()
          .map((p) => `\`${p}\``)
          .join(', ')}`,
        {
          hint: "`!` takes away from what stands before it: `['**', '!docs/**']`",
        },
      ),
    )
  return { only: patterns }
}

function dispatchOf({ inputs }: Workflow, problems: Diagnostic[]): JsonMap {
  const names = Object.keys(inputs)
  if (names.length > maxInputs)
    problems.push(
      error('inputs', `\`workflow_dispatch\` takes ${maxInputs} inputs on GitHub, and the file has ${names.length}`, {
        hint: 'join some of them, for instance to one text of JSON',
      }),
    )
  return names.length ? { inputs: Object.fromEntries(names.map((name) => [name, inputOf(inputs[name])])) } : {}
}

function inputOf(input: Input | undefined): JsonMap {
  if (!input) return {}
  const { type, description, required, options } = input
  return {
    // GitHub would look for an expression in it, and has no value to put there.
    ...(description === undefined ? {} : { description: description.replaceAll('${{', '$ {{') }),
    type,
    ...(required ? { required } : {}),
    ...(input.default === undefined ? {} : { default: input.default }),
    ...(options ? { options } : {}),
  }
}
