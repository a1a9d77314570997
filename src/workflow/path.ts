import { ancestors } from './graph.js'
import type { Graph } from './graph.js'
import type { Stage, Workflow } from './model.js'

/** Which stage needs which. */
export const graphOf = ({ stages }: Pick<Workflow, 'stages'>): Graph =>
  new Map([...stages].map(([id, stage]) => [id, stage.needs]))

const graphs = new WeakMap<Stage, Graph>()

/** The steps of a stage with what they need; made once, since every step of it may ask. */
export function stepGraph(stage: Stage): Graph {
  const known = graphs.get(stage) ?? new Map(stage.steps.map(({ id, needs }) => [id, needs]))
  graphs.set(stage, known)
  return known
}

/** The stages that a run of `target` walks: it and all that it needs. Without a target every stage, none where there is no such stage. */
export function pathTo(workflow: Pick<Workflow, 'stages'>, target: string | undefined): Set<string> {
  if (target === undefined) return new Set(workflow.stages.keys())
  return workflow.stages.has(target) ? ancestors(graphOf(workflow), [target]).add(target) : new Set()
}
