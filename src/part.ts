import { join } from 'node:path'
import { stageOf } from './base/address.js'
import { error } from './base/diagnostic.js'
import type { Diagnostic } from './base/diagnostic.js'
import { exitCodes } from './base/errors.js'
import type { ExitCode } from './base/errors.js'
import { sha256 } from './base/hash.js'
import { fail, ok } from './base/result.js'
import type { Result } from './base/result.js'
import { nearest } from './base/text.js'
import type { Part } from './engine/engine.js'
import { Workspace } from './engine/workspace.js'
import { matchArtifacts } from './handover/artifacts.js'
import { readHandOvers } from './handover/arrived.js'
import type { ArrivedInstance } from './handover/arrived.js'
import { writeHandOver } from './handover/hand-over.js'
import type { HandOverHead } from './handover/head.js'
import { placeArtifacts } from './handover/place.js'
import { exitCodeOf } from './journal/exit-code.js'
import type { Outcome } from './journal/outcome.js'
import type { JournalLine } from './journal/events.js'
import { foldOutcome } from './journal/fold.js'
import { handedOf } from './journal/handed.js'
import type { HandedInstance } from './journal/handed.js'
import { readJournal } from './journal/journal.js'
import type { Journal } from './journal/journal.js'

import type { Plan } from './plan/plan.js'
import type { Files, Git, Ports } from './ports.js'
import { ancestors } from './workflow/graph.js'
import type { Workflow } from './workflow/model.js'
import { graphOf } from './workflow/path.js'

/** What of a run that several machines share this one does. */
export interface PartOptions {
  /** Find out what there is to run; run an instance; find out the instances of a stage; or judge all that was handed over. */
  part: 'plan' | 'instance' | 'matrix' | 'verdict'
  /** The address of the instance, or the stage. */
  of?: string
  /** Where hand-overs arrived, and where this one's goes, absolute. */
  arrived: string
  leave: string
  /** What all machines of the run call it, and the how manieth time it is tried, from 1. */
  run: string
  attempt: number
  /** By job, how it ended: `success`, `failure`, `cancelled` or `skipped`. */
  jobs?: Readonly<Record<string, string>>
}

/** A part with all that arrived for it. */
export interface PreparedPart extends Part {
  options: PartOptions
  head: Pick<HandOverHead, 'run' | 'commit' | 'workflow' | 'target' | 'plan'>
  arrived: ArrivedInstance[]
}

/** What is known of a run before it begins, as far as it matters here. */
interface Asked {
  plan: Plan
  workflow: Workflow
  checkout: string | null
  notes: string[]
}

/** Reads what was handed over, and puts the files of an instance's needs in their places. */
export async function preparePart<P extends Asked>(
  prepared: P,
  { part, folder }: { part: PartOptions; folder: string },
  ports: Pick<Ports, 'files' | 'git'>,
): Promise<Result<P & { part?: PreparedPart }, Diagnostic>> {
  if (part.part === 'plan') return ok(prepared)
  const { plan, workflow, checkout } = prepared
  const own = part.part === 'verdict' ? undefined : ownOf(plan, part)
  if (own && !own.ok) return own
  const head = {
    run: part.run,
    commit: checkout,
    workflow: plan.workflow.path,
    target: plan.target,
    plan: sha256(JSON.stringify(plan)),
  }
  const instances = plan.stages.flatMap((stage) => stage.instances.map(({ address }) => address))
  const expected = { ...head, attempt: part.attempt, instances }
  const { arrived, problems } = await readHandOvers(ports.files, part.arrived, expected)
  const needed = own ? ancestors(graphOf(workflow), [own.value.stage]) : undefined
  const wanted = arrived.filter(({ head: { stage } }) => !needed || needed.has(stage))
  const handed = new Map<string, HandedInstance>()
  const broken: string[] = []
  for (const one of wanted) {
    const known = await takeJournal(one)
    if (typeof known === 'string') broken.push(known)
    else handed.set(one.head.instance, known)
  }
  const refused = [...problems, ...broken]
  if (own) {
    const wrong = await placeAll(inOrder(plan, wanted), new Workspace(folder, ports.files, ports.git), ports.files)
    if (wrong !== undefined) return fail(error('hand-over', wrong, { hint: 'run the job again that left it' }))
  }
  const known: PreparedPart = {
    options: part,
    run: part.run,
    jobFailed: (stage) => own === undefined && jobsOf(stage, part.jobs).includes('failure'),
    head,
    arrived: wanted,
    handed,
    ...(own ? { own: own.value } : {}),
    absent: (address) => whyAbsent(address, part.jobs, refused),
    left: leftBy(wanted),
    ...(own === undefined && Object.values(part.jobs ?? {}).includes('cancelled') ? { cancelled: true } : {}),
  }
  const told = own ? [] : [...handed.values()].flatMap(({ notes }) => notes)
  return ok({ ...prepared, notes: [...new Set([...prepared.notes, ...told, ...refused])], part: known })
}

async function takeJournal({ head, journal }: ArrivedInstance): Promise<HandedInstance | string> {
  const { lines, broken } = readJournal(journal)
  if (broken !== undefined) return `the journal of ${head.instance} is damaged: ${broken}`
  if (!(await isOurs(lines))) return `the journal of ${head.instance} is none that wf writes`
  return handedOf(lines, head.stage, head.instance) ?? `the journal of ${head.instance} does not tell how it ended`
}

/** Whether a journal tells a run in the way of this version; the machine that wrote it may have been anybody's. */
async function isOurs(lines: readonly JournalLine[]): Promise<boolean> {
  const { validate } = await import('./publish/generated/outcome.js')
  try {
    return validate(JSON.parse(JSON.stringify(foldOutcome(lines))))
  } catch (cause) {
    // Events of other shapes than those of their type.
    if (cause instanceof Error) return false
    throw cause
  }
}

/** Which stage and instance is meant; instances of a matrix that is not known yet are known by their stage. */
function ownOf({ stages }: Plan, { part, of = '' }: PartOptions): Result<NonNullable<Part['own']>, Diagnostic> {
  for (const { id, milestone, instances, dynamic } of stages) {
    if (milestone) continue
    if (part === 'matrix' && id === of) return ok({ stage: id })
    const isOwn = instances.some(({ address }) => address === of) || (dynamic && of !== id && stageOf(of) === id)
    if (part === 'instance' && isOwn) return ok({ stage: id, instance: of })
  }
  const all = stages.flatMap(({ id, instances }) => (part === 'matrix' ? [id] : instances.map((one) => one.address)))
  const [near] = nearest(of, all)
  const hint = near === undefined ? `this run has ${all.slice(0, 8).join(', ')}` : `did you mean \`${near}\`?`
  return fail(
    error('unknown-address', `the plan has no ${part === 'matrix' ? 'stage' : 'instance'} \`${of}\``, { hint }),
  )
}

/** Stages and their instances in the order in which one machine would have run them: later files win. */
function inOrder({ stages }: Plan, arrived: readonly ArrivedInstance[]): ArrivedInstance[] {
  const places = new Map(stages.map(({ id }, i) => [id, i]))
  const instances = new Map(stages.flatMap((stage) => stage.instances.map(({ address }, i) => [address, i] as const)))
  const placeOf = ({ head: { stage, instance } }: ArrivedInstance): number =>
    (places.get(stage) ?? 0) * 100_000 + (instances.get(instance) ?? 0)
  return arrived.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** Puts the files of all in their places; answers what could not be. */
async function placeAll(
  arrived: readonly ArrivedInstance[],
  workspace: Workspace,
  files: Files,
): Promise<string | undefined> {
  for (const { head, files: pack } of arrived) {
    if (head.files === undefined) continue
    if (pack === undefined) return `the files that ${head.instance} handed over did not arrive`
    const placed = await placeArtifacts(pack, workspace, files)
    if ('reason' in placed) return `the files that ${head.instance} handed over cannot be used: ${placed.reason}`
  }
  return undefined
}

function leftBy(arrived: readonly ArrivedInstance[]): Map<string, string[]> {
  const left = new Map<string, string[]>()
  for (const { head } of arrived)
    left.set(head.stage, [...new Set([...(left.get(head.stage) ?? []), ...(head.left ?? [])])])
  return left
}

/** How the jobs of a stage ended; one of very many instances has several. */
const jobsOf = (stage: string, jobs: PartOptions['jobs']): string[] =>
  Object.entries(jobs ?? {}).flatMap(([job, result]) =>
    job === stage || (job.startsWith(`${stage}-`) && /^\d+$/.test(job.slice(stage.length + 1))) ? [result] : [],
  )

/** Why an instance is missing, by what became of its job. */
function whyAbsent(address: string, jobs: PartOptions['jobs'], refused: readonly string[]): ReturnType<Part['absent']> {
  const known = refused.find((problem) => problem.includes(address))
  if (known !== undefined) return { status: 'failure', reason: known }
  const results = jobsOf(stageOf(address), jobs)
  if (results.includes('cancelled')) return { status: 'cancelled', reason: 'its job was cancelled' }
  const why = results.includes('failure')
    ? ': its job failed before it could'
    : results.includes('skipped')
      ? ': its job was skipped'
      : results.length
        ? ': its job ended well, and what it handed over is missing'
        : ''
  return { status: 'failure', reason: `${address} never reported${why}` }
}

/** Puts the logs of what was handed over beside those of this run; those that cannot be had are told. */
export async function takeLogs({ own, arrived }: PreparedPart, folder: string, journal: Journal): Promise<void> {
  if (own) return
  const problems = await Promise.all(arrived.map(async (one) => one.copyLogs(folder)))
  for (const message of problems) if (message !== undefined) journal.append({ type: 'note', message })
}

/** The name of what an instance handed on, or why it could not. */
export type HandedOn = { name: string; files: boolean } | { reason: string }

/** Leaves what an instance did and hands on; nothing where it did not begin. */
export async function leave(
  { own, head, options }: PreparedPart,
  { folder, workspace, journal }: { folder: string; workspace: string; journal: Journal },
  { files, git }: Pick<Ports, 'files' | 'git'>,
): Promise<HandedOn | undefined> {
  const ended = journal.lines.find(({ event }) => event.type === 'instance.finished')?.event
  if (own?.instance === undefined || ended?.type !== 'instance.finished') return undefined
  const place = new Workspace(workspace, files, git)
  const found = ended.artifacts && matchArtifacts(files, place, ended.artifacts)
  const [refused] = found ? [...found.refused, ...found.unmatched.map((pattern) => `there is no \`${pattern}\``)] : []
  if (refused !== undefined) return { reason: refused }
  const { stage, instance } = own
  const written = await writeHandOver(files, options.leave, {
    head: { version: 1, ...head, attempt: options.attempt, stage, instance, left: await untracked(git, workspace) },
    journal: join(folder, 'journal.jsonl'),
    run: folder,
    ...(found ? { artifacts: { root: workspace, entries: found.entries } } : {}),
  })
  return 'reason' in written ? written : { name: written.name, files: written.files !== undefined }
}

/** How the job of an instance ends: that it did not run since it should not is no failure. */
export function partExitCode({ stages, ...outcome }: Outcome, left: HandedOn | undefined): ExitCode {
  if (left && 'reason' in left) return exitCodes.fail
  return stages.every(({ status }) => status === 'skipped') ? exitCodes.pass : exitCodeOf({ ...outcome, stages })
}

/** What lies in the workspace and is not in git; a folder of which nothing is, as one. */
async function untracked(git: Git, folder: string): Promise<string[]> {
  const { code, stdout } = await git.run(folder, ['ls-files', '--others', '--directory', '-z'])
  return code === 0 ? stdout.split('\0').filter((name) => name !== '' && name !== '.wf/') : []
}
