import type { Answer, Effect, Remote } from '../../effects/effect.js'
import type { Json } from '../../base/json.js'
import type { GitHub, GitHubAnswer } from '../../ports.js'
import type { Annotation } from '../annotations.js'
import { listOf, memberOf, numberOf, remoteOf, textOf } from './answers.js'

/** What GitHub shows of a check while it runs and afterwards. */
export interface CheckState {
  title: string
  summary: string
  text?: string
  conclusion?: 'success' | 'failure' | 'neutral' | 'cancelled' | 'action_required'
}

/** Where a check belongs. `externalId` is the same for all attempts of one run, so that a later one finds it. */
export interface CheckPlace {
  name: string
  sha: string
  externalId: string
  /** Nothing can be there yet: the first attempt of a run need not look for what another one made. */
  first: boolean
  /** The page of the run. */
  url?: string
}

/** GitHub takes so many annotations in one request; more are appended by further ones. */
const batch = 50

/** The one check of a run at a commit. */
export class Check {
  /** What an earlier attempt left below its lines; GitHub appends, and takes nothing away. */
  #there: ReadonlySet<string> = new Set()
  #asked = false
  /** How many annotations GitHub did not take. */
  refused = 0

  constructor(
    private readonly github: GitHub,
    private readonly place: CheckPlace,
    private readonly signal: () => AbortSignal,
  ) {}

  /** The effect that brings the check to a state. */
  effect(state: CheckState, annotations: readonly Annotation[] = []): Effect {
    return {
      id: 'check',
      permission: 'checks: write',
      look: async () => (this.place.first && !this.#asked ? { ok: true, value: undefined } : this.#look()),
      make: async () => this.#make(state, annotations),
      change: async (remote) => this.#change(remote, state, annotations),
    }
  }

  async #look(): Promise<Answer<Remote | undefined>> {
    const { sha, name, externalId } = this.place
    const answer = await this.#ask('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ref: sha,
      check_name: name,
      filter: 'all',
      per_page: 100,
    })
    if (!answer.ok) return answer
    const found = listOf(answer.data, 'check_runs').find((run) => textOf(run, 'external_id') === externalId)
    if (found === undefined) return { ok: true, value: undefined }
    const remote = remoteOf({ ok: true, status: answer.status, data: found })
    const count = numberOf(memberOf(found, 'output'), 'annotations_count') ?? 0
    if (remote.ok && count > 0) this.#there = await this.#annotations(remote.value)
    return remote
  }

  async #annotations({ id }: Remote): Promise<ReadonlySet<string>> {
    const known = new Set<string>()
    for (let page = 1; page <= 10; page++) {
      const parameters = { check_run_id: Number(id), per_page: 100, page }
      const answer = await this.#ask('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', parameters)
      const list = answer.ok && Array.isArray(answer.data) ? answer.data : []
      for (const one of list) known.add(keyOf(one))
      if (list.length < 100) break
    }
    return known
  }

  async #make(state: CheckState, annotations: readonly Annotation[]): Promise<Answer<Remote>> {
    this.#asked = true
    const { name, sha, externalId } = this.place
    const answer = await this.#ask('POST /repos/{owner}/{repo}/check-runs', {
      name,
      head_sha: sha,
      external_id: externalId,
      ...body(annotations.length ? open(state) : state, this.place),
    })
    const made = remoteOf(answer)
    return made.ok && annotations.length ? this.#change(made.value, state, annotations) : made
  }

  /** The conclusion comes with the last batch, so that a check that is complete has all its annotations. */
  async #change(remote: Remote, state: CheckState, annotations: readonly Annotation[]): Promise<Answer<Remote>> {
    const fresh = this.#fresh(annotations.map(asSent))
    let last: Answer<Remote> = { ok: true, value: remote }
    for (let at = 0; at === 0 || at < fresh.length; at += batch) {
      const now = at + batch >= fresh.length ? state : open(state)
      const part = fresh.slice(at, at + batch)
      last = await this.#patch(remote, now, part)
      // Annotations that GitHub does not take must not keep the check from its conclusion.
      if (!last.ok && last.kind === 'refused' && last.status === 422 && part.length) {
        this.refused += part.length
        last = await this.#patch(remote, now)
      }
      if (!last.ok) return last
    }
    return last
  }

  /** One request; where its answer is lost, what GitHub has of it is looked up before it is sent again. */
  async #patch(remote: Remote, state: CheckState, part: readonly Json[] = []): Promise<Answer<Remote>> {
    const send = async (annotations: readonly Json[]): Promise<Answer<Remote>> => {
      const parameters = { check_run_id: Number(remote.id), ...body(state, this.place, annotations) }
      const once = annotations.length > 0
      return remoteOf(await this.#ask('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', parameters, once))
    }
    const answer = await send(part)
    if (answer.ok || answer.kind !== 'network') return answer
    if (part.length) this.#there = await this.#annotations(remote)
    return send(this.#fresh(part))
  }

  #fresh<T extends Json>(annotations: readonly T[]): T[] {
    return annotations.filter((one) => !this.#there.has(keyOf(one)))
  }

  async #ask(route: string, parameters: { [key: string]: unknown }, once = false): Promise<GitHubAnswer> {
    return this.github.request(route, parameters, { signal: this.signal(), ...(once ? { once } : {}) })
  }
}

function body(
  { title, summary, text, conclusion }: CheckState,
  { url }: CheckPlace,
  annotations: readonly Json[] = [],
): { [key: string]: unknown } {
  const output = { title, summary, ...(text ? { text } : {}) }
  return {
    ...(conclusion === undefined ? { status: 'in_progress' } : { status: 'completed', conclusion }),
    ...(url === undefined ? {} : { details_url: url }),
    output: annotations.length ? { ...output, annotations } : output,
  }
}

/** The same, while more is to come. */
const open = ({ title, summary }: CheckState): CheckState => ({ title, summary })

const asSent = ({ level, details, ...rest }: Annotation): { [key: string]: Json } => ({
  ...rest,
  annotation_level: level,
  ...(details === undefined ? {} : { raw_details: details }),
})

/** What makes two annotations the same. */
const keyOf = (one: Json): string =>
  JSON.stringify(
    ['path', 'start_line', 'end_line', 'annotation_level', 'title', 'message'].map((key) => memberOf(one, key) ?? null),
  )
