import type { Json } from '../../base/json.js'
import type { Stage, Workflow } from '../../workflow/model.js'
import type { Action, Actions } from './actions.js'
import { planJob } from './names.js'
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
  /** Whether a stage runs only for some changes. */
  hasPaths: boolean
}

/** The commit of the run, and no credentials that a step could take; its whole history where asked for. */
const checkout = ({ actions }: Common, whole = false): JsonMap => ({
  uses: actions.checkout.uses,
  with: { 'persist-credentials': false, ...(whole ? { 'fetch-depth': 0 } : {}) },
})

const download = ({ actions }: Common, pattern: string): JsonMap => ({
  uses: actions.download.uses,
  with: { pattern, path: arrived },
})

const ours = (uses: Action, inputs: JsonMap): JsonMap => ({ id: 'wf', uses: uses.uses, with: inputs })

/** A part after the job that plans, which is given what that job found out: nobody asks for it again, and all say the same. */
const part = (common: Common, name: string, more: JsonMap): JsonMap =>
  ours(common.actions.wf, {
    part: name,
    ...common.inputs,
    ...more,
    ...(common.hasPaths ? { stages: planOutput('stages') } : {}),
    rules: planOutput('rules'),
  })

const planOutput = (name: string): string => `\${{ needs.${planJob}.outputs.${name} }}`

/** The steps of the job that plans; what a change touches is told by the history, which a job without credentials cannot fetch later. */
export const planSteps = (common: Common): Json[] => [
  checkout(common, common.hasPaths),
  ours(common.actions.wf, { part: 'plan', ...common.inputs }),
]

/** What the job that plans answers. */
export const planOutputs = (hasShards: boolean): JsonMap =>
  Object.fromEntries(
    ['stages', 'rules', ...(hasShards ? ['timings'] : [])].map((name) => [name, `\${{ steps.wf.outputs.${name} }}`]),
  )

/** The steps of the job that asks for the combinations of a stage; `before`: the stages whose journals it needs. */
export const matrixSteps = (
  common: Common,
  stage: string,
  { before, files }: Pick<Given, 'before' | 'files'>,
): Json[] => [checkout(common), ...downloads(common, { before, files }), part(common, 'matrix', { instance: stage })]

/** What the stages before left: their journals, and the files of those that hand some over. */
const downloads = (common: Common, { before, files }: Pick<Given, 'before' | 'files'>): Json[] => [
  ...(before.length ? [download(common, patternOf('journal', before))] : []),
  ...(files.length ? [download(common, patternOf('files', files))] : []),
]

/** The steps of the last job. */
export const verdictSteps = (common: Common): Json[] => [
  checkout(common),
  download(common, 'wf-journal-*'),
  part(common, 'verdict', { jobs: '${{ toJSON(needs) }}' }),
]

/** The artifacts of some stages; of very many all that there are. */
function patternOf(kind: 'journal' | 'files', stages: readonly string[]): string {
  const names = stages.length === 1 ? stages[0] : `{${stages.join(',')}}`
  // Behind the name of the stage there are eight characters for the instance: other stages may begin with it.
  return stages.length > mostNamed ? `wf-${kind}-*` : `wf-${kind}-${names}-????????-*`
}

const mostNamed = 100

/** What a job of a stage is given, beside the stage. */
export interface Given {
  /** The address, or the expression for it. */
  instance: string
  /** The stages before it that have jobs, and those of them that hand files over. */
  before: readonly string[]
  files: readonly string[]
  secrets: readonly string[]
}

/** The steps of a job that runs one instance of a stage. */
export function instanceSteps(common: Common, stage: Stage, { instance, before, files, secrets }: Given): Json[] {
  return [
    checkout(common),
    ...stage.job.setup,
    ...downloads(common, { before, files }),
    part(common, 'instance', {
      instance,
      ...(stage.shard ? { timings: planOutput('timings') } : {}),
      ...(secrets.length ? { secrets: secretsText(secrets) } : {}),
    }),
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
