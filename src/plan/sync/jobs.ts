import { error } from '../../base/diagnostic.js'
import type { Diagnostic } from '../../base/diagnostic.js'
import { ancestors } from '../../workflow/graph.js'
import type { Stage, Workflow } from '../../workflow/model.js'
import { graphOf, pathTo } from '../../workflow/path.js'
import type { PlannedInstance } from '../plan.js'
import { jobCondition } from './condition.js'
import { nameJobs, planJob, verdictJob } from './names.js'
import type { StageJobs } from './names.js'
import { instanceSteps, matrixSteps, planOutputs, planSteps, secretsOf, verdictSteps } from './steps.js'
import type { Common } from './steps.js'
import type { JsonMap } from './text.js'

const runner = 'ubuntu-latest'
/** What a job needs beside its stage: to check out, to fetch and hand over. */
const extraMinutes = 10

/** The jobs on the paths of all events: one that plans, those of the stages with steps, one that judges. */
export function jobsOf(workflow: Workflow, common: Common): { jobs: JsonMap; problems: Diagnostic[] } {
  const targets = new Set(Object.values(workflow.on).flatMap((rules) => rules.map(({ target }) => target)))
  const reached = new Set([...targets].flatMap((target) => [...pathTo(workflow, target)]))
  const stages = [...workflow.stages.values()].filter(({ id, steps }) => reached.has(id) && steps.length > 0)
  const named = nameJobs(stages)
  const sight: Sight = { workflow, common, jobs: new Map(named.map((one) => [one.stage.id, one])) }
  const plan: JsonMap = {
    name: 'plan',
    'runs-on': runner,
    permissions: { contents: 'read' },
    outputs: planOutputs(stages.some(({ shard }) => shard)),
    steps: planSteps(common),
  }
  const ids = named.flatMap(({ jobs }) => jobs.map(({ id }) => id))
  const all = named.map((one) => stageJobs(one, sight))
  const jobs = { [planJob]: plan, ...Object.assign({}, ...all), [verdictJob]: verdict(ids, sight) } as JsonMap
  return { jobs, problems: stages.flatMap(takenName) }
}

interface Sight {
  workflow: Workflow
  common: Common
  /** By the stage's id. */
  jobs: ReadonlyMap<string, StageJobs>
}

/** The name under which a job of a matrix finds which instance it is. */
const instanceKey = 'instance'

const takenName = (stage: Stage): Diagnostic[] =>
  stage.matrix.some((cells) => Object.keys(cells).some((key) => key.toLowerCase() === instanceKey))
    ? [
        error('taken-name', `the matrix of \`${stage.id}\` has a dimension \`${instanceKey}\``, {
          place: stage.place(),
          hint: 'call it something else: in a job on GitHub `matrix.instance` is the address of the instance',
        }),
      ]
    : []

function stageJobs({ stage, matrix, jobs }: StageJobs, sight: Sight): JsonMap {
  const before = jobsBefore(stage, sight)
  const start = { needs: [planJob, ...before], when: jobCondition(stage, planJob) }
  const made = jobs.map(({ id, instances }, i): [string, JsonMap] => {
    const part = jobs.length > 1 ? ` ${i + 1} of ${jobs.length}` : ''
    return [id, stageJob(stage, { ...start, instances, matrix, name: `${stage.name ?? stage.id}${part}` }, sight)]
  })
  if (matrix === undefined) return Object.fromEntries(made)
  const asking: JsonMap = {
    name: `${stage.name ?? stage.id}: matrix`,
    needs: start.needs,
    if: `\${{ ${start.when} }}`,
    'runs-on': runner,
    permissions: { contents: 'read' },
    outputs: { instances: '${{ steps.wf.outputs.instances }}' },
    steps: matrixSteps(sight.common, stage.id, takenBy(stage, sight)),
  }
  return { [matrix]: asking, ...Object.fromEntries(made) }
}

interface Start {
  name: string
  needs: string[]
  when: string
  instances: PlannedInstance[]
  /** The job that knows the instances. */
  matrix: string | undefined
}

function stageJob(stage: Stage, { name, needs, when, instances, matrix }: Start, sight: Sight): JsonMap {
  const { job, timeout } = stage
  const [only] = instances
  const isSingle = matrix === undefined && instances.length === 1 && Object.keys(only?.matrix ?? {}).length === 0
  const rows = matrix === undefined ? instances.map(row) : `\${{ fromJSON(needs.${matrix}.outputs.instances) }}`
  const there = matrix === undefined ? '' : ` && needs.${matrix}.outputs.instances != '[]'`
  return {
    name,
    needs: [...needs, ...(matrix === undefined ? [] : [matrix])],
    if: `\${{ ${when}${there} }}`,
    ...(isSingle ? {} : { strategy: { 'fail-fast': false, matrix: { include: rows } } }),
    'runs-on': job.runsOn ?? runner,
    permissions: { contents: 'read', ...job.permissions },
    ...(job.environment === undefined ? {} : { environment: job.environment }),
    ...(job.concurrency === undefined ? {} : { concurrency: job.concurrency }),
    ...(job.container === undefined ? {} : { container: job.container }),
    ...(job.services === undefined ? {} : { services: job.services }),
    ...(timeout === undefined ? {} : { 'timeout-minutes': Math.ceil(timeout / 60_000) + extraMinutes }),
    steps: instanceSteps(sight.common, stage, {
      instance: isSingle ? (only?.address ?? stage.id) : '${{ matrix.instance }}',
      ...takenBy(stage, sight),
      secrets: secretsOf(sight.workflow, stage),
    }),
  }
}

/** The stages with jobs of their own that a stage needs, directly or not, and those of them that hand files over. */
function takenBy(stage: Stage, { workflow, jobs }: Sight): { before: string[]; files: string[] } {
  const needed = ancestors(graphOf(workflow), [stage.id])
  const before = [...jobs.keys()].filter((id) => needed.has(id))
  return { before, files: before.filter((id) => jobs.get(id)?.stage.artifacts.length) }
}

const row = ({ address, matrix }: PlannedInstance): JsonMap => ({ [instanceKey]: address, ...matrix })

/** The jobs of the stages that a stage needs; a milestone has none, and stands for those that it needs. */
function jobsBefore(stage: Stage, sight: Sight): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const visit = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const own = sight.jobs.get(id)
    if (own) for (const job of own.jobs) found.add(job.id)
    else sight.workflow.stages.get(id)?.needs.forEach(visit)
  }
  stage.needs.forEach(visit)
  return [...found]
}

/** It waits for all jobs, however they end, and none of the change's code runs in it: only here the token may write. */
function verdict(ids: readonly string[], { workflow, common }: Sight): JsonMap {
  return {
    name: 'verdict',
    needs: [planJob, ...ids],
    if: '${{ always() }}',
    'runs-on': runner,
    permissions: {
      contents: workflow.history.store === 'branch' ? 'write' : 'read',
      checks: 'write',
      ...(workflow.on.pull_request ? { 'pull-requests': 'write' } : {}),
    },
    steps: verdictSteps(common),
  }
}
