import { stageOf } from './base/address.js'
import { join } from 'node:path'
import { namesOf } from './change-file.js'
import { touchedFiles } from './history/touched.js'
import type { Start } from './history/start.js'
import type { RunOptions } from './options.js'
import { planForChange, planOfStages } from './plan/affected.js'
import type { Plan } from './plan/plan.js'
import type { Ports } from './ports.js'
import type { Workflow } from './workflow/model.js'

/** The plan in which the stages that the change does not affect have nothing to run, and what is to be said of it. */
export async function planOfChange(
  plan: Plan,
  { workflow, start }: { workflow: Workflow; start: Start },
  options: RunOptions,
  ports: Ports,
): Promise<{ plan: Plan; notes: string[] }> {
  if (options.stages) return { plan: planOfStages(plan, workflow, options.stages), notes: [] }
  const { folder, event } = options
  const { files } = ports
  const { paths, gone } = namesOf(options, files)
  return planForChange(plan, workflow, await touchedFiles({ folder, event, start }, ports), {
    workflowFiles: gone === undefined ? paths : [...paths, gone],
    named: namedIn(options),
    isGuess: event === undefined && options.base === undefined,
    isThere: (path) => files.stat(join(folder, path)) !== undefined,
  })
}

/** The stage that somebody at a keyboard asks for; a run that goes on from another has the target of that. */
function namedIn({ event, target, resume }: RunOptions): string | undefined {
  if (event) return undefined
  const address = resume ? (resume.from ?? resume.only) : target
  return address === undefined ? undefined : stageOf(address)
}
