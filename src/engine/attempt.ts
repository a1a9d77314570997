import { isJudgedHere } from './gates.js'
import { join } from 'node:path'
import type { Json } from '../base/json.js'
import type { Evidence, ReadReport } from '../evidence/evidence.js'
import { refingerprint } from '../evidence/fingerprint.js'
import { placePackages } from '../evidence/packages.js'
import { placePaths } from '../evidence/place.js'
import type { Ending, ReportRead } from '../journal/events.js'
import { stepAddress } from '../base/address.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Told } from './command-files.js'
import { environmentOf } from './contexts.js'
import type { InstanceRun } from './engine.js'
import { Halt } from './halt.js'
import { failed, succeeded } from './kind.js'
import type { StepAnswer, StepCall, StepKind } from './kind.js'
import { AttemptOutput, logName } from './output.js'
import { clearReports, collectReports } from './reports.js'
import type { Collected } from './reports.js'
import { ofShard } from './shard.js'
import { processVariables } from './sight.js'
import type { StepRun } from './step-run.js'

/** One attempt after it has ended, before anything is concluded from it. */
export interface Attempt {
  number: number
  ending: Ending
  outputs: Record<string, Json>
  told: Told
  reports: ReadReport[]
  /** What the reports say that it wrote itself; those that lie in git on purpose explain no exit code. */
  fresh: Evidence[]
  warnings: string[]
  /** The first lines that look like an error, and the last ones of all that it printed. */
  errors: string[]
  tail: string[]
  /** How long a service asked to wait before the next attempt, in milliseconds. */
  retryAfter?: number
  log?: string
  /** It is ready and goes on in the background. */
  service?: Service
  /** A background step ended or was ended before it was ready, for this reason. */
  unready?: string
}

/** What is known of an attempt that another run made: what it told, and that it went well. */
export const madeBefore = (
  number: number,
  told: Pick<Attempt, 'outputs' | 'reports' | 'warnings'> &
    Pick<Told, 'env' | 'paths' | 'summary'> & { log?: string | undefined },
): Attempt => {
  const { outputs, reports, warnings, env, paths, summary, log } = told
  return {
    number,
    ending: succeeded,
    outputs,
    told: { outputs: {}, env, paths, summary, problems: [] },
    reports,
    fresh: [],
    warnings,
    errors: [],
    tail: [],
    ...(log === undefined ? {} : { log }),
  }
}

export interface Stops {
  /** The attempt shall stop. */
  stop: Halt
  /** How an attempt that was stopped has ended. */
  ending: () => Ending
}

/** An attempt that goes on in the background. */
export interface Service {
  /** How long it took to be ready, in milliseconds. */
  ready_ms: number
  /** The whole attempt, when nothing of it is left. */
  over: Promise<Attempt>
  /** Ends it as a cancel ends a step, unless it has ended. */
  end: (as: Ending) => void
}

/** Follows an attempt while it runs. */
export interface Watch {
  started: () => void
  /** Hears of what it prints as it comes, secrets and all. */
  print: (stream: 'stdout' | 'stderr', text: string) => void
}

/** Clears the reports, runs the step once within its limit, and reads what it told and wrote. The journal has both ends. */
export async function runAttempt(run: StepRun, number: number, stops: Stops, watch?: Watch): Promise<Attempt> {
  const { instance, step, slot } = run
  const { engine } = instance
  const { journal, ports, files } = engine
  const address = stepAddress(instance.address, step.id)
  const expressions = environmentOf(run.sight, engine)
  const variables = processVariables(instance, step, run.surroundings, { slot, number })
  const printed = step.reports.filter((report) => report.source === 'stdout')
  const capturePath = printed.length ? join(engine.temporary, `stdout-${ports.random.hex(12)}`) : ''
  const output = new AttemptOutput({
    step: address,
    files: ports.files,
    redactor: engine.redactor,
    live: engine.live,
    folder: engine.folder,
    log: () => logName(instance.stage.id, instance.address, step.id, number),
    ...(printed.length ? { capturePath } : {}),
    ...(watch ? { watch: watch.print } : {}),
  })
  const before = await clearReports(files, ports.files, step.reports, expressions)
  journal.append({ type: 'attempt.started', step: address, attempt: number })
  const began = ports.clock.monotonic()
  const answer = await answerOf(run, output, { expressions, variables, stops, watch })
  const { log, errors, tail } = output.end()
  const told = slot.take()
  const captured = { reports: printed, path: capturePath, exitedWell: isGood(answer.ending) }
  const wanted = step.reports.length > 0 && answer.ending.kind !== 'cancelled'
  const collected = wanted ? await collectReports(files, ports.files, before, captured) : []
  if (printed.length) ports.files.remove(capturePath)
  const placed = await placeAll(instance, collected)
  // Whatever it is compared with is looked for while other steps run; who judges waits for it.
  if (placed.some(({ report }) => report.evidence) && isJudged(instance)) void engine.compare()
  for (const one of placed) journal.append({ type: 'report.read', step: address, attempt: number, ...toldOf(one) })
  journal.append({
    type: 'attempt.finished',
    step: address,
    attempt: number,
    ending: answer.ending,
    duration_ms: Math.round(ports.clock.monotonic() - began),
  })
  return {
    number,
    ending: answer.ending,
    outputs: { ...told.outputs, ...answer.outputs },
    told,
    reports: placed.map(({ report }) => report),
    fresh: placed.flatMap(({ report, stored }) => (report.evidence && !stored ? [report.evidence] : [])),
    warnings: answer.warnings ?? [],
    errors,
    tail,
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
    ...(log === undefined ? {} : { log }),
  }
}

/** Whether this machine judges what the instance leaves, as far as the plan tells. */
const isJudged = ({ engine, stage: { id } }: InstanceRun): boolean =>
  isJudgedHere(engine, id, engine.plan.stages.find((stage) => stage.id === id)?.instances ?? [])

/** What the journal says of a report that was read. */
function toldOf({ report, stored, printed }: Collected): Pick<ReportRead, 'report' | 'source'> {
  const source = stored ? 'stored' : printed ? 'printed' : undefined
  return { report, ...(source === undefined ? {} : { source }) }
}

/** Whether it did what it should: it exited with 0, or had gone on in the background until it was needed no more. */
export const isGood = (ending: Ending): boolean =>
  ending.kind === 'stopped' || (ending.kind === 'exit' && ending.code === 0)

/** The paths in reports become those of the repository, and findings are known by the lines they stand in. */
async function placeAll(run: InstanceRun, collected: Collected[]): Promise<Collected[]> {
  const { engine } = run
  if (!collected.length) return collected
  const all = await engine.files.tracked()
  const tracked = all && [...all]
  const lines = (name: string): string[] | undefined => engine.files.lines(name)
  return collected.map((one) => {
    const { report } = one
    if (!report.evidence) return one
    const placed = ofShard(run, placePaths(report.evidence, tracked, engine.workspace))
    const evidence =
      placed.kind === 'findings'
        ? { ...placed, findings: refingerprint(placePackages(placed.findings, '', lines), lines) }
        : placed
    return { ...one, report: { ...report, evidence } }
  })
}

interface Given {
  expressions: Environment
  variables: Record<string, string>
  stops: Stops
  watch: Watch | undefined
}

/** Runs the step's kind within the limit of one attempt. What had to be stopped has not done its work, whatever it answers. */
async function answerOf(
  run: StepRun,
  output: AttemptOutput,
  { expressions, variables, stops, watch }: Given,
): Promise<StepAnswer> {
  const { instance, step } = run
  const { engine } = instance
  const limit = step.timeout.attempt
  const timer = limit === undefined ? undefined : new Halt()
  const cancelTimer = timer && engine.ports.clock.after(limit ?? 0, () => timer.halt())
  const forget = timer && stops.stop.on(() => timer.halt())
  try {
    const folder = workingFolder(run, expressions)
    if (folder === undefined) return failed('the working directory leads out of the repository')
    const call: StepCall = {
      body: step.body,
      expressions,
      variables,
      folder,
      workspace: engine.workspace,
      temporary: engine.temporary,
      stop: timer ?? stops.stop,
      kill: engine.kill,
      print: (stream, chunk) => output.print(stream, chunk),
      ...(watch ? { started: watch.started } : {}),
      ...(engine.room ? { room: engine.room } : {}),
      ports: engine.ports,
    }
    const kind = engine.kinds[step.body.kind] as StepKind
    const answer = await kind(call)
    if (stops.stop.halted) return { ...answer, ending: stops.ending() }
    return timer?.halted ? { ...answer, ending: { kind: 'timeout', limit_ms: limit ?? 0 } } : answer
  } catch (cause) {
    if (cause instanceof EvaluationError) return failed(cause.message)
    throw cause
  } finally {
    cancelTimer?.()
    forget?.()
  }
}

function workingFolder({ instance, step }: StepRun, expressions: Environment): string | undefined {
  const template = step.workingDirectory ?? instance.stage.workingDirectory
  return template ? instance.engine.files.inside(expressions.text(template)) : instance.engine.workspace
}
