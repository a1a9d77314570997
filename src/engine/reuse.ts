import { join } from 'node:path'
import { stepAddress } from '../base/address.js'
import { notAskedFor } from '../journal/conclude.js'
import type { DoneStep } from '../journal/state.js'
import { madeBefore } from './attempt.js'
import type { Attempt } from './attempt.js'
import type { Ended } from './ended.js'
import type { Resumed } from './engine.js'
import { noteLeft } from './left.js'

import type { Situated } from './step-run.js'

/** How a step ended that is not run: it did in the run that this one goes on from, or nobody asked for it. Nothing for all others. */
export function reused(run: Situated): Ended | undefined {
  const { instance, step } = run
  const resumed = instance.engine.going?.resumed
  if (!resumed) return undefined
  const address = stepAddress(instance.address, step.id)
  const done = resumed.reuse.get(address)
  if (done) return again(run, address, done, resumed)
  const outputs = resumed.idle.get(address)
  if (outputs) return { status: 'skipped', reason: 'all that need it are reused', outputs }
  return resumed.leave.has(address) ? { status: 'skipped', reason: notAskedFor } : undefined
}

/** What it told then, told once more. */
function again({ instance, step }: Situated, address: string, done: DoneStep, earlier: Resumed): Ended {
  const { finished, reports, left } = done
  const { journal, ports, folder } = instance.engine
  journal.append({ type: 'step.reused', step: address, run: earlier.run })
  if (left !== undefined) noteLeft(instance, step.id, left)
  for (const { attempt, report } of reports) journal.append({ type: 'report.read', step: address, attempt, report })
  const { status, reason, outputs, log } = finished
  if (status === 'skipped') return { status, ...(reason === undefined ? {} : { reason }) }
  const bytes = log === undefined ? undefined : ports.files.readBytes(join(earlier.folder, log))
  if (log !== undefined && bytes) ports.files.write(join(folder, log), bytes)
  return { status, outputs, attempts: attemptsOf(done), reason: `reused from ${earlier.run}` }
}

/** The attempts of a step that ended elsewhere, as far as they are known: all with their reports, the last one with what it told. */
export function attemptsOf({ finished, reports }: DoneStep): Attempt[] {
  const { attempts: count, outputs, env = {}, paths = [], warnings, summary = '', log } = finished
  const numbers = new Set([...reports.map(({ attempt }) => attempt), count])
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => {
      const own = reports.flatMap((one) => (one.attempt === number ? [one.report] : []))
      const told = { outputs, env, paths, summary, reports: own }
      return madeBefore(number, number === count ? { ...told, warnings, log } : { ...told, warnings: [] })
    })
}
