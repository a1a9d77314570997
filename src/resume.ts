import { join } from 'node:path'
import { error } from './base/diagnostic.js'
import type { Diagnostic } from './base/diagnostic.js'
import { fail, ok } from './base/result.js'
import type { Result } from './base/result.js'
import { nearest } from './base/text.js'
import type { Going } from './engine/engine.js'
import type { ResumeRequest } from './engine/resume.js'
import { trackedFiles } from './evidence/collectors/tracked.js'
import { readJournal } from './journal/journal.js'
import type { JournalLine } from './journal/events.js'
import { splitIn } from './journal/shards.js'
import type { RunState } from './journal/state.js'
import { foldState } from './journal/state.js'
import { planInstances } from './plan/build.js'
import { definitionsOf } from './plan/definition.js'
import type { Given } from './plan/definition.js'
import type { Plan } from './plan/plan.js'
import type { Files, Git } from './ports.js'
import type { Workflow } from './workflow/model.js'

/** Which run is gone on from: its id, the beginning of it, or `last`. */
export interface ResumeOptions extends ResumeRequest {
  run: string
}

/** An earlier run of this machine. */
interface Earlier {
  state: RunState
  lines: readonly JournalLine[]
  /** Its folder, absolute. */
  folder: string
}

/** Reads the state of an earlier run under `home`; a journal that was cut off tells what there is. */
function readEarlier(home: string, { run }: ResumeOptions, files: Files): Result<Earlier, Diagnostic> {
  const runs = join(home, 'runs')
  const ids = files.list(runs).flatMap(({ name, kind }) => (kind === 'directory' ? [name] : []))
  const found = run === 'last' ? ids.slice(-1) : ids.filter((id) => id === run || id.startsWith(run))
  const [id, second] = found
  if (id === undefined || second !== undefined) {
    const [near] = nearest(run, ids)
    const message =
      second === undefined ? `there is no run \`${run}\` to go on from` : `several runs begin with \`${run}\``
    const last = ids.at(-1)
    const hint = near
      ? `did you mean \`${near}\`?`
      : last === undefined
        ? 'nothing has run here yet'
        : `the last one is \`${last}\``
    return fail(error('no-run', message, { hint }))
  }
  const folder = join(runs, id)
  const { lines } = readJournal(files.readText(join(folder, 'journal.jsonl')) ?? '')
  const state = foldState(lines)
  return state
    ? ok({ state, lines, folder })
    : fail(error('no-run', `the run \`${id}\` has no journal that tells what it did`, { hint: 'start a new one' }))
}

/** What is known of a run before it begins, as far as it matters here. */
interface Asked extends Given {
  workflow: Workflow
  plan: Plan
}

/** Prepares a run that goes on from an earlier one, to the same target unless another one is asked for. */
export async function prepareResumed<P extends Asked>(
  { home, folder, resume }: { home: string; folder: string; resume: ResumeOptions },
  ports: { git: Git; files: Files },
  prepare: (target: string) => Promise<Result<P, Diagnostic>>,
): Promise<Result<P & { going: Going }, Diagnostic>> {
  const earlier = readEarlier(home, resume, ports.files)
  if (!earlier.ok) return earlier
  const prepared = await prepare(earlier.value.state.target)
  if (!prepared.ok) return prepared
  const going = await goOn(earlier.value, resume, { ...prepared.value, folder }, ports)
  return going.ok ? ok({ ...prepared.value, going: going.value }) : going
}

/** Decides what is reused of an earlier run; an address that there is not, or a step that cannot run alone, is a mistake of the user's. */
async function goOn(
  { state, lines, folder }: Earlier,
  request: ResumeRequest,
  asked: Asked & { folder: string },
  ports: { git: Git; files: Files },
): Promise<Result<Going, Diagnostic>> {
  const plan = withKnown(asked, state)
  const { planResume } = await import('./engine/resume.js')
  const address = request.from ?? request.only
  const wrong = address === undefined ? undefined : unknownAddress(plan, address)
  if (wrong) return fail(wrong)
  const splits = await splitsIn(lines, asked, ports)
  const anew = new Set([...splits].flatMap(([stage, lists]) => (lists ? [] : [stage])))
  const made = planResume(state, plan, definitionsIn({ ...asked, plan }), { ...request, anew })
  if (made.missing !== undefined)
    return fail(
      error(
        'not-done',
        `\`${request.only ?? ''}\` needs ${made.missing}, which the run ${state.run} has not done as it is now`,
        {
          hint: `run it as well: --from ${made.missing}`,
        },
      ),
    )
  const changed = request.fresh || !made.reuse.size ? [] : await changedSince(state.until, asked.folder, ports)
  const { reuse, leave, idle, reset } = made
  const known = new Map([...splits].flatMap(([stage, lists]) => (lists ? [[stage, lists] as const] : [])))
  return ok({ resumed: { run: state.run, folder, reuse, leave, idle, splits: known }, reset, changed })
}

/** By stage with shards, how the earlier run split its files; nothing where that is not known, or other files are there now. */
async function splitsIn(
  lines: readonly JournalLine[],
  { plan, workflow, folder }: Asked & { folder: string },
  { git, files }: { git: Git; files: Files },
): Promise<Map<string, string[][] | undefined>> {
  const splits = new Map<string, string[][] | undefined>()
  const sharded = plan.stages.flatMap(({ id }) => workflow.stages.get(id) ?? []).filter(({ shard }) => shard)
  if (!sharded.length) return splits
  const [{ testFilesIn }, { Workspace }] = await Promise.all([
    import('./engine/shard.js'),
    import('./engine/workspace.js'),
  ])
  const workspace = new Workspace(folder, files, git)
  for (const { id, shard } of sharded) {
    if (!shard) continue
    const split = splitIn(lines, { stage: id, shards: shard.total })
    const now = split && (await testFilesIn(workspace, shard.files))
    splits.set(id, JSON.stringify(split?.flat().sort()) === JSON.stringify(now) ? split : undefined)
  }
  return splits
}

/** The plan with the instances that matrices gave in the earlier run; they give the same again where nothing before them changes. */
function withKnown({ plan, workflow }: Asked, { planned }: RunState): Plan {
  const stages = plan.stages.map((stage) => {
    const known = stage.dynamic && planned.get(stage.id)
    const written = workflow.stages.get(stage.id)
    const cells = known?.map(({ matrix }) => matrix)
    return cells && written ? { ...stage, instances: planInstances(written, cells) } : stage
  })
  return { ...plan, stages }
}

function unknownAddress(plan: Plan, address: string): Diagnostic | undefined {
  const all = plan.stages.flatMap(({ id, instances }) => [
    id,
    ...instances.flatMap((one) => [one.address, ...[...one.steps, ...one.finally].map((step) => step.address)]),
  ])
  if (all.includes(address)) return undefined
  const [near] = nearest(address, all)
  const hint = near
    ? `did you mean \`${near}\`?`
    : `an address is a stage or \`stage/step\`; this run has ${[...new Set(all)].slice(0, 8).join(', ')}`
  return error('unknown-address', `the plan has no \`${address}\``, { hint })
}

/** The definitions of all steps of a plan, by address. */
function definitionsIn({ workflow, plan, ...given }: Asked): Map<string, string> {
  const define = definitionsOf(workflow, given)
  return new Map(
    plan.stages.flatMap(({ id, instances }) => {
      const stage = workflow.stages.get(id)
      if (!stage) return []
      const byId = new Map([...stage.steps, ...stage.finally].map((step) => [step.id, step]))
      return instances.flatMap((instance) =>
        [...instance.steps, ...instance.finally].flatMap(({ address, id: step }): [string, string][] => {
          const known = byId.get(step)
          return known ? [[address, define(stage, instance.matrix, known)]] : []
        }),
      )
    }),
  )
}

/** Tracked files whose state is younger than `time`, in milliseconds since the epoch. */
async function changedSince(
  time: number,
  folder: string,
  { git, files }: { git: Git; files: Files },
): Promise<string[]> {
  const tracked = (await trackedFiles(git, folder)) ?? []
  return tracked.filter((name) => (files.stat(join(folder, name))?.changed ?? 0) > time)
}
