import { stepAddress } from '../base/address.js'
import type { Status } from '../journal/outcome.js'
import { LazyMap } from '../workflow/expression/data.js'
import { ancestors } from '../workflow/graph.js'
import { stepGraph } from '../workflow/path.js'
import type { Step } from '../workflow/model.js'
import { environmentOf } from './contexts.js'
import type { Sight } from './contexts.js'
import type { CommandFiles } from './command-files.js'
import type { Engine, InstanceRun, StepResult } from './engine.js'
import { applyLayers, keptVariables, wholeOf } from './environment.js'
import type { Variables } from './environment.js'

/** What every expression of a run sees. */
export const sightOfRun = (engine: Engine): Sight => ({
  github: engine.github,
  run: { id: engine.part?.run ?? engine.run, target: engine.plan.target, dirty: engine.context.dirty },
  inputs: engine.inputs,
  env: engine.variables.declared,
})

/** What the expressions of an instance see, with the variables declared so far. */
export const sightOfInstance = (run: InstanceRun, env: Readonly<Record<string, string>>): Sight => ({
  ...sightOfRun(run.engine),
  env,
  matrix: run.planned.matrix,
  needs: run.needs,
})

/** What the expressions of a step see, and the variables that its processes get; made when first asked for, and once. */
export interface Surroundings {
  sight: Sight
  variables: () => Variables
}

/** The surroundings of one step. Variables that steps before it left come between those of the stage and its own. */
export function surroundingsOf(instance: InstanceRun, step: Step): Surroundings {
  const { engine } = instance
  const blind = {
    ...sightOfInstance(instance, {}),
    steps: () => stepsValue(instance.results),
    secrets: secretsOf(engine, step),
    evidence: () => [...instance.inherited(), ...[...instance.results.values()].flatMap((result) => result.evidence)],
  }
  let made: Variables | undefined
  const variables = (): Variables =>
    (made ??= applyLayers(seenBy(step, withExports(instance, step)), step.env, (env) =>
      environmentOf({ ...blind, env }, engine),
    ))
  return { sight: { ...blind, env: () => variables().declared }, variables }
}

/** A step whose results are kept sees nothing of the machine that it is not known by. */
const seenBy = ({ cache }: Step, variables: Variables): Variables =>
  cache ? keptVariables(variables, cache.env).seen : variables

/** The secrets that a step names and that were passed in; one that was not is empty, as on GitHub. */
function secretsOf({ secrets }: Engine, step: Step): Record<string, string> {
  return Object.fromEntries(
    step.secrets.map((name) => [name, Object.hasOwn(secrets, name) ? (secrets[name] ?? '') : '']),
  )
}

/** What `$GITHUB_ENV` and `$GITHUB_PATH` of earlier steps say: in a graph of those that the step needs, in a list of all. */
function withExports(instance: InstanceRun, step: Step): Variables {
  const { variables, stage, exported } = instance
  if (!exported.size) return variables
  const inGraph = !stage.ordered && stage.steps.some(({ id }) => id === step.id)
  const before = inGraph ? ancestors(stepGraph(stage), [step.id]) : undefined
  const told = [...exported].flatMap(([id, left]) => (before && !before.has(id) ? [] : [left]))
  const declared: Record<string, string> = Object.assign({}, variables.declared, ...told.map(({ env }) => env))
  return { ...variables, declared, paths: told.flatMap(({ paths }) => paths).reverse() }
}

/** The whole environment of a step's processes in one attempt. */
export function processVariables(
  instance: InstanceRun,
  step: Step,
  { variables }: Surroundings,
  attempt: { slot: CommandFiles; number: number },
): Record<string, string> {
  const all = variables()
  const { engine, address } = instance
  const env: Record<string, string> = Object.assign({}, wholeOf(all))
  if (all.paths?.length)
    env['PATH'] = [...all.paths, env['PATH'] ?? ''].join(engine.ports.processes.platform === 'win32' ? ';' : ':')
  for (const name of step.secrets) if (Object.hasOwn(engine.secrets, name)) env[name] = engine.secrets[name] ?? ''
  Object.assign(env, attempt.slot.variables)
  env['WF_STEP'] = stepAddress(address, step.id)
  env['WF_ATTEMPT'] = String(attempt.number)
  return env
}

/** The `steps` context, of steps that have ended. */
export function stepsValue(results: ReadonlyMap<string, StepResult>): LazyMap {
  return new LazyMap(
    () => results.keys(),
    (id) => {
      const result = results.get(id)
      if (!result) return undefined
      const { status, conclusion, outputs } = result
      return { outcome: githubWord(status), conclusion: githubWord(conclusion), outputs }
    },
  )
}

/** GitHub knows four words; a judged step has done its work. */
export const githubWord = (status: Status): string =>
  status === 'judged' ? 'success' : status === 'not-run-here' ? 'skipped' : status
