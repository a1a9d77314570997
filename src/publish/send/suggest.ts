import type { Json } from '../../base/json.js'
import { count } from '../../base/text.js'
import type { Answer, Effect } from '../../effects/effect.js'
import type { GitHub, GitHubAnswer } from '../../ports.js'
import { digestOf, stepsText, suggestionBody } from '../fixes/suggestions.js'
import type { Shown, Suggestion } from '../fixes/suggestions.js'
import { listOf, numberOf, remoteOf, textOf } from './answers.js'
import { ownOf } from './author.js'

/** The pull request and the commit of it that was judged. */
export interface ReviewPlace {
  number: number
  sha: string
  /** The steps whose fixes are suggested. */
  steps: readonly string[]
}

/** More than that on one page is nothing that anybody reads. */
const maxSuggestions = 30
const perPage = 100
/** GitHub tells no more than 3,000 files; of comments no more are looked through. */
const pages = 30

type Ask = (route: string, parameters: { [key: string]: unknown }) => Promise<GitHubAnswer>

async function everyPage(ask: Ask, route: string, parameters: { [key: string]: unknown }): Promise<Answer<Json[]>> {
  const all: Json[] = []
  for (let page = 1; page <= pages; page++) {
    const answer = await ask(route, { ...parameters, per_page: perPage, page })
    if (!answer.ok) return answer
    const list = listOf(answer.data)
    all.push(...list)
    if (list.length < perPage) break
  }
  return { ok: true, value: all }
}

/** The lines of the head that the diff of a pull request shows, by file. */
export async function shownLines(ask: Ask, number: number): Promise<Answer<Shown>> {
  const files = await everyPage(ask, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { pull_number: number })
  if (!files.ok) return files
  const shown = files.value.map((file) => {
    const hunks = [...(textOf(file, 'patch') ?? '').matchAll(/(?:^|\n)@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/g)]
    const ranges = hunks.map(([, from, lines]) => [Number(from), Number(from) + Number(lines ?? 1) - 1] as const)
    return [textOf(file, 'filename') ?? '', ranges] as const
  })
  return { ok: true, value: new Map(shown) }
}

/** Suggestions on a pull request: each is made once, whichever run makes it. */
export class Suggestions {
  /** Those that this run made, those that stand there from before, and those for which there is no room. */
  made: readonly Suggestion[] = []
  standing: readonly Suggestion[] = []
  tooMany: readonly Suggestion[] = []
  #fresh: readonly Suggestion[] = []

  constructor(
    private readonly ask: Ask,
    private readonly place: ReviewPlace,
    private readonly wanted: readonly Suggestion[],
  ) {}

  /** The effect that posts what is not there yet, as one review. */
  effect(): Effect {
    return {
      id: 'fixes',
      permission: 'pull-requests: write',
      look: async () => {
        const { number } = this.place
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments'
        const listed = await everyPage(this.ask, route, { pull_number: number })
        if (!listed.ok) return listed
        const marked = listed.value.filter((one) => digestOf(textOf(one, 'body') ?? '') !== undefined)
        const known = new Map(
          (await ownOf(marked, this.ask)).map((one) => [digestOf(textOf(one, 'body') ?? ''), one] as const),
        )
        this.standing = this.wanted.filter(
          ({ digest }) => known.has(digest) && !this.made.some((one) => one.digest === digest),
        )
        const fresh = this.wanted.filter(({ digest }) => !known.has(digest))
        this.#fresh = fresh.slice(0, maxSuggestions)
        this.tooMany = fresh.slice(maxSuggestions)
        if (this.#fresh.length > 0) return { ok: true, value: undefined }
        const first = known.get(this.wanted[0]?.digest)
        const remote = remoteOf({ ok: true, status: 200, data: first ?? null })
        const review = first && numberOf(first, 'pull_request_review_id')
        return remote.ok && review !== undefined ? { ok: true, value: { ...remote.value, id: String(review) } } : remote
      },
      make: async () => this.#make(),
      change: async (remote) => ({ ok: true, value: remote }),
    }
  }

  async #make(): ReturnType<Effect['make']> {
    const { number, sha, steps } = this.place
    const made = this.#fresh
    // What comes of it may be known only by looking again.
    this.made = made
    const answer = await this.ask('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      pull_number: number,
      commit_id: sha,
      event: 'COMMENT',
      body: `${count(made.length, 'fix', 'fixes')} by ${stepsText(steps)}: commit what you like of it.`,
      comments: made.map((one) => ({
        path: one.path,
        body: suggestionBody(one, steps),
        line: one.last,
        side: 'RIGHT',
        ...(one.first < one.last ? { start_line: one.first, start_side: 'RIGHT' } : {}),
      })),
    })
    return remoteOf(answer)
  }
}

/** Asks GitHub until the signal says that there is no time left. */
export const asking =
  (github: GitHub, signal: AbortSignal): Ask =>
  async (route, parameters) =>
    github.request(route, parameters, { signal })
