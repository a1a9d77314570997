import { sha256 } from '../base/hash.js'
import type { Json } from '../base/json.js'
import type { Cell } from '../language/workflow.js'
import type { RunContext } from '../trigger/context.js'
import { expressionsOf } from '../workflow/expression/template.js'
import type { Template } from '../workflow/expression/template.js'
import type { Stage, Step, Workflow } from '../workflow/model.js'

/** What expressions see that is not in the file: the inputs of the run, and what GitHub says of it. */
export interface Given {
  inputs: { [key: string]: Json }
  context: Pick<RunContext, 'event' | 'merged' | 'ref' | 'actor'>
}

/**
 * Answers the definition of a step as a hash: whatever in the file decides what it does, and the inputs and facts of the run that its
 * expressions name. How often and how long it is tried, and what it is called, are not part of it.
 */
export function definitionsOf(
  workflow: Pick<Workflow, 'env'>,
  { inputs: values, context }: Given,
): (stage: Stage, matrix: Record<string, Cell>, step: Step) => string {
  const inputs = JSON.stringify(values)
  const github = JSON.stringify([context.event, context.merged, context.ref, context.actor])
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => {
      if (!isTemplate(part)) return part
      const named = new Set(expressionsOf(part).flatMap(({ references }) => references.map(({ context }) => context)))
      return [part.source, ...(named.has('inputs') ? [inputs] : []), ...(named.has('github') ? [github] : [])]
    }) ?? ''
  const around = text(workflow.env)
  const stages = new Map<Stage, string>()
  const ofStage = (stage: Stage): string => {
    const known = stages.get(stage)
    if (known !== undefined) return known
    const { env, workingDirectory, requires, dynamic } = stage
    const made = text([env, workingDirectory, requires, ...(dynamic === undefined ? [] : [dynamic])])
    stages.set(stage, made)
    return made
  }
  return (stage, matrix, step) => {
    const { name: _name, timeout: _timeout, retry: _retry, fix: _fix, background, ...rest } = step
    const all = [around, ofStage(stage), JSON.stringify(matrix), text(rest), ...(background ? ['background'] : [])]
    return sha256(JSON.stringify(all)).slice(0, 32)
  }
}

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' &&
  value !== null &&
  Array.isArray((value as Partial<Template>).parts) &&
  typeof (value as Partial<Template>).source === 'string'
