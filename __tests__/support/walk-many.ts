import type { JournalEvent } from '../../src/journal/events.js'
import { buildPlan } from '../../src/plan/build.js'
import type { Plan } from '../../src/plan/plan.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { expressionsOf } from '../../src/workflow/expression/template.js'
import type { Workflow } from '../../src/workflow/model.js'
import { walk, workflowOf } from './walk.js'
import type { Packs, Walk, Walked } from './walk.js'

/** What became of a run that several jobs shared, as GitHub would walk the jobs that `wf sync` writes. */
export interface WalkedMany {
  verdict: Walked
  /** By instance, the job that ran it. */
  jobs: Map<string, Walked>
  results: Record<string, string>
}

/** How jobs differ from what they should be. */
export interface Mishaps {
  /** Instances whose jobs are lost: they hand nothing over, and end so. */
  lost?: Readonly<Record<string, 'failure' | 'cancelled' | 'success'>>
  /** Changes what arrives at the last job. */
  arriving?: (packs: Packs) => Packs | Promise<Packs>
}

/** Walks a workflow by one job an instance and a last one that judges, each with a file system of its own. */
export async function walkMany(
  text: string,
  options: Walk = {},
  { lost = {}, arriving }: Mishaps = {},
): Promise<WalkedMany> {
  const { workflow, plan } = await planOf(text, options.target)
  const packs: Record<string, Uint8Array> = {}
  const jobs = new Map<string, Walked>()
  const results: Record<string, string> = {}
  for (const { id, milestone, needs, instances, dynamic } of plan.stages) {
    if (milestone) continue
    const before = jobsBefore(plan, needs)
    if (
      !isMeant(workflow, id) &&
      before.some((job) => ['failure', 'cancelled', 'skipped'].includes(results[job] ?? ''))
    ) {
      results[id] = 'skipped'
      continue
    }
    const addresses = dynamic
      ? instancesFound(await walk(text, { ...options, part: { part: 'matrix', of: id, packs } }), id)
      : instances.map(({ address }) => address)
    const codes: string[] = []
    const handed: Record<string, Uint8Array> = {}
    for (const address of addresses) {
      const fate = lost[address]
      if (fate !== undefined) {
        codes.push(fate)
        continue
      }
      const job = await walk(text, { ...options, part: { part: 'instance', of: address, packs } })
      jobs.set(address, job)
      codes.push(job.exit === 0 ? 'success' : 'failure')
      Object.assign(handed, job.left)
    }
    Object.assign(packs, handed)
    results[id] = ['failure', 'cancelled'].find((one) => codes.includes(one)) ?? 'success'
  }
  const arrived = arriving ? await arriving(packs) : packs
  const verdict = await walk(text, { ...options, part: { part: 'verdict', packs: arrived, jobs: results } })
  return { verdict, jobs, results }
}

export async function planOf(text: string, target?: string): Promise<{ workflow: Workflow; plan: Plan }> {
  const loaded = await loadWorkflow('.github/wf.yml', workflowOf(text))
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'))
  const plan = buildPlan(loaded.workflow, target)
  if (!plan.ok) throw new Error(plan.problems.map(({ message }) => message).join('\n'))
  return { workflow: loaded.workflow, plan: plan.value }
}

/** A stage whose condition asks for a status gets its job whatever came before. */
const isMeant = ({ stages }: Workflow, id: string): boolean => {
  const condition = stages.get(id)?.if
  return condition !== undefined && expressionsOf(condition).some(({ asksStatus }) => asksStatus)
}

/** The stages with jobs that stages need, through milestones. */
function jobsBefore({ stages }: Plan, needs: readonly string[]): string[] {
  return needs.flatMap((need) => {
    const stage = stages.find(({ id }) => id === need)
    return stage?.milestone ? jobsBefore({ stages } as Plan, stage.needs) : [need]
  })
}

const instancesFound = ({ events }: Walked, id: string): string[] =>
  events.flatMap((event: JournalEvent) =>
    event.type === 'stage.planned' && event.stage === id ? event.instances.map(({ address }) => address) : [],
  )
