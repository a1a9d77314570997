import { perform } from '../effects/effect.js'
import type { Answer, Effect, Remote } from '../effects/effect.js'
import type { Journal } from '../journal/journal.js'
import type { Outcome, Status } from '../journal/outcome.js'
import type { Plan } from '../plan/plan.js'
import type { Clock, GitHub } from '../ports.js'
import type { LineMap } from '../evidence/line-map.js'
import { annotationsOf } from './annotations.js'
import type { Annotation } from './annotations.js'
import { checkName, renderCheck, renderProgress } from './check.js'
import { renderComment } from './comment.js'
import { commentMarker } from './marker.js'
import type { Stamp } from './marker.js'
import { renderSarif } from './sarif.js'
import { Check } from './send/check.js'
import type { CheckState } from './send/check.js'
import { Comment } from './send/comment.js'
import { sarifEffect } from './send/sarif.js'
import type { SarifPlace } from './send/sarif.js'
import type { CodecovUpload } from './send/codecov.js'

/** What is to be posted, and where. */
export interface Posting {
  /** The commit that the check belongs to; none, no check. */
  sha: string | null
  /** The pull request that the comment belongs to; none, no comment. */
  pullRequest: number | null
  check: boolean
  comment: boolean
  /** Where findings go in code scanning, if they go there. */
  sarif?: SarifPlace
  /** GitHub's run: its id and attempt, and its page. */
  stamp?: Stamp
  url?: string
  /** GitHub's own pages, such as `https://github.com`; files in the comment are linked there. */
  site?: string
  /** The commit whose files were tested, where it is another one than that of the check. */
  tested?: string
  /** Perhaps it is there already: an earlier step of the job, or another run than the one that `stamp` names, may have posted it. */
  again?: boolean
  /** The token is one that only reads, most likely. */
  foreign: boolean
}

/** Who posts a run to GitHub while it goes on. Nothing here throws for what GitHub does, and nothing changes the verdict. */
export interface Sender {
  /** Begins to make the check. The work does not wait for GitHub, and what comes later waits for it. */
  begin(plan: Plan): void
  /** The check's conclusion with its annotations, and the comment. */
  end(outcome: Outcome): Promise<void>
}

/** Waits in milliseconds: between two updates while the work goes on, and for everything at the end. */
const patience = { between: 20_000, end: 90_000, cancelled: 1200 }

export interface Tools {
  github: GitHub
  journal: Journal
  clock: Clock
  /** Where lines of the files that were tested stand in the check's commit; absent where they are the same. */
  lines?: () => Promise<LineMap | undefined>
  /** Sends coverage to Codecov, where that is asked for; a cancelled run sends none. */
  codecov?: CodecovUpload
  /** The run was cancelled: the runner waits no more than seconds. */
  cancel: AbortSignal
}

/** Posts one run: one check on its commit, one comment on its pull request. */
export function openSender(posting: Posting, workflow: Outcome['workflow'], target: string, tools: Tools): Sender {
  const { journal, clock } = tools
  const { stamp, url, site, foreign } = posting
  const limit = new Limit(clock, tools.cancel)
  const files =
    site === undefined || posting.sha === null
      ? undefined
      : `${site}/${tools.github.repository}/blob/${posting.tested ?? posting.sha}`
  const links = { ...(url === undefined ? {} : { run: url }), ...(files === undefined ? {} : { files }) }
  const place = (sha: string) => ({
    name: checkName(workflow, target),
    sha,
    externalId: `${stamp?.id ?? 'wf'} ${workflow.path}`,
    first: stamp?.attempt === 1 && posting.again !== true,
    ...(url === undefined ? {} : { url }),
  })
  const check =
    posting.check && posting.sha !== null ? new Check(tools.github, place(posting.sha), () => limit.signal) : undefined
  const comment =
    posting.comment && posting.pullRequest !== null
      ? new Comment(
          tools.github,
          { number: posting.pullRequest, marker: commentMarker(workflow), ...(stamp ? { stamp } : {}) },
          () => limit.signal,
        )
      : undefined
  const post = async (
    state: CheckState,
    annotations: Parameters<Check['effect']>[1] = [],
  ): Promise<Answer<Remote> | undefined> => check && perform(check.effect(state, annotations), journal, { foreign })

  let busy: Promise<unknown> = Promise.resolve()
  let refused = false
  const progress = watchStages(workflow, target, journal)
  return {
    begin(plan) {
      if (!check) return
      busy = post(progress(plan)).then((made) => {
        // A missing right stays missing.
        refused = made?.ok === false && made.kind === 'refused' && (made.status === 401 || made.status === 403)
        if (made?.ok) keepUpdated()
      })
    },
    async end(outcome) {
      limit.start(outcome.verdict === 'cancelled' ? patience.cancelled : patience.end)
      await Promise.race([busy, aborted(limit.signal)])
      const annotations = await placed(annotationsOf(outcome).annotations)
      const body = renderComment(outcome, { ...(stamp ? { stamp } : {}), links })
      await Promise.all([
        comment && perform(comment.effect(body), journal, { foreign }),
        refused ? undefined : post(renderCheck(outcome, links), annotations),
        posting.sarif && perform(findings(posting.sarif, outcome), journal, { foreign }),
        outcome.verdict === 'cancelled' ? undefined : coverage(),
      ])
      if (check && check.refused > 0)
        journal.append({ type: 'note', message: `GitHub did not take ${check.refused} of the annotations` })
      if (comment?.superseded)
        journal.append({ type: 'note', message: 'a later run has commented already; its comment stays' })
      limit.end()
    },
  }

  async function coverage(): Promise<void> {
    const effect = await tools.codecov?.effect(() => limit.signal)
    if (effect) await perform(effect, journal, { foreign })
  }

  function findings(place: SarifPlace, outcome: Outcome): Effect {
    return sarifEffect(tools.github, place, renderSarif(outcome), () => limit.signal)
  }

  /** Annotations at the lines of the commit that the check belongs to. */
  async function placed(all: readonly Annotation[]): Promise<Annotation[]> {
    if (!all.length || !tools.lines) return [...all]
    const map = await Promise.race([tools.lines(), aborted(limit.signal)])
    if (!map) {
      const message = 'the lines of annotations are those of the merge commit: the head of the pull request is not here'
      journal.append({ type: 'note', message })
      return [...all]
    }
    const there = all.flatMap((one) => moved(one, map))
    const lost = all.length - there.length
    if (lost > 0)
      journal.append({ type: 'note', message: `${lost} of the annotations are on lines that only the merge has` })
    return there
  }

  /** While stages end the check tells so, one request at a time and not too often. */
  function keepUpdated(): void {
    let told = clock.monotonic()
    let pending = false
    journal.subscribe(({ event }) => {
      if (event.type !== 'stage.finished' || pending || clock.monotonic() - told < patience.between) return
      told = clock.monotonic()
      pending = true
      busy = post(progress()).finally(() => {
        pending = false
      })
    })
  }
}

function moved(annotation: Annotation, map: LineMap): Annotation[] {
  const [start_line, end_line] = [annotation.start_line, annotation.end_line].map((line) => map(annotation.path, line))
  return start_line === undefined || end_line === undefined ? [] : [{ ...annotation, start_line, end_line }]
}

/** How far the stages of the plan have come, as the check shows it. */
function watchStages(workflow: Outcome['workflow'], target: string, journal: Journal): (plan?: Plan) => CheckState {
  let stages: { id: string; name?: string }[] = []
  const ended = new Map<string, Status>()
  journal.subscribe(({ event }) => {
    if (event.type === 'stage.finished') ended.set(event.stage, event.status)
  })
  return (plan) => {
    if (plan) stages = plan.stages.map(({ id, name }) => (name === undefined ? { id } : { id, name }))
    const shown = stages.map((stage) => {
      const status = ended.get(stage.id)
      return status === undefined ? stage : { ...stage, status }
    })
    return renderProgress({ workflow, target, stages: shown })
  }
}

const aborted = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** The time that is left for GitHub: none is set before the end, and none is left seconds after a cancel. */
class Limit {
  readonly #over = new AbortController()
  #forget: (() => void) | undefined

  constructor(
    private readonly clock: Clock,
    private readonly cancel: AbortSignal,
  ) {
    cancel.addEventListener('abort', this.#cancelled, { once: true })
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  start(ms: number): void {
    this.#forget?.()
    const left = this.cancel.aborted ? Math.min(ms, patience.cancelled) : ms
    this.#forget = this.clock.after(left, () => this.#over.abort())
  }

  end(): void {
    this.#forget?.()
    this.cancel.removeEventListener('abort', this.#cancelled)
  }

  /** Before the end a cancel is the engine's business. */
  readonly #cancelled = (): void => {
    if (this.#forget) this.start(patience.cancelled)
  }
}
