import type { Diagnostic } from './base/diagnostic.js'
import { fail } from './base/result.js'
import type { Result } from './base/result.js'
import { namesOf, readChange, whyAbsent } from './change-file.js'
import { startOf } from './history/start.js'
import { judgedBy } from './judged.js'
import { homeOf } from './options.js'
import type { Prepared, RunOptions } from './options.js'
import { buildPlan } from './plan/build.js'
import type { Plan } from './plan/plan.js'
import { secretNotes } from './plan/secrets.js'
import type { Ports } from './ports.js'
import { localBase } from './trigger/checkout.js'
import type { RunContext } from './trigger/context.js'
import { dispatchedInputs, readInputs } from './trigger/inputs.js'
import { findRules } from './trigger/rules.js'
import { readContext } from './trigger/trigger.js'
import type { Workflow } from './workflow/model.js'

/** Reads the file, the event and git into a plan; every mistake of the user's is told, nothing runs. */
export async function prepare(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { resume, folder, target } = options
  if (!resume) return prepareNew(options, ports)
  const { prepareResumed } = await import('./resume.js')
  const again = async (known: string) =>
    prepareNew(options.event || target !== undefined ? options : { ...options, target: known }, ports)
  return prepareResumed({ home: homeOf(options), folder, resume }, ports, again)
}

async function prepareNew(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { folder, event } = options
  const base = localBase(ports.git, folder, options.base)
  // Git is asked while the file is read.
  const [asked, change, found] = await Promise.all([
    readContext(ports.git, folder, { ...options, found: base }),
    readChange(options, ports),
    findRules(
      { folder, ...namesOf(options, ports.files), own: options.ownRules ?? false, base, ...(event ? { event } : {}) },
      ports,
    ),
  ])
  if (!change.loaded.ok && change.text !== undefined) return change.loaded
  if (!asked.ok) return asked
  if (!found.ok) return found
  const { checkout, notes } = asked.value
  const absence = change.text === undefined && event ? await whyAbsent(options, checkout, ports) : undefined
  if (absence) return fail(absence)
  const mergeBase = found.value.of === 'base' ? found.value.mergeBase : null
  const context = { ...asked.value.context, ...(mergeBase === null ? {} : { base: mergeBase }) }
  const judged = await judgedBy(found.value, change, { context, checkout, target: options.target })
  if (!judged.ok) return judged
  const { workflow, warnings, target, rules, absent } = judged.value
  const inputs = readInputs(workflow, { ...dispatchedInputs(workflow, context), ...options.inputs })
  const plan = target.ok ? buildPlan(workflow, target.value) : target
  const problems = [inputs, plan].flatMap((part) => (part.ok ? [] : part.problems))
  if (!inputs.ok || !plan.ok) return { ok: false, problems }
  const told = notesOnSecrets(workflow, plan.value, options, context)
  const more = { notes: [...notes, ...judged.value.notes, ...told], inputs: inputs.value, plan: plan.value }
  const { of } = found.value
  const from = of === 'base' ? { sha: found.value.sha, name: found.value.name } : event ? null : await base
  const start = startOf({ event, base: from })
  return { ok: true, value: { workflow, warnings, context, checkout, rules, absent, start, ...more } }
}

/** A fork's run is given no secrets: there it is no news that they are missing. */
function notesOnSecrets(workflow: Workflow, plan: Plan, options: RunOptions, context: RunContext): string[] {
  if (context.foreign) return []
  const how = options.event ? 'give it to the action by its input `secrets`' : 'give it by `--secret NAME`'
  return secretNotes(workflow, plan, Object.keys(options.secrets ?? {}), how)
}
