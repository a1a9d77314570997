import { join } from 'node:path'
import { fileSafe } from '../base/address.js'
import type { Json } from '../base/json.js'
import type { ReadReport } from '../evidence/evidence.js'
import { refingerprint } from '../evidence/fingerprint.js'
import { placePaths } from '../evidence/place.js'
import type { Ending } from '../journal/events.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Body, Step } from '../workflow/model.js'
import type { CommandFiles, Told } from './command-files.js'
import type { InstanceRun } from './engine.js'
import { failed } from './kind.js'
import type { StepAnswer, StepCall, StepKind } from './kind.js'
import { AttemptOutput, logName } from './output.js'
import { clearReports, collectReports } from './reports.js'

/** One attempt after it has ended, before anything is concluded from it. */
export interface Attempt {
  number: number
  ending: Ending
  outputs: Record<string, Json>
  told: Told
  reports: ReadReport[]
  warnings: string[]
  tail: string[]
  log?: string
}

export interface AttemptInput {
  instance: InstanceRun
  step: Step
  address: string
  number: number
  body: Body
  slot: CommandFiles
  expressions: Environment
  variables: Record<string, string>
  /** Aborted when all attempts together have taken too long, or the stage stops. */
  stop: AbortSignal
}

/** Clears the reports, runs the step once within its limit, and reads what it told and wrote. The journal has both ends. */
export async function runAttempt(input: AttemptInput): Promise<Attempt> {
  const { instance, step, address, number, slot } = input
  const { engine } = instance
  const { journal, ports, files } = engine
  const log = logName(instance.stage.id, instance.address, step.id, number)
  const stdout = step.reports.find((report) => report.source === 'stdout')
  const capturePath = join(engine.folder, 'stdout', fileSafe(instance.address), `${fileSafe(step.id)}.${number}`)
  const output = new AttemptOutput({
    step: address,
    files: ports.files,
    redactor: engine.redactor,
    live: engine.live,
    logPath: join(engine.folder, log),
    ...(stdout ? { capturePath } : {}),
  })
  journal.append({ type: 'attempt.started', step: address, attempt: number })
  const began = ports.clock.monotonic()
  const before = await clearReports(files, ports.files, step.reports, input.expressions)
  const answer = await callKind(input, output)
  const { logged, tail } = output.end()
  const told = slot.take()
  const captured = stdout && { report: stdout, path: capturePath, exitedWell: isGood(answer.ending) }
  const interrupted = answer.ending.kind === 'cancelled'
  const reports = step.reports.length && !interrupted ? await collectReports(files, ports.files, before, captured) : []
  const placed = reports.length ? await placeAll(instance, reports) : reports
  for (const report of placed) journal.append({ type: 'report.read', step: address, attempt: number, report })
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
    reports: placed,
    warnings: answer.warnings ?? [],
    tail,
    ...(logged ? { log } : {}),
  }
}

export const isGood = (ending: Ending): boolean => ending.kind === 'exit' && ending.code === 0

/** The paths in reports become those of the repository, and findings are known by the lines they stand in. */
async function placeAll({ engine }: InstanceRun, reports: ReadReport[]): Promise<ReadReport[]> {
  const tracked = [...(await engine.files.tracked())]
  const lines = (name: string): string[] | undefined => engine.files.lines(name)
  return reports.map((report) => {
    if (!report.evidence) return report
    const placed = placePaths(report.evidence, tracked.length ? tracked : undefined, engine.workspace)
    const evidence =
      placed.kind === 'findings' ? { ...placed, findings: refingerprint(placed.findings, lines) } : placed
    return { ...report, evidence }
  })
}

async function callKind(input: AttemptInput, output: AttemptOutput): Promise<StepAnswer> {
  const { instance, step } = input
  const { engine } = instance
  const limit = step.timeout.attempt
  const timer = limit === undefined ? undefined : new AbortController()
  const cancelTimer = limit === undefined ? undefined : engine.ports.clock.after(limit, () => timer?.abort())
  try {
    const folder = workingFolder(input)
    if (folder === undefined) return failed('the working directory leads out of the repository')
    const call: StepCall = {
      body: input.body,
      expressions: input.expressions,
      variables: input.variables,
      folder,
      workspace: engine.workspace,
      temporary: join(engine.folder, 'temporary'),
      stop: timer ? AbortSignal.any([input.stop, timer.signal]) : input.stop,
      kill: engine.kill,
      print: (stream, chunk) => output.print(stream, chunk),
      ports: engine.ports,
    }
    const kind = engine.kinds[input.body.kind] as StepKind
    const answer = await kind(call)
    if (timer?.signal.aborted && !isGood(answer.ending))
      return { ...answer, ending: { kind: 'timeout', limit_ms: limit ?? 0 } }
    return input.stop.aborted && !isGood(answer.ending) ? { ...answer, ending: { kind: 'cancelled' } } : answer
  } catch (cause) {
    if (cause instanceof EvaluationError) return failed(cause.message)
    throw cause
  } finally {
    cancelTimer?.()
  }
}

function workingFolder({ instance, step, expressions }: AttemptInput): string | undefined {
  const template = step.workingDirectory ?? instance.stage.workingDirectory
  return template ? instance.engine.files.inside(expressions.text(template)) : instance.engine.workspace
}
