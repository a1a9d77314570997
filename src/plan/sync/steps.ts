import type { Json } from '../../base/json.js'
import type { Stage, Workflow } from '../../workflow/model.js'
import type { Action, Actions } from './actions.js'
import type { JsonMap } from './text.js'

/** Where what other jobs handed over is looked for, and where a job leaves what it hands over. */
const arrived = '${{ runner.temp }}/wf/arrived'
const leaving = '${{ runner.temp }}/wf/hand-over'

/** GitHub lets a run be repeated for 30 days, and a job that is repeated needs the journals of those that are not. */
const journalDays = 30
/** Files may be large, and their days are paid for; without them a stage and what it needs run again. */
const filesDays = 7

/** What all jobs of a workflow have in common. */
export interface Common {
  actions: Actions
  /** The inputs of the action that every job gives. */
  inputs: JsonMap
}

/** The commit of the run, and no credentials that a step could take. */
const checkout = ({ actions }: Common): JsonMap => ({
  uses: actions.checkout.uses,
  with: { 'persist-credentials': false },
})

const download = ({ actions }: Common, pattern: string): JsonMap => ({
  uses: actions.download.uses,
  with: { pattern, path: arrived },
})

const ours = (uses: Action, inputs: JsonMap): JsonMap => ({ id: 'wf', uses: uses.uses, with: inputs })

const part = (common: Common, name: string, more: JsonMap = {}): JsonMap =>
  ours(common.actions.wf, { part: name, ...common.inputs, ...more })

/** The steps of the job that plans. */
export const planSteps = (common: Common): Json[] => [checkout(common), part(common, 'plan')]

/** The steps of the job that asks for the combinations of a stage. */
export const matrixSteps = (common: Common, stage: string, needsOthers: boolean): Json[] => [
  checkout(common),
  ...(needsOthers ? [download(common, 'wf-journal-*')] : []),
  part(common, 'matrix', { instance: stage }),
]

/** The steps of the last job. */
export const verdictSteps = (common: Common): Json[] => [
  checkout(common),
  download(common, 'wf-journal-*'),
  part(common, 'verdict', { jobs: '${{ toJSON(needs) }}' }),
]

/** What a job of a stage is given, beside the stage. */
export interface Given {
  /** The address, or the expression for it. */
  instance: string
  /** Whether a job of a stage comes before. */
  needsOthers: boolean
  /** The stages before that hand files over. */
  files: readonly string[]
  secrets: readonly string[]
}

/** The steps of a job that runs one instance of a stage. */
export function instanceSteps(common: Common, stage: Stage, { instance, needsOthers, files, secrets }: Given): Json[] {
  const pattern = files.length === 1 ? `wf-files-${files[0] ?? ''}-*` : `wf-files-{${files.join(',')}}-*`
  return [
    checkout(common),
    ...stage.job.setup,
    ...(needsOthers ? [download(common, 'wf-journal-*')] : []),
    ...(files.length ? [download(common, pattern)] : []),
    part(common, 'instance', { instance, ...(secrets.length ? { secrets: secretsText(secrets) } : {}) }),
    upload(common, 'journal', {
      if: "${{ always() && steps.wf.outputs.hand-over != '' }}",
      with: { 'if-no-files-found': 'error', 'include-hidden-files': true, 'retention-days': journalDays },
    }),
    ...(stage.artifacts.length
      ? [
          upload(common, 'files', {
            with: {
              // There are none where the stage was skipped.
              'if-no-files-found': 'ignore',
              'include-hidden-files': true,
              'retention-days': filesDays,
              'compression-level': 1,
            },
          }),
        ]
      : []),
  ]
}

/** What a job leaves, under a name that no other job and no other attempt has. */
const upload = ({ actions }: Common, kind: 'journal' | 'files', step: { if?: string; with: JsonMap }): JsonMap => ({
  uses: actions.upload.uses,
  ...step,
  with: {
    name: `wf-${kind}-\${{ steps.wf.outputs.hand-over }}-\${{ github.run_attempt }}`,
    path: `${leaving}/${kind}/`,
    ...step.with,
  },
})

/** The secrets as JSON, each by name, so that a job has none that its steps do not name. */
const secretsText = (names: readonly string[]): string =>
  `{ ${names.map((name) => `"${name}": \${{ toJSON(secrets.${name}) }}`).join(', ')} }`

/** The secrets that a stage's steps name, and those that the store of its cache asks for. */
export function secretsOf({ cache }: Workflow, { steps, finally: last }: Stage): string[] {
  const all = [...steps, ...last]
  const named = all.flatMap(({ secrets }) => secrets)
  if (cache.store === 'off' || !all.some((step) => step.cache)) return [...new Set(named)]
  const keys = [cache.sign, cache.encrypt].flatMap((name) => name ?? [])
  const store = { s3: awsNames, redis: [cache.redis?.password ?? 'REDIS_PASSWORD'] }
  const asked = cache.store === 's3' || cache.store === 'redis' ? store[cache.store] : []
  return [...new Set([...named, ...keys, ...asked])]
}

const awsNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
