import { join } from 'node:path'
import { Redactor } from './base/redact.js'
import { comparer } from './compare.js'
import type { Past } from './compare.js'
import type { CacheTools, OpenedCache } from './engine/cache/open.js'
import { execute, recordStart } from './engine/execute.js'
import type { Proposal } from './engine/fixes/propose.js'
import { stepKinds } from './engine/steps/index.js'
import { judgeStage } from './gates/judge.js'
import { foldOutcome } from './journal/fold.js'
import type { Journal } from './journal/journal.js'
import { openRun, removeOldRuns } from './journal/open.js'
import type { Outcome } from './journal/outcome.js'
import { homeOf } from './options.js'
import type { Prepared, RunOptions, Watch } from './options.js'
import type { HandedOn } from './part.js'
import type { Files, Ports } from './ports.js'
import type { Sender } from './publish/send.js'
import type { CodecovUpload } from './publish/send/codecov.js'

/** What a run answers: what came of it, the folder with all about it, and where several machines share it, what this one hands on. */
export interface Ran {
  outcome: Outcome
  folder: string
  left?: HandedOn
}

/** The whole path: what was prepared is walked, recorded, folded into an outcome, rendered and saved beside its journal. */
export async function run(prepared: Prepared, options: RunOptions, ports: Ports, watch: Watch = {}): Promise<Ran> {
  const breakers = () => import('./remember-breakers.js')
  const shared = () => import('./part.js')
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
    ...(options.timings === undefined ? {} : { timings: options.timings }),
  }
  const past = pastOf(prepared, options)
  const { cancel } = signals
  const { part } = prepared
  // Before all that may have something to note.
  recordStart(request, journal)
  if (part) await (await shared()).takeLogs(part, folder, journal)
  const opened = await cacheOf(prepared, options, join(folder, 'cache'), { ports, journal, redactor, cancel })
  const compared = comparer(past, ports, { journal, cancel })
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
    earlierBreakers: async () => (await breakers()).earlierBreakers(past, ports, cancel),
    ...signals,
  }
  const walked = async (): Promise<Proposal | undefined> => {
    try {
      return await execute(request, tools)
    } finally {
      await opened?.end()
    }
  }
  let outcome: Outcome
  let told: number
  try {
    const works = new Promise<void>((resolve) =>
      journal.subscribe(({ event }) => event.type === 'attempt.started' && resolve()),
    )
    const walking = walked()
    // What posts is loaded while the first steps run.
    const posting = Promise.race([works, walking]).then(() =>
      senderOf(prepared, options, ports, { journal, cancel, redactor }),
    )
    const begun = posting.then((sender) => sender?.begin(prepared.plan))
    const [proposal] = await Promise.all([walking, begun])
    const sender = await posting
    compared.end()
    if (proposal) await handOver(proposal, prepared, ports, { ...tools, how: options.propose })
    outcome = foldOutcome(journal.lines)
    told = journal.lines.length
    const { evidence } = outcome
    const keeping = { journal, cancel }
    // Both may add to the same branch: one after the other.
    const keep = async (): Promise<void> => {
      // Of a shared run the machine that judges all remembers it.
      if (part?.own) return
      if (evidence.length) await (await import('./remember.js')).remember(past, outcome, ports, keeping)
      if (prepared.workflow.limits.breakers.size) await (await breakers()).rememberBreakers(past, ports, keeping)
    }
    await Promise.all([sender?.end(outcome), keep()])
  } finally {
    compared.end()
    journal.close()
  }
  // What was posted and kept since then belongs to it.
  if (journal.lines.length > told) outcome = foldOutcome(journal.lines)
  await saveOutcome(folder, outcome, ports.files)
  removeOldRuns(home, ports)
  const left = part && (await (await shared()).leave(part, { folder, workspace: options.folder, journal }, ports))
  return { outcome, folder, ...(left ? { left } : {}) }
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
  const { folder, onRunner = false, secrets = {}, cacheService } = options
  const place = { setting: workflow.cache, workflow: workflow.path, service: cacheService }
  return openCache({ ...place, folder, home: homeOf(options), temporary, context, onRunner, secrets }, tools)
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
export function pastOf(
  { workflow, context, checkout, start }: Prepared,
  { folder: own, origin: folder = own, event, onRunner = false }: RunOptions,
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
  const { trackedFiles } = await import('./evidence/collectors/tracked.js')
  const tracked = async (): Promise<string[]> => (await trackedFiles(git, folder)) ?? []
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
