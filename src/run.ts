import { join } from 'node:path'
import type { Diagnostic } from './base/diagnostic.js'
import { exitCodes } from './base/errors.js'
import type { ExitCode } from './base/errors.js'
import type { Json } from './base/json.js'
import { Redactor } from './base/redact.js'
import { fail } from './base/result.js'
import type { Result } from './base/result.js'
import { namesOf, readChange, whyAbsent } from './change-file.js'
import type { Past } from './compare.js'
import type { Going } from './engine/engine.js'
import type { CacheTools, OpenedCache } from './engine/cache/open.js'
import type { CacheService } from './engine/cache/stores/github-service.js'
import type { Proposal } from './engine/fixes/propose.js'
import type { Live } from './engine/output.js'
import type { Start } from './history/start.js'
import type { Journal, Listener } from './journal/journal.js'
import type { FixesOutcome, Outcome, RulesOutcome } from './journal/outcome.js'
import type { Plan } from './plan/plan.js'
import { secretNotes } from './plan/secrets.js'
import type { Files, Ports, Room } from './ports.js'
import type { Posting, Sender } from './publish/send.js'
import type { CodecovAccess } from './publish/send/codecov-place.js'
import type { CodecovUpload } from './publish/send/codecov.js'
import type { ResumeOptions } from './resume.js'
import type { RunContext } from './trigger/context.js'
import type { Event } from './trigger/event.js'
import type { Workflow } from './workflow/model.js'
import type { AbsentGate } from './workflow/rules.js'

export { defaultFile, load } from './change-file.js'

/** What a run is asked to do; paths are absolute. */
export interface RunOptions {
  /** The repository's folder, in which steps work. */
  folder: string
  /** The workflow file, absolute or from the folder. */
  file?: string
  /** The stage to walk to; else the event decides, else what pull requests walk to, else everything. */
  target?: string
  event?: Event
  /** The revision to compare with; without an event, its rules judge. */
  base?: string
  /** Without an event: the workflow file as it stands judges, not that of the base. */
  ownRules?: boolean
  /** Inputs as text, by name. */
  inputs?: Readonly<Record<string, string>>
  secrets?: Readonly<Record<string, string>>
  /** Values that no step sees and nothing may show, such as a token. */
  hidden?: readonly string[]
  /** How many steps run at once; the cores when not given. */
  concurrency?: number
  /** Run the `fix` commands of what fails, and judge again. */
  fix?: boolean
  /** Find out what these commands would change, and hand it to GitHub; the verdict is that of the commit as it is. */
  propose?: FixesOutcome['how']
  /** The run goes on from an earlier one, which did some of its steps. */
  resume?: ResumeOptions
  /** Results of steps are neither taken from the cache nor kept. */
  noCache?: boolean
  /** Where the folders of runs are kept, absolute; `.wf/` of the repository's folder when not given. */
  home?: string
  /** The cache of GitHub Actions, where the job may use it. */
  cacheService?: CacheService
  /** Whether this machine is a runner: nothing that earlier runs left on it is here. */
  onRunner?: boolean
  /** What is posted to GitHub, where there is a port to it. */
  post?: Pick<Posting, 'check' | 'comment' | 'stamp' | 'url' | 'site' | 'again'> & {
    /** Findings go to code scanning. */
    sarif?: boolean
    /** Coverage goes to Codecov. */
    codecov?: CodecovAccess
  }
}

const homeOf = ({ home, folder }: RunOptions): string => home ?? join(folder, '.wf')

/** Everything that is known before anything runs. */
export interface Prepared {
  workflow: Workflow
  warnings: Diagnostic[]
  context: RunContext
  /** The commit that is checked out; null outside a repository. */
  checkout: string | null
  /** What the outcome shall say beside its verdict. */
  notes: string[]
  /** Whose gates and thresholds are in `workflow`. */
  rules: RulesOutcome
  /** Gates of the base that the change keeps from judging. */
  absent: AbsentGate[]
  inputs: { [key: string]: Json }
  plan: Plan
  /** From where the change starts that the run is of. */
  start: Start
  /** The run that this one goes on from. */
  going?: Going
}

/** Who watches a run, and who may end it. */
export interface Watch {
  /** Told of every line of the journal. */
  journal?: Listener
  /** Told what steps print. */
  live?: Live
  /** While it is pending, steps wait with what they print. */
  room?: Room
  /** Told of every value that a step hides, those aside that the options name. */
  hide?: (value: string) => void
  /** Aborted: start nothing more, end what runs, run what must still run. */
  cancel?: AbortSignal
  /** Aborted: everything is gone at once. */
  kill?: AbortSignal
}

/** Loads what a run needs while something else is waited for; without it everything is loaded when it is first needed. */
export const preload = async (): Promise<unknown> =>
  Promise.all([
    import('./engine/execute.js'),
    import('./engine/steps/index.js'),
    import('./gates/judge.js'),
    import('./compare.js'),
    import('./remember.js'),
    import('./journal/fold.js'),
    import('./journal/open.js'),
  ])

/** Reads the file, the event and git into a plan; every mistake of the user's is told, nothing runs. */
export async function prepare(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { resume, folder, target } = options
  if (!resume) return prepareNew(options, ports)
  const { prepareResumed } = await import('./resume.js')
  const again = async (known: string) => prepareNew({ ...options, target: target ?? known }, ports)
  return prepareResumed({ home: homeOf(options), folder, resume }, ports, again)
}

async function prepareNew(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { folder, event } = options
  const { localBase } = await import('./trigger/checkout.js')
  const base = localBase(ports.git, folder, options.base)
  const [{ readContext }, { findRules }] = await Promise.all([
    import('./trigger/trigger.js'),
    import('./trigger/rules.js'),
  ])
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
  const { judgedBy } = await import('./judged.js')
  const judged = await judgedBy(found.value, change, { context, checkout, target: options.target })
  if (!judged.ok) return judged
  const { dispatchedInputs, readInputs } = await import('./trigger/inputs.js')
  const { buildPlan } = await import('./plan/build.js')
  const { workflow, warnings, target, rules, absent } = judged.value
  const inputs = readInputs(workflow, { ...dispatchedInputs(workflow, context), ...options.inputs })
  const plan = target.ok ? buildPlan(workflow, target.value) : target
  const problems = [inputs, plan].flatMap((part) => (part.ok ? [] : part.problems))
  if (!inputs.ok || !plan.ok) return { ok: false, problems }
  const told = notesOnSecrets(workflow, plan.value, options, context)
  const more = { notes: [...notes, ...judged.value.notes, ...told], inputs: inputs.value, plan: plan.value }
  const { startOf } = await import('./history/start.js')
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

/** The whole path: what was prepared is walked, recorded, folded into an outcome, rendered and saved beside its journal. */
export async function run(
  prepared: Prepared,
  options: RunOptions,
  ports: Ports,
  watch: Watch = {},
): Promise<{ outcome: Outcome; folder: string }> {
  const { execute, recordStart } = await import('./engine/execute.js')
  const { stepKinds } = await import('./engine/steps/index.js')
  const { comparer } = await import('./compare.js')
  const { remember } = await import('./remember.js')
  const breakers = () => import('./remember-breakers.js')
  const { judgeStage } = await import('./gates/judge.js')
  const { foldOutcome } = await import('./journal/fold.js')
  const { openRun } = await import('./journal/open.js')
  const known = new Set([...Object.values(options.secrets ?? {}), ...(options.hidden ?? [])])
  const redactor = new Redactor((value) => (known.has(value) ? undefined : watch.hide?.(value)))
  for (const secret of known) redactor.add(secret)
  const home = homeOf(options)
  const { id, folder, journal } = openRun(home, ports, redactor)
  if (watch.journal) journal.subscribe(watch.journal)
  const signals = {
    cancel: watch.cancel ?? new AbortController().signal,
    kill: watch.kill ?? new AbortController().signal,
  }
  const request = {
    run: id,
    ...prepared,
    secrets: options.secrets ?? {},
    workspace: options.folder,
    folder,
    concurrency: options.concurrency ?? ports.processes.cores,
    fix: options.fix ?? false,
    ...(options.propose === undefined ? {} : { propose: options.propose }),
  }
  const past = pastOf(prepared, options)
  const { cancel } = signals
  const opened = await cacheOf(prepared, options, join(folder, 'cache'), { ports, journal, redactor, cancel })
  const compared = comparer(past, ports, { journal, cancel: signals.cancel })
  const tools = {
    ports,
    journal,
    kinds: stepKinds,
    judge: judgeStage,
    compare: compared.compare,
    redactor,
    live: watch.live ?? (() => undefined),
    ...(watch.room ? { room: watch.room } : {}),
    ...(opened ? { cache: opened.cache } : {}),
    earlierBreakers: async () => (await breakers()).earlierBreakers(past, ports, signals.cancel),
    ...signals,
  }
  const walked = async (): Promise<Proposal | undefined> => {
    try {
      return await execute(request, tools)
    } finally {
      await opened?.end()
    }
  }
  try {
    recordStart(request, journal)
    // What posts is loaded while the first steps run.
    const posting = senderOf(prepared, options, ports, { journal, cancel: signals.cancel, redactor })
    const begun = posting.then((sender) => sender?.begin(prepared.plan))
    const [proposal] = await Promise.all([walked(), begun])
    const sender = await posting
    compared.end()
    if (proposal) await handOver(proposal, prepared, ports, { ...tools, how: options.propose })
    const outcome = foldOutcome(journal.lines)
    const keeping = { journal, cancel: signals.cancel }
    // Both may add to the same branch: one after the other.
    const kept = remember(past, outcome, ports, keeping).then(async () => {
      if (prepared.workflow.limits.breakers.size) await (await breakers()).rememberBreakers(past, ports, keeping)
    })
    await Promise.all([sender?.end(outcome), kept])
  } finally {
    compared.end()
    journal.close()
  }
  const outcome = foldOutcome(journal.lines)
  await saveOutcome(folder, outcome, ports.files)
  return { outcome, folder }
}

/** The cache, where a step of the plan asks for it. */
async function cacheOf(
  { workflow, plan, context }: Prepared,
  options: RunOptions,
  temporary: string,
  tools: CacheTools,
): Promise<OpenedCache | undefined> {
  const stages = plan.stages.flatMap(({ id }) => workflow.stages.get(id) ?? [])
  if (options.noCache || !stages.some(({ steps }) => steps.some(({ cache }) => cache))) return undefined
  const { openCache } = await import('./engine/cache/open.js')
  const { folder, home = join(folder, '.wf'), onRunner = false, secrets = {}, cacheService } = options
  const place = { setting: workflow.cache, workflow: workflow.path, service: cacheService }
  return openCache({ ...place, folder, home, temporary, context, onRunner, secrets }, tools)
}

/** Hands what fixes would change to GitHub, where there is a port to it. */
async function handOver(
  proposal: Proposal,
  { context, workflow }: Prepared,
  { github, git, clock }: Ports,
  { how, redactor, journal, cancel }: Recording & { cancel: AbortSignal; how: RunOptions['propose'] },
): Promise<void> {
  if (!github || !how) return
  const { handFixes } = await import('./hand-fixes.js')
  const clean = (text: string): string => redactor.text(text)
  await handFixes(proposal, { how, context, workflow, github, git, clock, journal, cancel, clean })
}

/** What decides about what a run is compared with and where it is added to. */
function pastOf(
  { workflow, context, checkout, start }: Prepared,
  { folder, event, onRunner = false }: RunOptions,
): Past {
  const { name, path, history } = workflow
  const { dirty, repository } = context
  return { folder, event, onRunner, checkout, start, history, workflow: { name, path }, dirty, repository }
}

/** Who posts the run to GitHub, where it is to be posted. */
async function senderOf(
  prepared: Prepared,
  options: RunOptions,
  ports: Ports,
  { redactor, ...tools }: Recording & { cancel: AbortSignal },
): Promise<Sender | undefined> {
  const { context, plan, checkout } = prepared
  const { post, folder } = options
  const { github, clock, git } = ports
  if (!github || !post || !(post.check || post.comment || post.sarif || post.codecov)) return undefined
  const { openSender } = await import('./publish/send.js')
  const codecov = await codecovOf(prepared, options, ports, { journal: tools.journal, redactor })
  const { sha, pullRequest, foreign, merged, ref } = context
  const { sarif, codecov: _, ...rest } = post
  // Code scanning wants the commit whose lines the findings name.
  const place = sarif && merged !== null && ref !== null ? { sarif: { sha: merged, ref } } : {}
  const isMerge = sha !== null && checkout !== null && checkout !== sha
  const lines = async () => (await import('./evidence/collectors/head-lines.js')).headLines(git, folder, sha ?? '')
  return openSender(
    { ...rest, ...place, sha, pullRequest, foreign, ...(isMerge ? { tested: checkout } : {}) },
    plan.workflow,
    plan.target,
    { github, clock, ...tools, ...(isMerge ? { lines } : {}), ...(codecov ? { codecov } : {}) },
  )
}

/** What a run is recorded with. */
interface Recording {
  journal: Journal
  redactor: Redactor
}

/** Who sends coverage to Codecov, where that is asked for. */
async function codecovOf(
  { context, plan }: Prepared,
  { post, folder }: RunOptions,
  { http, clock, git, files }: Ports,
  { journal, redactor }: Recording,
): Promise<CodecovUpload | undefined> {
  if (!post?.codecov) return undefined
  const { codecovPlace } = await import('./publish/send/codecov-place.js')
  const place = codecovPlace(context, { site: post.site, build: post.url, job: plan.workflow.name })
  if (!place) return undefined
  const { openCodecov } = await import('./publish/send/codecov.js')
  const tracked = async (): Promise<string[]> => {
    const { code, stdout } = await git.run(folder, ['ls-files', '-z'])
    return code === 0 ? stdout.split('\0').filter(Boolean) : []
  }
  const clean = (text: string): string => redactor.text(text)
  return openCodecov(place, post.codecov, { http, clock, files, journal, folder, tracked, clean })
}

/** Writes what is rendered from an outcome beside its journal. */
async function saveOutcome(folder: string, outcome: Outcome, files: Files): Promise<void> {
  const { renderBadges, renderOutcome, renderComment, renderSummary, renderSarif } = await import('./publish/render.js')
  files.write(join(folder, 'outcome.json'), renderOutcome(outcome))
  files.write(join(folder, 'comment.md'), renderComment(outcome))
  files.write(join(folder, 'summary.md'), renderSummary(outcome))
  files.write(join(folder, 'report.sarif'), renderSarif(outcome))
  for (const { name, json, svg } of renderBadges(outcome)) {
    files.write(join(folder, 'badges', `${name}.json`), json)
    files.write(join(folder, 'badges', `${name}.svg`), svg)
  }
}

/** The exit code that an outcome means. */
export function exitCodeOf(outcome: Outcome): ExitCode {
  if (outcome.verdict === 'cancelled') return exitCodes.cancelled
  if (outcome.verdict === 'pass' || outcome.verdict === 'warn') return exitCodes.pass
  const failed = outcome.stages
    .flatMap((s) => s.instances)
    .flatMap((i) => i.steps)
    .filter((s) => s.conclusion === 'failure')
  const onlyOutside =
    failed.length > 0 && failed.every((s) => s.outside) && outcome.verdicts.every((v) => v.status !== 'fail')
  return onlyOutside ? exitCodes.outside : exitCodes.fail
}
