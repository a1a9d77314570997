import type { PlannedStage } from '../plan/plan.js'
import type { JournalLine } from './events.js'

/** The stages of a run with the instances that it planned, before it began or when the stage did. */
export function foldStages(lines: readonly JournalLine[]): PlannedStage[] {
  const start = lines.find(({ event }) => event.type === 'run.started')?.event
  const later = new Map(
    lines.flatMap(({ event }) => (event.type === 'stage.planned' ? [[event.stage, event.instances] as const] : [])),
  )
  const stages = start?.type === 'run.started' ? start.plan.stages : []
  return stages.map((stage) => ({ ...stage, instances: later.get(stage.id) ?? stage.instances }))
}
