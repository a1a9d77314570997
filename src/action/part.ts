import { exitCodes } from '../base/errors.js'
import type { Prepared, RunOptions } from '../options.js'
import { partExitCode } from '../part.js'
import type { Plan } from '../plan/plan.js'
import type { Ports } from '../ports.js'
import type { Ran } from '../run.js'
import { escapeData } from '../publish/commands.js'
import { RunnerLog } from './log.js'
import { hand } from './tell.js'

/** Answers the stages that have something to run, so that only these get a job. */
export async function tellPlan(prepared: Prepared, options: RunOptions, ports: Ports): Promise<number> {
  const { plan, notes } = prepared
  const log = new RunnerLog(ports.terminal, false)
  const stages = plan.stages.filter(({ milestone, unaffected }) => !milestone && !unaffected).map(({ id }) => id)
  for (const note of notes) log.say(note)
  log.say(`wf: ${plan.workflow.name} / ${plan.target}: ${stages.join(', ') || 'nothing to run'}`)
  await hand({
    target: plan.target,
    stages: JSON.stringify(stages),
    ...(await rulesOf(prepared)),
    ...(await timingsFor(prepared, options, ports)),
  })
  return exitCodes.pass
}

async function rulesOf({ found }: Prepared): Promise<{ rules?: string }> {
  const { rulesText } = await import('../trigger/rules-text.js')
  const rules = await rulesText(found)
  return rules === undefined ? {} : { rules }
}

/** Answers that there is nothing to run. */
export const tellNothing = async (): Promise<void> => hand({ stages: '[]' })

/** What the instances of stages with shards split their test files by: by what each of them finds out they might differ. */
async function timingsFor(prepared: Prepared, options: RunOptions, ports: Ports): Promise<{ timings?: string }> {
  const { plan, workflow } = prepared
  if (!plan.stages.some(({ id, unaffected }) => !unaffected && workflow.stages.get(id)?.shard)) return {}
  const [{ findTimings }, { pastOf }, { timingsText }] = await Promise.all([
    import('../compare.js'),
    import('../run.js'),
    import('../history/timings-text.js'),
  ])
  const { signal } = new AbortController()
  return { timings: timingsText(await findTimings(prepared, pastOf(prepared, options), ports, signal)) }
}

/** As many jobs a matrix of GitHub may have. */
const mostInstances = 256

/** Answers the instances that the matrix of a stage gives now that all that it needs has ended; none where it does not run. */
export async function tellInstances({ outcome }: Ran, stage: string, { terminal }: Ports): Promise<number> {
  const known = outcome.stages.find(({ id }) => id === stage)
  // A matrix that cannot be used is told by the job that judges all.
  const all = known?.instances ?? []
  new RunnerLog(terminal, false).say(
    `wf: ${stage} has ${all.map(({ address }) => address).join(', ') || 'no instance'}`,
  )
  if (all.length > mostInstances) {
    const message = `the matrix of ${stage} has ${all.length} combinations; one with expressions has at most ${mostInstances} in a job on GitHub`
    terminal.out(`::error title=wf::${escapeData(message)}\n`)
    return exitCodes.fail
  }
  await hand({ instances: JSON.stringify(all.map(({ address, matrix }) => ({ ...matrix, instance: address }))) })
  return exitCodes.pass
}

/** Answers what later jobs know the hand-over by, and how the job ends: what did not run since it should not is no failure. */
export async function tellHandOver(
  { outcome, left }: Ran,
  { stages }: Plan,
  { log, say }: { log: RunnerLog; say: (text: string) => void },
): Promise<number> {
  const [own] = outcome.stages
  const whole = stages.find(({ id }) => id === own?.id)
  if (own && whole && (whole.dynamic !== undefined || whole.instances.length > 1))
    log.say(`what all instances of \`${own.id}\` found is judged together, by the last job of this run`)
  if (left && 'reason' in left) say(`what this job did cannot be handed over: ${left.reason}`)
  else if (left) await hand({ 'hand-over': left.name })
  return partExitCode(outcome, left)
}
