import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { nearest } from '../base/text.js'
import { gateNames } from '../language/names.js'
import type { GateName } from '../language/names.js'
import { readGates } from '../workflow/gates.js'
import { ancestors } from '../workflow/graph.js'
import type { GateSetting, Report, Stage, Workflow } from '../workflow/model.js'
import { graphOf } from '../workflow/path.js'

/** Gates that read no report: what they judge wf finds by itself. */
const collecting: readonly GateName[] = ['conventions', 'dependencies', 'contracts']

/** Whether wf itself looks through something for a gate. */
export const isCollected = (gate: GateName): boolean => gate === 'secrets' || !readsReports(gate)

/** Whether a gate reads report files. */
export const readsReports = (gate: GateName): boolean => !collecting.includes(gate)

/** A gate by its name; how long something took is known only of a run. */
export function gateOf(name: string | undefined): Result<GateName, Diagnostic> {
  const judging = gateNames.filter((one) => one !== 'duration')
  const all = `the gates are ${judging.join(', ')}`
  if (name === undefined) return fail(error('arguments', 'name a gate', { hint: all }))
  const found = gateNames.find((one) => one === name)
  if (found === 'duration')
    return fail(
      error('arguments', '`duration` is judged while a run walks: nothing else tells how long it took', { hint: all }),
    )
  if (found) return ok(found)
  const [near] = nearest(name, judging)
  return fail(error('arguments', `there is no gate \`${name}\``, { hint: near ? `did you mean \`${near}\`?` : all }))
}

/** What judges, the stages whose evidence it sees, and which reports their steps declare. */
export interface Asked {
  setting: GateSetting
  stage: string
  stages: Stage[]
  reports: Report[]
  notes: string[]
}

/** The setting of the stage that writes the gate; where none does, the gate's default. */
export function settingOf(gate: GateName, workflow: Workflow, wanted: string | undefined): Result<Asked, Diagnostic> {
  if (wanted !== undefined && !workflow.stages.has(wanted)) return fail(noStage(wanted, workflow))
  const stages = [...workflow.stages.values()].filter(({ id }) => wanted === undefined || id === wanted)
  const [only, second] = stages.filter((stage) => stage.gates[gate] && !stage.gates[gate].off)
  if (second) {
    const all = stages.filter((stage) => stage.gates[gate] && !stage.gates[gate].off)
    const hint = `say which: ${all.map(({ id }) => `--stage ${id}`).join(' or ')}`
    return fail(error('arguments', `several stages write the gate \`${gate}\``, { hint }))
  }
  const setting = only?.gates[gate]
  if (only && setting) return ok({ setting, stage: only.id, ...seenBy(stagesOf(only, workflow)), notes: [] })
  const preset = gate === 'expression' ? undefined : readGates({ [gate]: {} })[gate]
  if (!preset)
    return fail(
      error('arguments', `no stage writes the gate \`${gate}\`, and it has no default`, {
        hint: 'write it under `gates` of a stage',
      }),
    )
  const notes = [`no stage writes the gate \`${gate}\`: its defaults judge`]
  return ok({ setting: preset, stage: stages[0]?.id ?? '', ...seenBy(stages), notes })
}

/** A stage that there is not, with those that there are. */
export function noStage(name: string, { stages }: Workflow): Diagnostic {
  const [near] = nearest(name, stages.keys())
  const hint = near ? `did you mean \`${near}\`?` : `there are ${[...stages.keys()].join(', ')}`
  return error('unknown-target', `there is no stage \`${name}\``, { hint })
}

/** The stage itself, of a milestone all that it needs. */
function stagesOf(stage: Stage, workflow: Workflow): Stage[] {
  const seen = stage.steps.length > 0 ? new Set([stage.id]) : ancestors(graphOf(workflow), [stage.id])
  return [...seen].flatMap((id) => workflow.stages.get(id) ?? [])
}

const seenBy = (stages: Stage[]): Pick<Asked, 'stages' | 'reports'> => ({
  stages,
  reports: stages.flatMap(({ steps }) => steps).flatMap((step) => step.reports),
})
