import { sha256 } from '../../base/hash.js'
import type { Stage } from '../../workflow/model.js'
import { planInstances } from '../build.js'
import type { PlannedInstance } from '../plan.js'

/** The first job and the last one. */
export const planJob = 'wf-plan'
export const verdictJob = 'wf-verdict'

/** So many jobs of one matrix GitHub runs. */
const maxMatrix = 256
/** An id on GitHub is shorter than 100 characters. */
const longest = 90

/** The jobs that a stage becomes. */
export interface StageJobs {
  stage: Stage
  /** The job that asks for the combinations of a matrix with expressions. */
  matrix?: string
  /** One job, or several where its matrix is larger than GitHub's; `instances` is empty where they are known only in the run. */
  jobs: { id: string; instances: PlannedInstance[] }[]
}

/**
 * The jobs of stages with steps. A job is called as its stage; where GitHub, to which upper and lower case are one, would have two of a
 * name, the later one takes another, and the same one each time.
 */
export function nameJobs(stages: readonly Stage[]): StageJobs[] {
  const taken = new Set([planJob, verdictJob])
  const claim = (wanted: string): string => {
    let name = wanted.length > longest ? `${wanted.slice(0, longest - 9)}-${sha256(wanted).slice(0, 8)}` : wanted
    while (taken.has(name.toLowerCase())) name += '_'
    taken.add(name.toLowerCase())
    return name
  }
  const all = stages.map((stage) => ({ stage, parts: parts(planInstances(stage, stage.matrix)) }))
  const plain = new Map(all.filter(({ parts }) => parts.length < 2).map(({ stage }) => [stage, claim(stage.id)]))
  return all.map(({ stage, parts }) => ({
    stage,
    ...(stage.dynamic === undefined ? {} : { matrix: claim(`${stage.id}-matrix`) }),
    jobs: parts.map((instances, i) => ({ id: plain.get(stage) ?? claim(`${stage.id}-${i + 1}`), instances })),
  }))
}

function parts(instances: PlannedInstance[]): PlannedInstance[][] {
  const count = Math.max(1, Math.ceil(instances.length / maxMatrix))
  return Array.from({ length: count }, (_, i) => instances.slice(i * maxMatrix, (i + 1) * maxMatrix))
}
