import { gateDefaults, gateNames } from '../language/names.js'
import { ancestors } from '../workflow/graph.js'
import type { GateSettings, Stage } from '../workflow/model.js'
import type { Engine } from './engine.js'

/** The milestones of this run that come after a stage: their gates judge its evidence too. */
function milestonesAfter(engine: Engine, stage: Stage): Stage[] {
  const graph = new Map([...engine.workflow.stages].map(([id, s]) => [id, s.needs]))
  return engine.plan.stages.flatMap((planned) => {
    const later = engine.workflow.stages.get(planned.id)
    return planned.milestone && later && ancestors(graph, [later.id]).has(stage.id) ? [later] : []
  })
}

/** Which gates judge what a stage finds: its own, those of milestones after it, and those that judge always. */
export function gatesOver(engine: Engine, stage: Stage): ReadonlySet<string> {
  const all = [stage, ...milestonesAfter(engine, stage)]
  const inForce = gateNames.filter((gate) => {
    const written = all.flatMap((s) => s.gates[gate] ?? [])
    return written.length ? written.some((setting) => !setting.off) : gateDefaults[gate].always
  })
  return new Set(inForce)
}

/** A stage's own settings and the targets there are; a gate that judges always is left to the milestone that writes it. */
export function settingsOf(engine: Engine, stage: Stage): { settings: GateSettings; targets: ReadonlySet<string> } {
  const settings: GateSettings = { ...stage.gates }
  for (const gate of gateNames)
    if (!settings[gate] && gateDefaults[gate].always && milestonesAfter(engine, stage).some((s) => s.gates[gate]))
      settings[gate] = { off: true, perInstance: false, thresholds: {}, suites: {} }
  return { settings, targets: new Set(engine.workflow.stages.keys()) }
}
