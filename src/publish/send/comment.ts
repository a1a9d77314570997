import type { Json } from '../../base/json.js'
import type { Answer, Effect, Remote } from '../../effects/effect.js'
import type { GitHub, GitHubAnswer } from '../../ports.js'
import { idOf, listOf, remoteOf, textOf } from './answers.js'
import { ownOf } from './author.js'
import { readStamp } from '../marker.js'
import type { Stamp } from '../marker.js'

/** Where a comment belongs. */
export interface CommentPlace {
  /** The pull request's number. */
  number: number
  /** The first line, by which it is found again. */
  marker: string
  /** The run that speaks; one that began later is not overwritten. */
  stamp?: Stamp
}

/** GitHub holds at most 2,500 comments of an issue. */
const pages = 25
const perPage = 100

/** The one comment of a workflow on a pull request. */
export class Comment {
  /** A later run has spoken already: what it said stays. */
  superseded = false

  constructor(
    private readonly github: GitHub,
    private readonly place: CommentPlace,
    private readonly signal: () => AbortSignal,
  ) {}

  /** The effect that makes the comment say `body`. */
  effect(body: string): Effect {
    return {
      id: 'comment',
      permission: 'pull-requests: write',
      look: async () => this.#look(),
      make: async () => this.#make(body),
      change: async (remote) => this.#change(remote, body),
    }
  }

  async #look(): Promise<Answer<Remote | undefined>> {
    const ours = await this.#ours()
    if (!ours.ok) return ours
    const [first] = ours.value
    if (!first) return { ok: true, value: undefined }
    this.#yieldTo(first)
    return remoteOf({ ok: true, status: 200, data: first })
  }

  /** What a run that began later has said stays. */
  #yieldTo(comment: Json): void {
    const [theirs, own] = [readStamp(textOf(comment, 'body') ?? ''), this.place.stamp]
    this.superseded = theirs !== undefined && own !== undefined && isLater(theirs, own)
  }

  async #make(body: string): Promise<Answer<Remote>> {
    const { number } = this.place
    const answer = await this.#ask('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      issue_number: number,
      body,
    })
    const made = remoteOf(answer)
    return answer.ok && made.ok ? this.#settle(made.value, body, textOf(answer.data, 'created_at')) : made
  }

  /** Two runs that began at once may both have found nothing: the first comment stays, the other goes. */
  async #settle(made: Remote, body: string, since: string | undefined): Promise<Answer<Remote>> {
    const began = Date.parse(since ?? '')
    const ours = await this.#ours(Number.isNaN(began) ? undefined : new Date(began - lookBack).toISOString())
    const [oldest] = ours.ok ? ours.value : []
    const first = oldest === undefined ? undefined : idOf(oldest)
    if (oldest === undefined || first === undefined || Number(first) >= Number(made.id))
      return { ok: true, value: made }
    await this.#ask('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: Number(made.id) })
    this.#yieldTo(oldest)
    return this.#change({ id: first, url: textOf(oldest, 'html_url') ?? null }, body)
  }

  async #change(remote: Remote, body: string): Promise<Answer<Remote>> {
    if (this.superseded) return { ok: true, value: remote }
    const patch = async (): Promise<Answer<Remote>> =>
      remoteOf(
        await this.#ask('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          comment_id: Number(remote.id),
          body,
        }),
      )
    const answer = await patch()
    return !answer.ok && answer.kind === 'network' ? patch() : answer
  }

  /** Comments with our marker by our author, the oldest first. A stranger can copy the marker, not the author. */
  async #ours(since?: string): Promise<Answer<Json[]>> {
    const marked: Json[] = []
    for (let page = 1; page <= pages; page++) {
      const answer = await this.#ask('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        issue_number: this.place.number,
        per_page: perPage,
        page,
        ...(since === undefined ? {} : { since }),
      })
      if (!answer.ok) return answer
      const list = listOf(answer.data)
      marked.push(...list.filter((one) => textOf(one, 'body')?.split(/\r?\n/, 1)[0] === this.place.marker))
      if (list.length < perPage) break
    }
    const ours = await ownOf(marked, async (route, parameters) => this.#ask(route, parameters))
    return { ok: true, value: ours.sort((a, b) => Number(idOf(a)) - Number(idOf(b))) }
  }

  async #ask(route: string, parameters: { [key: string]: unknown }): Promise<GitHubAnswer> {
    return this.github.request(route, parameters, { signal: this.signal() })
  }
}

/** Another run's comment of the last seconds; clocks of two servers may differ a little. In milliseconds. */
const lookBack = 60_000

const isLater = (a: Stamp, b: Stamp): boolean => a.id > b.id || (a.id === b.id && a.attempt > b.attempt)
