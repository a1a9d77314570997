import type { Ending } from '../journal/events.js'
import { runAttempt } from './attempt.js'
import type { Attempt, Service, Stops } from './attempt.js'
import { CommandFiles } from './command-files.js'
import type { Told } from './command-files.js'
import { conclude, endingText } from './conclude.js'
import type { Concluded } from './conclude.js'
import { environmentOf } from './contexts.js'
import type { Ended } from './ended.js'
import type { InstanceRun } from './engine.js'
import { Halt } from './halt.js'
import { succeeded } from './kind.js'
import { probeOf } from './ready.js'
import type { Unready } from './ready.js'
import type { Situated, StepRun } from './step-run.js'

/**
 * Starts a background step and waits until it is ready: then its attempt has succeeded so far, and goes on as a service. Until then it
 * is stopped like any other step.
 */
export async function startService(run: StepRun, number: number, stops: Stops): Promise<Concluded> {
  const { instance, step } = run
  const { engine } = instance
  // Those of the seat are for whoever takes it next, and this one writes on.
  const slot = new CommandFiles(engine.ports.files, engine.temporary, engine.ports.random)
  const begun = await begin({ ...run, slot }, number, stops)
  if (!('service' in begun)) return { attempt: begun, conclusion: concludeUnready(run, begun) }
  const { service } = begun
  const told = slot.take()
  const nothing = { reports: [], fresh: [], warnings: [], errors: [], tail: [] }
  const attempt: Attempt = { number, ending: succeeded, outputs: told.outputs, told, ...nothing, service }
  const conclusion = conclude(step, attempt, instance.gates)
  if (conclusion.status === 'success') return { attempt, conclusion }
  service.end({ kind: 'stopped' })
  return { attempt: joined(attempt, await service.over), conclusion }
}

/** The attempt that is ready and goes on, or the whole one that never was. */
async function begin(run: StepRun, number: number, stops: Stops): Promise<Attempt | { service: Service }> {
  const { engine } = run.instance
  const { clock } = engine.ports
  const clean = (text: string): string => engine.redactor.text(text)
  const probe = await probeOf(run.step.background?.ready, environmentOf(run.sight, engine), {
    ports: engine.ports,
    clean,
  })
  const [halt, gone] = [new Halt(), new Halt()]
  let { ending } = stops
  const end = (as: () => Ending): void => {
    if (halt.halted) return
    ending = as
    halt.halt()
  }
  const forget = stops.stop.on(() => end(stops.ending))
  const began = clock.monotonic()
  let started = (): void => undefined
  const start = new Promise<void>((resolve) => (started = resolve))
  const over = runAttempt(run, number, { stop: halt, ending: () => ending() }, { started, print: probe.print })
  over.then(
    () => gone.halt(),
    () => gone.halt(),
  )
  halt.on(() => gone.halt())
  const unready = await Promise.race([over.then((): Unready => ({})), start.then(async () => probe.wait(gone))])
  forget()
  const { late, never } = unready
  const service: Service = { ready_ms: Math.round(clock.monotonic() - began), over, end: (as) => end(() => as) }
  if (!gone.halted && late === undefined && never === undefined) return { service }
  const limit_ms = run.step.background?.ready?.within ?? 0
  if (late !== undefined) end(() => ({ kind: 'timeout', limit_ms }))
  if (never !== undefined) end(() => ({ kind: 'error', message: never }))
  const attempt = await over
  return { ...attempt, ...whyUnready(attempt, unready) }
}

/** Why a step was not ready; nothing where that is no news, since it was stopped or could not be started. */
function whyUnready({ ending }: Attempt, { late, never }: Unready): { unready?: string } {
  if (ending.kind === 'cancelled') return {}
  if (ending.kind === 'exit' || ending.kind === 'signal')
    return { unready: `it ended (${endingText(ending)}) before it was ready` }
  const why = late ?? never
  return why === undefined ? {} : { unready: why }
}

function concludeUnready({ step, instance }: StepRun, attempt: Attempt): Concluded['conclusion'] {
  const conclusion = conclude(step, attempt, instance.gates)
  const { unready } = attempt
  return unready === undefined ? conclusion : { status: 'failure', reason: unready, outputs: attempt.outputs }
}

/** Follows a service until nothing of it is left; it is ended with its instance, and at once when the run is cancelled. */
export function goOn(instance: InstanceRun, service: Service, ended: (whole: Attempt) => void): void {
  const { engine, cancel, services } = instance
  const forget = [cancel, engine.kill].map((halt) => halt.on(() => service.end({ kind: 'cancelled' })))
  const over = service.over
    .then(ended)
    .catch((cause: unknown) => {
      // As with every step: what throws is a bug or a full disk, and then everything is ended.
      engine.kill.halt()
      throw cause
    })
    .finally(() => forget.forEach((one) => one()))
  // Whoever ends the instance hears of it.
  over.catch(() => undefined)
  services.push({ end: () => service.end({ kind: 'stopped' }), over })
}

/** Ends all services of an instance together; nothing of them is left when it resolves. */
export async function endServices({ services }: InstanceRun): Promise<void> {
  for (const { end } of services) end()
  const ends = await Promise.allSettled(services.map(({ over }) => over))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** How a step ended that went on in the background: when it was needed no more, with the run, or by itself before that. */
export function endedInBackground(
  { step, instance }: Situated,
  ready: Ended,
  { whole, tolerant }: { whole: Attempt; tolerant: () => boolean },
): Ended {
  const last = ready.attempts?.at(-1)
  const attempt = last ? joined(last, whole) : whole
  const attempts = [...(ready.attempts ?? []).slice(0, -1), attempt]
  const { ending } = attempt
  const end = endingText(ending)
  if (ending.kind === 'exit' && ending.code === 0 && tolerant())
    return { ...ready, reason: `it ended (${end}) before its stage did`, attempts }
  if (ending.kind !== 'stopped' && ending.kind !== 'cancelled')
    return { ...ready, status: 'failure', reason: `it ended (${end}) while it was needed`, attempts }
  const conclusion = conclude(step, attempt, instance.gates)
  const good = conclusion.status === 'success'
  return { ...conclusion, ...(good ? { reason: 'stopped at the end of the stage' } : {}), attempts }
}

/** A whole attempt, with what it told before it was ready. */
function joined(before: Attempt, whole: Attempt): Attempt {
  const told: Told = {
    outputs: { ...before.told.outputs, ...whole.told.outputs },
    env: { ...before.told.env, ...whole.told.env },
    paths: [...before.told.paths, ...whole.told.paths],
    summary: before.told.summary + whole.told.summary,
    problems: [...before.told.problems, ...whole.told.problems],
  }
  return { ...whole, told, outputs: { ...before.outputs, ...whole.outputs } }
}
