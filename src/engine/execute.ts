import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { count } from '../base/text.js'
import { Journal } from '../journal/journal.js'
import type { Files } from '../ports.js'
import { tellAbsent } from './absent.js'
import { breakersOf } from './breakers.js'
import { CommandFiles } from './command-files.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import { environmentOf, githubContext } from './contexts.js'
import type { Engine, Going, Part, RunRequest, RunTools } from './engine.js'
import { applyLayers, githubVariables } from './environment.js'
import type { Proposal } from './fixes/propose.js'
import { runGraph } from './graph.js'
import { haltOf } from './halt.js'
import { sightOfRun } from './sight.js'
import { Slots } from './slots.js'
import { planHere, stagesHere } from './part.js'
import { runStage } from './stage.js'
import { startLimit } from './time-limit.js'
import { tellUnused } from './unused.js'
import { definitionsOf } from '../plan/definition.js'
import { Workspace } from './workspace.js'

/** The first lines of a run's journal: who asks for what, and what will run. */
export function recordStart({ run, plan, rules, notes, going, part, ...request }: RunRequest, journal: Journal): void {
  const here = part ? planHere(plan, part) : plan
  journal.append({ type: 'run.started', run, context: contextOf(request), plan: here, rules }, part && begunAt(part))
  if (going) {
    const reset = [...going.reset].map(([step, why]) => ({ step, why }))
    journal.append({ type: 'resumed', run: going.resumed.run, reset, changed: going.changed.slice(0, mostNamed) })
  }
  for (const message of [...notes, ...(going ? goingNotes(going) : [])]) journal.append({ type: 'note', message })
}

/**
 * Walks a plan to its end and writes what happens to the journal. Failures of steps are results, not exceptions; what throws is a bug,
 * or an outside without which nothing can be recorded (a full disk). Nothing that it started runs any more when it ends, in either way.
 * Answers what fixes would change, where that was asked for.
 */
export async function execute(request: RunRequest, tools: RunTools): Promise<Proposal | undefined> {
  const { ports, journal } = tools
  const temporary = join(request.folder, 'temporary')
  ports.files.makeFolder(temporary)
  const engine = engineOf(request, tools, temporary)
  declare(engine)
  try {
    await withinItsTime(engine, () => walk(engine))
    if (!engine.part?.own) {
      tellAbsent(engine)
      tellUnused(engine)
    }
    const proposal = engine.propose && (await (await import('./fixes/propose.js')).proposeFixes(engine))
    journal.append({ type: 'run.finished', cancelled: engine.cancel.halted || engine.part?.cancelled === true })
    return proposal
  } finally {
    ports.files.remove(temporary)
  }
}

/** Walks the stages; where several machines share the run, what those before this one's did is looked at and not told again. */
async function walk(engine: Engine): Promise<void> {
  const own = engine.part?.own?.stage
  const silent = own === undefined ? engine : { ...engine, journal: unwritten(engine) }
  await runGraph(stagesHere(engine), (stage) => runStage(stage.id === own ? engine : silent, stage))
}

/** A journal that nobody keeps. */
const unwritten = ({ ports }: Engine): Journal =>
  new Journal({ write: () => undefined, close: () => undefined }, ports.clock)

/** Walks the stages within the limit of the run's time, where there is one. */
async function withinItsTime(engine: Engine, walk: () => Promise<void>): Promise<void> {
  const { timeout } = engine.workflow.limits
  if (timeout === undefined) return walk()
  const { limit, stop } = startLimit(engine.ports.clock, 'run', timeout)
  engine.limit = limit
  return walk().finally(stop)
}

function engineOf(request: RunRequest, tools: RunTools, temporary: string): Engine {
  const { ports, cancel, kill } = tools
  const { context, workspace } = request
  const { environment } = ports.processes
  const files = new Workspace(workspace, ports.files, ports.git)
  const machine = {
    ...githubVariables(context, workspace),
    ...withoutSecrets(environment, request.secrets),
    WF_RUN_ID: request.part?.run ?? request.run,
    WF_TARGET: request.plan.target,
  }
  return {
    ...request,
    ...tools,
    cancel: haltOf(cancel),
    kill: haltOf(kill),
    temporary,
    pools: new Map(
      [...request.workflow.limits.pools].map(([name, size]) => [name, new Slots<object>(size, () => ({}))]),
    ),
    breakers: breakersOf({
      limits: request.workflow.limits.breakers,
      clock: ports.clock,
      journal: tools.journal,
      earlier: tools.earlierBreakers,
    }),
    slots: new Slots(request.concurrency, () => new CommandFiles(ports.files, temporary, ports.random)),
    files,
    github: githubContext(context, workspace, environment),
    variables: { machine, declared: {} },
    begun: new Map(),
    ended: new Map(),
    results: new Map(),
    left: new Map(),
    splits: new Map(),
    mendable: [],
    definition: definitionsOf(request.workflow, request),
    hashFiles: (patterns) => hashFiles(files, ports.files, patterns),
  }
}

/** Lays the workflow's own variables over those of the machine. */
function declare(engine: Engine): void {
  const sight = sightOfRun(engine)
  try {
    engine.variables = applyLayers(engine.variables, engine.workflow.env, (env) =>
      environmentOf({ ...sight, env }, engine),
    )
  } catch (cause) {
    if (!(cause instanceof EvaluationError)) throw cause
    engine.broken = cause.message
  }
}

/** When the first of other machines began. */
function begunAt({ own, handed }: Part): number | undefined {
  const all = own ? [] : [...handed.values()].map(({ from }) => from)
  return all.length ? all.reduce((a, b) => Math.min(a, b)) : undefined
}

/** More names help nobody. */
const mostNamed = 100
const mostTold = 5

/** What people are told of the run that this one goes on from. */
function goingNotes({ resumed: { run, reuse }, reset, changed }: Going): string[] {
  const again = [...reset].map(([step, why]) => `${step} (${why})`)
  const rest = again.length ? `; run again: ${someOf(again)}` : ''
  const seen = `${someOf(changed)} changed after ${run} had ended: what is reused has not seen that`
  return [`goes on from ${run}, ${count(reuse.size, 'step')} reused${rest}`, ...(changed.length ? [seen] : [])]
}

const someOf = (names: readonly string[]): string =>
  names.length > mostTold
    ? `${names.slice(0, mostTold).join(', ')} and ${names.length - mostTold} more`
    : names.join(', ')

const contextOf = ({ context }: Pick<RunRequest, 'context'>) => {
  const { event, sha, base, ref, actor, repository, pullRequest, dirty } = context
  return { event, sha, base, ref, actor, repository, pull_request: pullRequest, dirty }
}

/** A secret that was handed to the run reaches only the steps that name it, even if the machine's environment has it too. */
function withoutSecrets(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !Object.hasOwn(secrets, name)))
}

/**
 * `hashFiles` of GitHub: SHA-256 over the SHA-256 of every file of the workspace that matches, in order; a pattern with `!` takes files
 * out again. An empty text when none is left.
 */
function hashFiles(workspace: Workspace, files: Files, patterns: readonly string[]): string {
  const names = new Set<string>()
  for (const pattern of patterns)
    if (pattern.startsWith('!')) for (const name of workspace.match(pattern.slice(1))) names.delete(name)
    else for (const name of workspace.match(pattern)) names.add(name)
  const all = createHash('sha256')
  let any = false
  for (const name of [...names].sort()) {
    const path = workspace.inside(name)
    const real = path === undefined ? undefined : files.real(path)
    if (real === undefined || files.stat(real)?.kind !== 'file') continue
    any = true
    all.update(
      createHash('sha256')
        .update(files.readBytes(real) ?? '')
        .digest(),
    )
  }
  return any ? all.digest('hex') : ''
}
