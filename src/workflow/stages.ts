import { parseDuration } from '../base/duration.js'
import type { StepFile } from '../language/step.js'
import type { StageFile, WorkflowFile } from '../language/workflow.js'
import { readGates } from './gates.js'
import { ancestors, findCycle } from './graph.js'
import type { Graph } from './graph.js'
import { readJob, totalOf } from './job.js'
import { nameOf } from './limits.js'
import { readDynamic } from './dynamic.js'
import {
  combinations,
  isDynamic,
  matrixNames,
  maxInstances,
  maxProduct,
  productSize,
  sharded,
  shardName,
} from './matrix.js'
import type { Matrix } from './matrix.js'
import type { Stage, Step } from './model.js'
import { missing } from './reader.js'
import type { Reader, ReferenceCheck } from './reader.js'
import type { Template } from './expression/template.js'
import { gateReference, referenceCheck } from './references.js'
import type { Known } from './references.js'
import type { Path } from './places.js'
import { readEnv, readRetry, readStep, secretsOf } from './steps.js'
import { safeVariables } from './untrusted.js'

/** Reads one stage; everything that is wrong with it goes to the reader's problems. */
export function readStage(reader: Reader, id: string, workflow: WorkflowFile): Stage {
  const file = workflow.stages[id] as StageFile
  const path: Path = ['stages', id]
  const needs = [...new Set([file.needs ?? []].flat())]
  const known = knownTo(workflow, file, needs)
  const check = referenceCheck(known)
  const sub = (key: string): Path => [...path, key]
  const defaults = {
    shell: file.shell ?? 'bash',
    safeEnv: safeVariables(file.env, safeVariables(workflow.env, new Set())),
    retry: file.retry && readRetry(reader, file.retry, sub('retry'), check),
    pool: nameOf(file.pool),
    secrets: file.secrets ?? [],
  } as const
  checkMilestone(reader, file, path)
  const { steps, ordered, outputs } = readSteps(reader, file, { path, known, defaults })
  const all = referenceCheck({ ...known, steps: () => outputs })
  const last = readFinally(reader, file, { path, known, defaults, outputs })
  return {
    id,
    ...(file.name === undefined ? {} : { name: reader.plain(file.name, sub('name')) }),
    needs,
    ...(file.if === undefined ? {} : { if: reader.condition(file.if, sub('if'), 'stage-if', check) }),
    ...readMatrix(reader, file, sub('matrix'), check),
    requires: readRequires(reader, file, path, check),
    env: readEnv(reader, file.env, sub('env'), { scope: 'stage', check }),
    ...(file['working-directory'] === undefined
      ? {}
      : { workingDirectory: reader.template(file['working-directory'], sub('working-directory'), 'stage', check) }),
    onFailure: file['on-failure'] ?? 'fail-fast',
    ...(file.timeout === undefined ? {} : { timeout: parseDuration(file.timeout) ?? 0 }),
    ordered,
    steps,
    finally: last,
    outputs: Object.fromEntries(
      Object.entries(file.outputs ?? {}).map(([name, text]) => [
        name,
        reader.template(text, [...path, 'outputs', name], 'stage-outputs', all),
      ]),
    ),
    gates: readGates(file.gates, (text) => readExpression(reader, text, [...path, 'gates', 'expression'])),
    ...readJob(reader, file, path, { known, check }),
    place: () => reader.source.key(path),
  }
}

/** The expression of a gate; it judges by what it is given alone, so it reads no files. */
function readExpression(reader: Reader, text: string, path: Path): Template {
  if (/\bhashFiles\s*\(/i.test(text))
    reader.problem('expression', 'a gate judges evidence, not files', path, { hint: 'take `hashFiles` out' })
  return reader.condition(text, path, 'gate', gateReference)
}

/** The combinations of a stage's matrix, or its expressions where it holds some. */
function readMatrix(
  reader: Reader,
  file: StageFile,
  path: Path,
  check: ReferenceCheck,
): Pick<Stage, 'matrix' | 'dynamic'> {
  if (isDynamic(file.matrix)) return { matrix: [], dynamic: readDynamic(reader, file.matrix, path, check) }
  return { matrix: readStatic(reader, file, path) }
}

function readStatic(reader: Reader, file: StageFile, path: Path): Stage['matrix'] {
  const flat = flatMatrix(reader, file.matrix, path)
  const size = productSize(flat)
  const matrix = size > maxProduct ? [] : sharded(combinations(flat), totalOf(file.shard))
  const all = Math.max(size > maxProduct ? size : 0, matrix.length)
  if (!all)
    reader.problem('empty-matrix', 'the matrix has no combination left', path, {
      key: true,
      hint: '`exclude` leaves nothing',
    })
  if (all > maxInstances)
    reader.problem('large-matrix', `the matrix has ${all} combinations; at most ${maxInstances} run`, path, {
      key: true,
    })
  return matrix
}

/** A matrix without the texts that stand where lists belong; each is told. */
function flatMatrix(reader: Reader, file: StageFile['matrix'], path: Path): Matrix | undefined {
  const say = (at: Path, what: string): void =>
    reader.problem('bad-value', `${what} is a list, or an expression for one`, at, {
      hint: 'write `[…]`, or `${{ fromJSON(needs.plan.outputs.parts) }}`',
    })
  if (typeof file === 'string') say(path, 'a dimension of a matrix')
  if (file === undefined || typeof file === 'string') return undefined
  const texts = Object.entries(file).filter(([, value]) => typeof value === 'string')
  for (const [key] of texts) say([...path, key], `\`${key}\``)
  const lists = Object.entries(file).filter(([, value]) => typeof value !== 'string')
  return lists.length ? (Object.fromEntries(lists) as Matrix) : undefined
}

/** The versions that a stage requires, each the start of one; a range is none. */
function readRequires(reader: Reader, file: StageFile, stage: Path, check: ReferenceCheck): Stage['requires'] {
  return Object.fromEntries(
    Object.entries(file.requires ?? {}).map(([tool, version]) => {
      const path = [...stage, 'requires', tool]
      const text = reader.source.written(path) ?? String(version)
      if (!text.includes('${{') && !/^v?\d+(\.\d+)*(\.[x*])?$/.test(text))
        reader.problem('bad-version', `\`${text}\` is not the start of a version`, path, {
          hint: 'write how the version begins: `20` or `3.11`; ranges are not read',
        })
      return [tool, reader.template(text, path, 'stage', check)]
    }),
  )
}

function knownTo(workflow: WorkflowFile, file: StageFile, needs: string[]): Known {
  return {
    inputs: Object.keys(workflow.inputs ?? {}),
    matrix: namesWithShard(file),
    needs: new Map(needs.map((need) => [need, Object.keys(workflow.stages[need]?.outputs ?? {})])),
    steps: () => new Map(),
    otherSteps: [],
    secrets: [],
  }
}

/** The names that `matrix.` can have; nothing where an expression gives them. */
function namesWithShard({ matrix, shard }: StageFile): string[] | undefined {
  const names = matrixNames(matrix)
  return names && shard !== undefined ? [...names, shardName] : names
}

/** A stage without steps is a name for what it needs; keys that speak of steps mean nothing there. */
function checkMilestone(reader: Reader, file: StageFile, path: Path): void {
  if (file.steps && Object.keys(file.steps).length) return
  if (file.steps)
    reader.problem('empty', 'the stage has no steps', [...path, 'steps'], {
      key: true,
      hint: 'leave `steps` out to make a milestone',
    })
  for (const key of [
    'matrix',
    'requires',
    'env',
    'shell',
    'working-directory',
    'retry',
    'pool',
    'timeout',
    'on-failure',
    'finally',
    'outputs',
    'runs-on',
    'permissions',
    'container',
    'services',
    'concurrency',
    'setup',
    'secrets',
    'artifacts',
    'shard',
    'paths',
  ] as const)
    if (file[key] !== undefined)
      reader.problem('milestone', `\`${key}\` means nothing in a stage without steps`, [...path, key], {
        key: true,
        hint: 'add `steps`, or leave it out',
      })
  if (!file.needs)
    reader.problem('milestone', 'a stage without steps names what it needs', path, {
      key: true,
      hint: 'add `steps`, or `needs: [...]`',
    })
}

interface StageContext {
  path: Path
  known: Known
  defaults: Parameters<typeof readStep>[2]['defaults']
}
type Outputs = Map<string, readonly string[] | undefined>

const declared = (step: StepFile): readonly string[] | undefined =>
  step.outputs ? Object.keys(step.outputs) : 'webhook' in step ? ['status', 'body'] : undefined

function readSteps(
  reader: Reader,
  file: StageFile,
  context: StageContext,
): { steps: Step[]; ordered: boolean; outputs: Outputs } {
  if (Array.isArray(file.steps)) {
    const { steps, outputs } = readList(reader, file.steps, 'steps', { ...context, before: new Map() })
    return { steps, outputs, ordered: true }
  }
  const files = Object.entries(file.steps ?? {})
  const graph: Graph = new Map(files.map(([id, step]) => [id, [...new Set([step.needs ?? []].flat())]]))
  const outputs: Outputs = new Map(files.map(([id, step]) => [id, declared(step)]))
  const ids = [...outputs.keys()]
  checkGraph(reader, graph, [...context.path, 'steps'], 'step')
  const steps = files.map(([id, step]) => {
    const path = [...context.path, 'steps', id]
    if (step.id !== undefined)
      reader.problem('not-here', 'in a map of steps the key is the id', [...path, 'id'], {
        key: true,
        hint: 'leave `id` out',
      })
    const known = {
      ...context.known,
      steps: () => new Map([...ancestors(graph, [id])].map((name) => [name, outputs.get(name)])),
      otherSteps: ids,
    }
    return stepOf(reader, step, { id, needs: graph.get(id)?.slice() ?? [], path, known, defaults: context.defaults })
  })
  return { steps, ordered: false, outputs }
}

function readList(
  reader: Reader,
  files: StepFile[],
  key: string,
  context: StageContext & { before: Outputs },
): { steps: Step[]; outputs: Outputs } {
  const outputs: Outputs = new Map(context.before)
  const ids = files.map((step, i) => step.id ?? (key === 'steps' ? String(i + 1) : `finally-${i + 1}`))
  const steps: Step[] = []
  for (const [i, file] of files.entries()) {
    const path = [...context.path, key, i]
    const id = ids[i] ?? String(i)
    if (file.needs !== undefined)
      reader.problem('not-here', 'a list of steps runs in order', [...path, 'needs'], {
        key: true,
        hint: 'leave `needs` out, or write the steps as a map',
      })
    if (file.id !== undefined && (ids.indexOf(file.id) !== i || context.before.has(file.id)))
      reader.problem('duplicate-id', `the id \`${file.id}\` stands twice`, [...path, 'id'])
    const known = { ...context.known, steps: () => outputs, otherSteps: ids }
    const needs = i ? [ids[i - 1] ?? ''] : []
    steps.push(stepOf(reader, file, { id, needs, path, known, defaults: context.defaults }))
    if (file.id !== undefined) outputs.set(file.id, declared(file))
  }
  return { steps, outputs }
}

function stepOf(
  reader: Reader,
  file: StepFile,
  at: { id: string; needs: string[]; path: Path; known: Known; defaults: StageContext['defaults'] },
): Step {
  const check = referenceCheck({ ...at.known, secrets: secretsOf(file, at.defaults) })
  const step = readStep(reader, file, { ...at, check })
  if (step.fix && !step.reports.length)
    reader.problem('fix', '`fix` mends what reports say, and this step has no `reports`', [...at.path, 'fix'], {
      key: true,
      hint: 'declare what the tool writes: `reports: …`',
    })
  if (step.body.kind !== 'run' && step.reports.some((report) => report.source === 'stdout'))
    reader.problem('not-here', 'only a `run` step prints a report', [...at.path, 'reports'], { key: true })
  return step
}

function readFinally(reader: Reader, file: StageFile, context: StageContext & { outputs: Outputs }): Step[] {
  if (!file.finally) return []
  for (const [i, step] of file.finally.entries())
    if (step.background)
      reader.problem(
        'not-here',
        'a last step does not go on in the background',
        [...context.path, 'finally', i, 'background'],
        {
          key: true,
          hint: 'start it among `steps`: it goes on until the last steps have ended',
        },
      )
  return readList(reader, file.finally, 'finally', { ...context, before: context.outputs }).steps
}

/** Unknown needs and cycles, with the whole trail. */
export function checkGraph(reader: Reader, graph: Graph, path: Path, what: 'stage' | 'step'): void {
  for (const [name, needs] of graph)
    for (const [i, need] of needs.entries()) {
      if (graph.has(need)) continue
      const at = [...path, name, 'needs']
      const wrong = missing(
        what,
        need,
        [...graph.keys()].filter((n) => n !== name),
      )
      reader.problem(
        'unknown-needs',
        wrong.message,
        reader.source.has([...at, i]) ? [...at, i] : at,
        wrong.hint ? { hint: wrong.hint } : {},
      )
    }
  // One message a circle: what it holds is taken out, and the rest is looked through again.
  for (let left = graph, cycle = findCycle(left); cycle; cycle = findCycle(left)) {
    const inCycle = new Set(cycle)
    const [first = '', second = ''] = cycle
    const message =
      first === second
        ? `the ${what} \`${first}\` needs itself`
        : `the ${what}s need each other in a circle: ${cycle.join(' → ')}`
    reader.problem('cycle', message, [...path, first, 'needs'], { key: true, hint: 'take one of these `needs` out' })
    left = new Map([...left].filter(([name]) => !inCycle.has(name)))
  }
}
