import { unusedWaivers } from '../gates/waivers.js'
import type { Engine } from './engine.js'

/** Writes down which waivers nothing matches, where every stage has run that could have found something. */
export function tellUnused({ workflow, plan, results, journal }: Engine): void {
  if (plan.stages.some(({ unaffected }) => unaffected)) return
  const stages = [...workflow.stages.values()].filter(({ steps }) => steps.length > 0)
  const all = stages.map(({ id }) => results.get(id))
  if (!all.every((result) => result?.status === 'success' || result?.status === 'failure')) return
  const evidence = all.flatMap((result) => result?.instances ?? []).flatMap((instance) => instance.evidence)
  for (const message of unusedWaivers(workflow.waivers, evidence)) journal.append({ type: 'note', message })
}
