import { stepAddress } from '../base/address.js'
import type { Json } from '../base/json.js'
import type { Status } from '../journal/outcome.js'
import { ancestors } from '../workflow/graph.js'
import { EvaluationError } from '../workflow/expression/evaluate.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { Answers } from '../workflow/expression/functions.js'
import { expressionsOf } from '../workflow/expression/template.js'
import type { Template } from '../workflow/expression/template.js'
import type { Retry, Step } from '../workflow/model.js'
import { runAttempt } from './attempt.js'
import type { Attempt } from './attempt.js'
import type { CommandFiles } from './command-files.js'
import { conclude, evidenceOf } from './conclude.js'
import type { Conclusion } from './conclude.js'
import { environmentOf } from './contexts.js'
import type { Sight } from './contexts.js'
import { applyLayers } from './environment.js'
import type { Engine, InstanceRun, StepResult } from './engine.js'

/** Steps of the stage itself run when nothing failed; the last ones whatever happened. */
export type Phase = 'steps' | 'finally'

/** Runs a step from its condition to its conclusion. The journal and the instance have its result when it resolves. */
export async function runStep(instance: InstanceRun, step: Step, phase: Phase): Promise<StepResult> {
  const { engine } = instance
  const slot = await engine.slots.acquire()
  const lease = { slot }
  try {
    const skipped = whyNot(instance, step, phase)
    return skipped ? finish(instance, step, skipped) : await work(instance, step, { phase, lease, from: 1 })
  } catch (cause) {
    if (cause instanceof EvaluationError) return finish(instance, step, { status: 'failure', reason: cause.message })
    throw cause
  } finally {
    engine.slots.release(lease.slot)
  }
}

/** Runs a step again after its `fix`; its attempts are counted on. */
export async function runStepAgain(instance: InstanceRun, step: Step, from: number): Promise<StepResult> {
  const lease = { slot: await instance.engine.slots.acquire() }
  try {
    return await work(
      instance,
      { ...step, ...(step.retry ? { retry: { ...step.retry, retries: 0 } } : {}) },
      { phase: 'steps', lease, from },
    )
  } finally {
    instance.engine.slots.release(lease.slot)
  }
}

interface Lease {
  slot: CommandFiles
}

/** All attempts with the waits between them. While it waits, another may use its slot. */
async function work(
  instance: InstanceRun,
  step: Step,
  { phase, lease, from }: { phase: Phase; lease: Lease; from: number },
): Promise<StepResult> {
  const { engine } = instance
  const stop = new AbortController()
  const forward = (): void => stop.abort()
  const source = phase === 'finally' ? engine.kill : instance.stop.signal
  if (source.aborted) forward()
  source.addEventListener('abort', forward, { once: true })
  let late = false
  const total = step.timeout.total
  const cancelTotal =
    total === undefined ? undefined : engine.ports.clock.after(total, () => ((late = true), stop.abort()))
  const attempts: Attempt[] = []
  try {
    for (let number = from; ; number++) {
      const conclusion = await attemptOnce(instance, step, { number, slot: lease.slot, stop: stop.signal, attempts })
      if (late)
        return finish(instance, step, {
          status: 'failure',
          reason: `all attempts together took longer than ${String(total)} ms`,
          attempts,
          from,
        })
      const retry = conclusion.status === 'failure' || conclusion.status === 'judged' ? step.retry : undefined
      const again =
        retry && number - from < retry.retries && !stop.signal.aborted && worthIt(instance, step, retry, attempts)
      if (!again) return finish(instance, step, { ...conclusion, attempts, from })
      engine.slots.release(lease.slot)
      await pause(engine, retryDelay(retry, number - from + 1, engine.ports.random.fraction()), stop.signal)
      lease.slot = await engine.slots.acquire()
      if (stop.signal.aborted)
        return finish(instance, step, {
          ...conclusion,
          ...(late ? {} : { status: 'cancelled', reason: 'stopped between two attempts' }),
          attempts,
          from,
        })
    }
  } finally {
    cancelTotal?.()
    source.removeEventListener('abort', forward)
  }
}

async function attemptOnce(
  instance: InstanceRun,
  step: Step,
  run: { number: number; slot: CommandFiles; stop: AbortSignal; attempts: Attempt[] },
): Promise<Conclusion> {
  const address = stepAddress(instance.address, step.id)
  const { variables, expressions } = surroundings(instance, step, run.slot, run.number)
  const attempt = await runAttempt({
    instance,
    step,
    address,
    number: run.number,
    body: step.body,
    slot: run.slot,
    expressions,
    variables,
    stop: run.stop,
  })
  run.attempts.push(attempt)
  return conclude(step, attempt, instance.gates)
}

/** The wait before a retry, in milliseconds: `delay × backoff^(n-1)`, capped, and with jitter any part of it. */
export function retryDelay(retry: Retry, nth: number, fraction: number): number {
  const wait = Math.min(retry.delay * retry.backoff ** (nth - 1), retry.maxDelay)
  return retry.jitter ? wait * fraction : wait
}

function pause(engine: Engine, ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = engine.ports.clock.after(ms, done)
    function done(): void {
      stop.removeEventListener('abort', done)
      cancel()
      resolve()
    }
    stop.addEventListener('abort', done, { once: true })
  })
}

function worthIt(instance: InstanceRun, step: Step, retry: Retry, attempts: readonly Attempt[]): boolean {
  if (!retry.if) return true
  const last = attempts.at(-1)
  const ending = last?.ending
  const attempt = {
    number: last?.number ?? 0,
    'exit-code': ending?.kind === 'exit' ? ending.code : null,
    'timed-out': ending?.kind === 'timeout',
  }
  return environmentOf({ ...sightOf(instance, step), attempt }, instance.engine).holds(retry.if)
}

/** What a step's expressions see, and the variables of its processes. */
function surroundings(
  instance: InstanceRun,
  step: Step,
  slot: CommandFiles,
  number: number,
): { variables: Record<string, string>; expressions: Environment } {
  const { engine } = instance
  const env: Record<string, string> = Object.assign({}, ...instance.exported.map((told) => told.env))
  const paths = instance.exported.flatMap((told) => told.paths)
  const base = instance.exported.length
    ? { ...instance.variables, declared: { ...instance.variables.declared, ...env } }
    : instance.variables
  const sight = sightOf(instance, step)
  const layered = applyLayers(base, step.env, (declared) => environmentOf({ ...sight, env: declared }, engine))
  const secrets = Object.fromEntries(
    step.secrets.flatMap((name) => (Object.hasOwn(engine.secrets, name) ? [[name, engine.secrets[name] ?? '']] : [])),
  )
  const path = paths.length
    ? {
        PATH: [...paths.reverse(), layered.declared['PATH'] ?? layered.machine['PATH'] ?? ''].join(
          engine.ports.processes.platform === 'win32' ? ';' : ':',
        ),
      }
    : {}
  const address = stepAddress(instance.address, step.id)
  return {
    variables: {
      ...layered.machine,
      ...layered.declared,
      ...path,
      ...secrets,
      ...slot.variables,
      WF_STEP: address,
      WF_ATTEMPT: String(number),
    },
    expressions: environmentOf({ ...sight, env: layered.declared }, engine),
  }
}

function sightOf(instance: InstanceRun, step: Step): Sight {
  const { engine } = instance
  return {
    github: engine.github,
    run: { id: engine.run, target: engine.plan.target, dirty: engine.context.dirty },
    inputs: engine.inputs,
    env: instance.variables.declared,
    matrix: instance.planned.matrix,
    needs: instance.needs,
    steps: () => stepsValue(instance.results),
    secrets: Object.fromEntries(step.secrets.map((name) => [name, engine.secrets[name] ?? ''])),
    evidence: () => [...instance.inherited(), ...[...instance.results.values()].flatMap((result) => result.evidence)],
  }
}

/** The `steps` context, of steps that have ended. */
export function stepsValue(results: ReadonlyMap<string, StepResult>): { [key: string]: Json } {
  return Object.fromEntries(
    [...results].map(([id, { status, conclusion, outputs }]) => [
      id,
      { outcome: githubWord(status), conclusion: githubWord(conclusion), outputs },
    ]),
  )
}

/** GitHub knows four words; a judged step has done its work. */
export const githubWord = (status: Status): string =>
  status === 'judged' ? 'success' : status === 'not-run-here' ? 'skipped' : status

/** Why a step does not run, or nothing. Without a condition of its own it wants all that comes before to have gone well. */
function whyNot(instance: InstanceRun, step: Step, phase: Phase): { status: Status; reason: string } | undefined {
  const { engine, stage } = instance
  const answers = statusAnswers(instance, step, phase)
  const condition = step.if
  const asksStatus = condition && expressionsOf(condition).some((e) => e.asksStatus)
  if (engine.kill.aborted) return { status: 'cancelled', reason: 'the run was cancelled' }
  if (!asksStatus && !answers.success()) return blocked(instance, step, stage.ordered || phase === 'finally')
  if (
    condition &&
    !environmentOf(sightOf(instance, step), { ...answers, hashFiles: engine.hashFiles }).holds(condition)
  )
    return { status: 'skipped', reason: `\`if: ${conditionText(condition)}\` does not hold` }
  return undefined
}

const conditionText = (condition: Template): string => condition.source.trim().split('\n').join(' ')

function blocked(instance: InstanceRun, step: Step, ordered: boolean): { status: Status; reason: string } {
  if (instance.engine.cancel.aborted) return { status: 'cancelled', reason: 'the run was cancelled' }
  const bad = step.needs.find((need) => !isOk(instance.results.get(need)?.conclusion))
  if (!ordered && bad !== undefined) return { status: 'skipped', reason: `it needs \`${bad}\`, which did not succeed` }
  const culprit = instance.stoppedBy ?? [...instance.results].find(([, r]) => r.conclusion === 'failure')?.[0] ?? ''
  return { status: 'skipped', reason: `\`${culprit}\` failed before` }
}

export const isOk = (status: Status | undefined): boolean => status === 'success' || status === 'judged'

/** The status functions as a step sees them. In a list a skipped step stops nobody; in a graph what needs it is skipped too. */
function statusAnswers(instance: InstanceRun, step: Step, phase: Phase): Omit<Answers, 'hashFiles'> {
  const { engine, stage, results } = instance
  const cancelled = (): boolean => engine.cancel.aborted
  const always = (): boolean => true
  if (phase === 'finally') return { success: always, always, cancelled, failure: () => instance.failed }
  const halted = (): boolean => cancelled() || instance.stop.signal.aborted
  if (stage.ordered) {
    const success = (): boolean => !halted() && !instance.failed
    return { success, always, cancelled, failure: () => !cancelled() && instance.failed }
  }
  const before = (): Set<string> => ancestors(new Map(stage.steps.map((s) => [s.id, s.needs])), [step.id])
  return {
    success: () => !halted() && step.needs.every((need) => isOk(results.get(need)?.conclusion)),
    always,
    cancelled,
    failure: () => !cancelled() && [...before()].some((id) => results.get(id)?.conclusion === 'failure'),
  }
}

interface Ended {
  status: Status
  reason?: string
  outside?: boolean
  outputs?: Record<string, Json>
  attempts?: readonly Attempt[]
  from?: number
}

function finish(instance: InstanceRun, step: Step, ended: Ended): StepResult {
  const { engine } = instance
  const attempts = ended.attempts ?? []
  const last = attempts.at(-1)
  const tolerated = ended.status === 'failure' && tolerates(instance, step)
  const result: StepResult = {
    step,
    status: ended.status,
    conclusion: tolerated ? 'success' : ended.status,
    outputs: ended.outputs ?? {},
    evidence: evidenceOf(attempts),
    attempts: last?.number ?? 0,
  }
  const bad = ended.status === 'failure' || ended.status === 'judged'
  engine.journal.append({
    type: 'step.finished',
    step: stepAddress(instance.address, step.id),
    status: result.status,
    conclusion: result.conclusion,
    ...(ended.reason === undefined ? {} : { reason: ended.reason }),
    ...(ended.outside ? { outside: true } : {}),
    attempts: result.attempts,
    outputs: result.outputs,
    warnings: attempts.flatMap((a) => a.warnings),
    tail: bad ? (last?.tail ?? []) : [],
    ...(last?.told.summary ? { summary: last.told.summary } : {}),
    ...(last?.log === undefined ? {} : { log: last.log }),
  })
  instance.results.set(step.id, result)
  if (result.conclusion === 'failure') instance.failed = true
  if (last && (last.told.paths.length || Object.keys(last.told.env).length)) instance.exported.push(last.told)
  return result
}

function tolerates(instance: InstanceRun, step: Step): boolean {
  const { continueOnError } = step
  if (typeof continueOnError === 'boolean') return continueOnError
  return environmentOf(sightOf(instance, step), instance.engine).holds(continueOnError)
}
