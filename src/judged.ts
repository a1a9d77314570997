import { error } from './base/diagnostic.js'
import type { Diagnostic } from './base/diagnostic.js'
import { fail, ok } from './base/result.js'
import type { Result } from './base/result.js'
import type { ChangeFile } from './change-file.js'
import type { RulesOutcome } from './journal/outcome.js'
import { everything } from './plan/build.js'
import type { RunContext } from './trigger/context.js'
import { noBase } from './trigger/rules.js'
import type { BaseRules, FoundRules } from './trigger/rules.js'
import { chooseTarget } from './trigger/trigger.js'
import { loadWorkflow } from './workflow/load.js'
import type { Loaded } from './workflow/load.js'
import type { Workflow } from './workflow/model.js'
import { compareRules, ownChanges } from './workflow/rule-changes.js'
import { absentGates, withEventsOf, withGatesOf } from './workflow/rules.js'
import type { AbsentGate } from './workflow/rules.js'

/** For which run a workflow is to be judged. */
interface Asked {
  context: RunContext
  /** The commit that is checked out. */
  checkout: string | null
  /** The target that was named. */
  target: string | undefined
}

/** The steps of a change under the rules that judge it. */
export interface Judged {
  workflow: Workflow
  warnings: Diagnostic[]
  /** How far to walk; `undefined` is every stage. */
  target: Result<string | undefined, Diagnostic>
  rules: RulesOutcome
  /** Gates of the base that the change keeps from judging. */
  absent: AbsentGate[]
  notes: string[]
}

/** Lays the rules that were found over the change's own file, and tells how the two differ. */
export async function judgedBy(
  found: FoundRules,
  change: ChangeFile,
  asked: Asked,
): Promise<Result<Judged, Diagnostic>> {
  const { context } = asked
  const own = { sha: context.dirty ? null : context.sha, name: null, changes: [] }
  if (found.of !== 'base') return asItStands(change.loaded, { of: found.of, ...own }, asked, found.notes)
  const { sha, name, file, notes } = found
  const base = { sha, name, changes: [] }
  const isGone = change.text === undefined
  if (!file || (!change.loaded.ok && !isGone))
    return asItStands(change.loaded, { of: 'adoption', ...base }, asked, notes)
  if (change.text !== undefined && file.is(change.text)) {
    const isOwn = found.mayBeOwn && sha === asked.checkout
    return asItStands(change.loaded, isOwn ? { of: 'own', ...own } : { of: 'base', ...base }, asked, notes)
  }
  const text = await file.text()
  if (!text.ok) return fail(noBase(name, text.reason))
  const before = await loadWorkflow(file.path, text.value, change.shelf)
  if (isGone) return before.ok ? asItStands(before, { of: 'deleted', ...base }, asked, notes) : failed(change.loaded)
  if (before.ok && change.loaded.ok)
    return ok(await mixed({ ...found, workflow: before.workflow }, change.loaded, asked))
  return asItStands(change.loaded, { of: 'own', ...own }, asked, [...notes, brokenNote(found, before)])
}

/** The problems of a file that cannot be used. */
const failed = (loaded: Loaded): Result<Judged, Diagnostic> => ({
  ok: false,
  problems: loaded.ok ? [] : loaded.problems,
})

function asItStands(
  loaded: Loaded,
  rules: RulesOutcome,
  { context, target }: Asked,
  notes: string[] = [],
): Result<Judged, Diagnostic> {
  if (!loaded.ok) return failed(loaded)
  const { workflow, warnings } = loaded
  return ok({ workflow, warnings, target: chooseTarget(workflow, context, target), rules, absent: [], notes })
}

const nameOf = ({ name, sha }: BaseRules): string => name ?? sha.slice(0, 7)

/** A broken file of the base must be mendable by a change. */
function brokenNote(base: BaseRules, loaded: Loaded): string {
  const [first] = loaded.ok ? [] : loaded.problems
  const { place, message = '' } = first ?? {}
  const at = place ? `${place.file}:${place.line}: ` : ''
  return `the workflow file of ${nameOf(base)} (${base.sha.slice(0, 7)}) cannot be used, so the change's own rules judge: ${at}${message}`
}

async function mixed(
  base: BaseRules & { workflow: Workflow },
  { workflow: change, warnings }: Extract<Loaded, { ok: true }>,
  { context, target: named }: Asked,
): Promise<Judged> {
  const { sha, name } = base
  const walking = withEventsOf(base.workflow, change)
  const target = walkable(chooseTarget(walking, context, named), change, { name: nameOf(base), named })
  const goal = target.ok && target.value !== everything ? target.value : undefined
  const workflow = withGatesOf(base.workflow, walking, goal)
  const changes = compareRules(base.workflow, change, goal)
  const text = changes.length ? await base.fork() : undefined
  const forked = text === undefined ? undefined : await loadWorkflow(change.path, text)
  const fork = forked?.ok ? forked.workflow : undefined
  return {
    workflow,
    warnings,
    target,
    rules: { of: 'base', sha, name, changes: fork ? ownChanges(changes, compareRules(fork, change, goal)) : changes },
    absent: absentGates({ workflow: base.workflow, name: nameOf(base), fork }, change, goal),
    notes: base.notes,
  }
}

/** The base says how far to walk; a stage that the change no longer has cannot be walked to. */
function walkable(
  target: Result<string | undefined, Diagnostic>,
  { stages }: Workflow,
  { name, named }: { name: string; named: string | undefined },
): Result<string | undefined, Diagnostic> {
  if (!target.ok || target.value === undefined || named !== undefined || stages.has(target.value)) return target
  const hint = `keep it, if only as a milestone (\`${target.value}: { needs: [...] }\`), until \`on\` of ${name} names another`
  return fail(
    error('unknown-target', `${name} walks to the stage \`${target.value}\`, which this change no longer has`, {
      hint,
    }),
  )
}
