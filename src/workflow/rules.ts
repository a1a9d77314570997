import type { GateName } from '../language/names.js'
import { gateDefaults, gateNames } from '../language/names.js'
import type { Amount } from './amount.js'
import { impliedGate } from './gates.js'
import { ancestors } from './graph.js'
import { withLeft, withLeftWaivers } from './let-off.js'
import type { ByTarget, GateSetting, GateSettings, Stage, Workflow } from './model.js'
import { graphOf, pathTo } from './path.js'
import { compareThresholds } from './thresholds.js'
import type { Thresholds } from './thresholds.js'

/** A gate of the base that the change keeps from judging; it counts as failed. */
export interface AbsentGate {
  stage: string
  gate: GateName
  reason: string
  mend: string
  /** `skipped`: only where the stage is on the path and its condition, or one before it, lets it out. */
  when: 'always' | 'skipped'
}

/**
 * How far each event walks is what the base says; an event that the base does not know walks as the change says. So is the name, under
 * which branch rules ask for the check.
 */
export const withEventsOf = (base: Workflow, change: Workflow): Workflow => ({
  ...change,
  name: base.name,
  on: { ...change.on, ...base.on },
})

/**
 * The steps of the change under the gates of the base, for a run of `target`. A stage that only the change has is judged by its own
 * gates. Both files are checked, so what they make is.
 */
export function withGatesOf(base: Workflow, change: Workflow, target: string | undefined): Workflow {
  const isNew = target !== undefined && !base.stages.has(target)
  const mixed = [...change.stages].map(([id, stage]): [string, Stage] => {
    const before = base.stages.get(id)
    if (!before) return [id, stage]
    const gates = withLeft(before.gates, stage.gates)
    return [id, { ...stage, gates: isNew ? withValuesAt(target, gates, stage.gates) : gates }]
  })
  const workflow: Workflow = {
    ...change,
    history: base.history,
    waivers: withLeftWaivers(base.waivers, change.waivers),
    stages: new Map(mixed),
  }
  const stages = mixed.map(([id, stage]): [string, Stage] => [id, withoutRelief(stage, { base, workflow, target })])
  return { ...workflow, stages: new Map(stages) }
}

/** Thresholds by target that say nothing of a target that only the change has take the value that the change gives. */
function withValuesAt(target: string, base: GateSettings, change: GateSettings): GateSettings {
  const extend = (before: Thresholds, after: Thresholds = {}): Record<string, ByTarget<Amount>> =>
    Object.fromEntries(
      Object.entries(before).map(([key, limit]) => {
        const own = after[key]
        const value = own && Object.hasOwn(own.targets, target) ? own.targets[target] : own?.default
        if (limit.default !== undefined || value === undefined) return [key, limit]
        return [key, { targets: { ...limit.targets, [target]: value } }]
      }),
    )
  const gates: GateSettings = {}
  for (const gate of gateNames) {
    const [before, after] = [base[gate], change[gate]]
    if (!before) continue
    const parts = (own: GateSetting['suites'], other: GateSetting['suites'] = {}): GateSetting['suites'] =>
      Object.fromEntries(Object.entries(own).map(([name, limits]) => [name, extend(limits, other[name])]))
    gates[gate] = {
      ...before,
      thresholds: extend(before.thresholds, after?.thresholds),
      suites: parts(before.suites, after?.suites),
      ...(before.markers ? { markers: parts(before.markers, after?.markers) } : {}),
    }
  }
  return gates
}

interface Mixture {
  base: Workflow
  workflow: Workflow
  target: string | undefined
}

/**
 * A milestone that writes a gate which judges without being written takes that over from the stages that it needs. One that would ask
 * for less than the default does not, of stages that the base leaves to the default.
 */
function withoutRelief(stage: Stage, mixture: Mixture): Stage {
  if (stage.steps.length) return stage
  const { base, workflow, target } = mixture
  const targets = new Set([...base.stages.keys(), ...workflow.stages.keys()])
  const before = [...ancestors(graphOf(workflow), [stage.id])]
  const relieves = (gate: GateName): boolean => {
    const setting = stage.gates[gate]
    if (!setting || !gateDefaults[gate].always) return false
    const lenient = base.stages.has(stage.id) ? setting.off : isUnderDefault(gate, setting, targets)
    return lenient && before.some((id) => isLeftToDefault(gate, id, base, target))
  }
  const lifted = gateNames.filter(relieves)
  if (!lifted.length) return stage
  const left = Object.entries(stage.gates).filter(([gate]) => !lifted.some((name) => name === gate))
  return { ...stage, gates: Object.fromEntries(left) as GateSettings }
}

/** Whether the base walks the stage, writes no such gate there, and has no milestone on the path that takes it over. */
function isLeftToDefault(gate: GateName, id: string, base: Workflow, target: string | undefined): boolean {
  const stage = base.stages.get(id)
  const path = pathTo(base, target !== undefined && base.stages.has(target) ? target : undefined)
  if (!stage?.steps.length || stage.gates[gate] || !path.has(id)) return false
  const graph = graphOf(base)
  return [...path].every((later) => {
    const one = base.stages.get(later)
    return !one || one.steps.length > 0 || !one.gates[gate] || !ancestors(graph, [later]).has(id)
  })
}

/** Whether a setting of a gate that always judges asks for less than its default somewhere. */
function isUnderDefault(gate: GateName, setting: GateSetting, targets: ReadonlySet<string>): boolean {
  const { thresholds = {} } = impliedGate(gate) ?? {}
  const lists = [setting.thresholds, ...Object.values(setting.suites), ...Object.values(setting.markers ?? {})]
  return setting.off || lists.some((one) => compareThresholds(thresholds, one, targets).some((e) => e !== 'stricter'))
}

/** Who judges, for the messages: the base's name. */
export interface Base {
  workflow: Workflow
  name: string
  /** The file where the change left the base, when it is known. */
  fork?: Workflow | undefined
}

/** The gates of the base's path that the change keeps from judging, each with what is said of it. */
export function absentGates(base: Base, change: Workflow, target: string | undefined): AbsentGate[] {
  const walked = pathTo(change, target)
  const before = base.fork && pathTo(base.fork, target)
  return [...pathTo(base.workflow, target)].flatMap((id) => {
    const stage = base.workflow.stages.get(id)
    const gates = gateNames.filter((gate) => stage?.gates[gate] && !stage.gates[gate].off)
    if (walked.has(id) && !isConditional(id, base.workflow, change)) return []
    const words = wordsOf(id, base.name, { walked, before, known: change.stages.has(id) })
    return gates.map((gate) => ({ stage: id, gate, ...words }))
  })
}

interface Path {
  /** What the change walks, and what it walked where it left the base. */
  walked: ReadonlySet<string>
  before: ReadonlySet<string> | undefined
  /** The change has the stage, if only beside the path. */
  known: boolean
}

function wordsOf(id: string, name: string, { walked, before, known }: Path): Omit<AbsentGate, 'stage' | 'gate'> {
  if (walked.has(id))
    return {
      when: 'skipped',
      reason: `a condition that ${name} has not skipped the stage \`${id}\`; the rules of ${name} judge it`,
      mend: `let \`${id}\` run, or change \`if\` in a change of its own`,
    }
  if (before && !before.has(id))
    return {
      when: 'always',
      reason: `${name} has put the stage \`${id}\` on the path since; this change has it not yet`,
      mend: `take the changes of ${name} over into this one`,
    }
  return {
    when: 'always',
    reason: `the stage \`${id}\` was ${known ? 'taken off the path' : 'removed'}; the rules of ${name} judge it`,
    mend: `put \`${id}\` back on the path; to give it up, turn its gates \`off\` in a change before this one`,
  }
}

/** Whether the stage, or one that it needs, runs under a condition that the base has not. */
function isConditional(id: string, base: Workflow, change: Workflow): boolean {
  return [...ancestors(graphOf(change), [id]), id].some((one) => {
    const condition = change.stages.get(one)?.if?.source
    return condition !== undefined && condition !== base.stages.get(one)?.if?.source
  })
}
