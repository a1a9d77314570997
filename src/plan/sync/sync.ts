import { error } from '../../base/diagnostic.js'
import type { Diagnostic } from '../../base/diagnostic.js'
import { canonicalJson } from '../../base/json.js'
import type { Json } from '../../base/json.js'
import { ok } from '../../base/result.js'
import type { Result } from '../../base/result.js'
import { parseSource } from '../../workflow/source.js'
import type { Workflow } from '../../workflow/model.js'
import { actionsOf, isPinned } from './actions.js'
import type { Action, Actions } from './actions.js'
import { jobsOf } from './jobs.js'
import { layoutOf, placeOf } from './layout.js'
import { sealed } from './own.js'
import type { Existing, OwnName } from './own.js'
import { isMap, yamlText } from './text.js'
import type { JsonMap } from './text.js'
import { hasOtherTypes, triggersOf } from './triggers.js'

/** What a synced workflow is made of, beside the workflow file. */
export interface SyncFrom {
  /** The path of the GitHub workflow, from the repository's folder. */
  path: string
  /** What lies there. */
  existing?: Existing | undefined
  /** Ours, where the user says which. */
  action?: Action | undefined
  /** The inputs that every job gives to the action: where the workflow file is, if not where it usually is. */
  inputs: JsonMap
}

/** A workflow of GitHub's that walks the paths of the file in many jobs. */
export interface Synced {
  text: string
  /** How many jobs it has. */
  jobs: number
  warnings: Diagnostic[]
}

/** Writes the workflow of many jobs. What GitHub could not run, or would not start, is told. */
export function syncWorkflow(workflow: Workflow, from: SyncFrom): Result<Synced, Diagnostic> {
  const own = from.existing?.own ?? new Map<OwnName, readonly string[]>()
  const actions = actionsOf(from.existing?.text ?? '', from.action)
  const { data, problems } = workflowData(workflow, actions, from)
  const write = (parts: Existing['own']): string => yamlText(data, layoutOf(actions, parts))
  const text = sealed(workflow.path.replaceAll('\\', '/'), write(new Map()), write(own))
  if (own.size) problems.push(...whatOwnPartsSpoil(from.path, text, data))
  if (Buffer.byteLength(text) > maxBytes) problems.push(tooLarge(Buffer.byteLength(text)))
  if (problems.some(({ level }) => level === 'error')) return { ok: false, problems }
  if (!isPinned(actions.wf)) problems.push(unpinned(actions.wf))
  return ok({ text, jobs: Object.keys(data['jobs'] as JsonMap).length, warnings: problems })
}

/** GitHub starts nothing for a larger workflow, and says so nowhere (docs.github.com, Actions limits). */
const maxBytes = 500 * 1024

const tooLarge = (bytes: number): Diagnostic =>
  error(
    'too-large',
    `the workflow has ${Math.ceil(bytes / 1024)} KB, and GitHub starts none of more than ${maxBytes / 1024}`,
    {
      hint: 'make instances of one stage out of stages that are alike, or two workflow files out of this one',
    },
  )

/** The workflow as data, without own parts. */
export function workflowData(
  workflow: Workflow,
  actions: Actions,
  { path, existing, inputs }: Omit<SyncFrom, 'action'>,
): { data: JsonMap; problems: Diagnostic[] } {
  const triggers = triggersOf(workflow, existing?.own.get('triggers') ?? [])
  const hasPaths = [...workflow.stages.values()].some(({ paths }) => paths.length > 0)
  const made = jobsOf(workflow, { actions, inputs, hasPaths })
  const data: JsonMap = {
    name: workflow.name,
    on: triggers.on,
    permissions: {},
    concurrency: concurrencyOf(workflow, path),
    jobs: made.jobs,
  }
  const stageNames = Object.fromEntries([...workflow.stages.keys()].map((id) => [id, null]))
  return { data, problems: [...triggers.problems, ...made.problems, ...twins(data), ...twins(stageNames, ['stages'])] }
}

/** Own parts are lines as they are: with them the workflow must still be YAML, and say all that it says without them. */
function whatOwnPartsSpoil(path: string, text: string, data: JsonMap): Diagnostic[] {
  const parsed = parseSource(path, text)
  if (!parsed.ok) return parsed.problems
  const other = firstChange(data, parsed.value.value() as Json)
  return other === undefined
    ? []
    : [
        error('own-part', `with the parts of yours \`${other.join('.')}\` is not what \`wf sync\` writes`, {
          place: parsed.value.place(other),
          hint: 'indent their lines as those of the same place',
        }),
      ]
}

/** Where something that was made reads otherwise, or where something stands that belongs to no own part. */
function firstChange(made: Json, read: Json, path: readonly (string | number)[] = []): (string | number)[] | undefined {
  const alike = (isMap(made) && isMap(read)) || (Array.isArray(made) && Array.isArray(read))
  if (!alike) return canonicalJson(made) === canonicalJson(read) ? undefined : [...path]
  const [before, after] = [made, read].map((value) => new Map(Object.entries(value)))
  const extra = placeOf(path) === undefined ? [...(after?.keys() ?? [])].find((key) => !before?.has(key)) : undefined
  if (extra !== undefined) return [...path, extra]
  for (const [key, value] of before ?? []) {
    const change = firstChange(value, after?.get(key) ?? null, [...path, key])
    if (change) return change
  }
  return undefined
}

const unpinned = ({ uses }: Action): Diagnostic =>
  error('unpinned', `\`${uses}\` may be other code tomorrow`, {
    level: 'warning',
    hint: 'name the commit of its release once: `wf sync --action "OWNER/NAME@COMMIT # VERSION"`; it stays',
  })

/**
 * A new push to a pull request ends what is judged of the one before. Every other run has a name of its own: GitHub would drop all but one
 * of those that wait for the same name.
 */
function concurrencyOf(workflow: Workflow, path: string): JsonMap {
  const name = path.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  if (!workflow.on.pull_request) return { group: `${name}-\${{ github.run_id }}`, 'cancel-in-progress': false }
  const change = hasOtherTypes(workflow) ? "format('{0}-{1}', github.ref, github.event.action)" : 'github.ref'
  return {
    group: `${name}-\${{ github.event_name == 'pull_request' && ${change} || github.run_id }}`,
    'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
  }
}

/** Names that differ in upper and lower case alone are one to GitHub. */
function twins(data: Json, path: readonly string[] = []): Diagnostic[] {
  if (data === null || typeof data !== 'object') return []
  if (Array.isArray(data)) return data.flatMap((item) => twins(item, path))
  const first = new Map<string, string>()
  return Object.entries(data).flatMap(([key, value]) => {
    const other = first.get(key.toLowerCase())
    first.set(key.toLowerCase(), other ?? key)
    const inside = twins(value, [...path, key])
    return other === undefined ? inside : [twin(other, key, path), ...inside]
  })
}

const twin = (one: string, other: string, path: readonly string[]): Diagnostic =>
  error('same-name', `\`${one}\` and \`${other}\` are one name to GitHub, under \`${path.join('.')}\``, {
    hint: 'give one of them another name',
  })
