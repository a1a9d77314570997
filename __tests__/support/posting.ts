import { Redactor } from '../../src/base/redact.js'
import { startFakeGitHub, defaultTokens } from '../../src/fake-github/index.js'
import type { FakeGitHub, FakeGitHubOptions } from '../../src/fake-github/index.js'
import { hostGitHub } from '../../src/host/github.js'
import { openRun } from '../../src/journal/open.js'
import { foldPublished } from '../../src/journal/published.js'
import type { Outcome, Published } from '../../src/journal/outcome.js'
import type { JournalEvent } from '../../src/journal/events.js'
import type { Plan } from '../../src/plan/plan.js'
import { openSender } from '../../src/publish/send.js'
import type { Posting, Sender, Tools } from '../../src/publish/send.js'
import { FakeClock } from './clock.js'
import { fakePorts } from './ports.js'

/** A GitHub of `org/repo` with pull request 7, whose head is `sha`. */
export interface Place {
  github: FakeGitHub
  sha: string
  pull: number
  /** Requests as `METHOD route`, without those before the last call. */
  asked(): string[]
  /** Resolves when something was written so many times. */
  written(times: number): Promise<void>
}

type RepositorySeed = NonNullable<NonNullable<FakeGitHubOptions['repositories']>[string]>

export async function place(
  seed: RepositorySeed = {},
  options: Omit<FakeGitHubOptions, 'repositories'> = {},
): Promise<Place> {
  const waiting = new Set<() => void>()
  const repository = {
    files: { main: { 'a.txt': '1' }, feature: { 'a.txt': '2' } },
    pulls: [{ number: 7, head: { ref: 'feature' } }],
  }
  const github = await startFakeGitHub({
    ...options,
    onRequest: () => waiting.forEach((look) => look()),
    repositories: { 'org/repo': { ...repository, ...seed } },
  })
  let seen = 0
  return {
    github,
    pull: 7,
    sha: github.repository().pulls['7']?.head.sha ?? '',
    written: async (times) =>
      new Promise((resolve) => {
        const look = (): void => void (github.writes().length >= times && resolve())
        waiting.add(look)
        look()
      }),
    asked() {
      const fresh = github.log.slice(seen)
      seen = github.log.length
      return fresh.map(({ method, route, status }) => `${method} ${route} ${status}`)
    },
  }
}

/** One run that posts: its sender, and what its journal says. */
export interface Poster {
  sender: Sender
  clock: FakeClock
  cancel: AbortController
  requests(): number
  events(): JournalEvent[]
  published(): Published[]
  /** Resolves when something was posted so many times. */
  posted(times: number): Promise<void>
  /** A stage ends. */
  stageEnds(id: string): void
  /** Begins, lets the check be made, and ends with an outcome. */
  whole(outcome: Outcome): Promise<Published[]>
}

export function poster(
  { github, sha, pull }: Place,
  outcome: Outcome,
  more: Partial<Posting> & Pick<Tools, 'codecov'> & { token?: string } = {},
): Poster {
  const clock = new FakeClock()
  const ports = fakePorts({ clock })
  const { token = defaultTokens.writes, codecov, ...posting } = more
  // A second of GitHub's is a millisecond of ours.
  const client = hostGitHub({ api: github.url, token, repository: 'org/repo', second: 1 })
  const { journal } = openRun('/runs', ports, new Redactor())
  const cancel = new AbortController()
  const sender = openSender(
    {
      sha,
      pullRequest: pull,
      check: true,
      comment: true,
      foreign: false,
      stamp: { id: 100, attempt: 1 },
      url: 'https://github.com/org/repo/actions/runs/100',
      ...posting,
    },
    outcome.workflow,
    outcome.target,
    { github: client, journal, clock, cancel: cancel.signal, ...(codecov ? { codecov } : {}) },
  )
  const published = (): Published[] => foldPublished(journal.lines)
  return {
    sender,
    clock,
    cancel,
    published,
    posted: async (times) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (journal.lines.filter(({ event }) => event.type === 'effect.done').length >= times) resolve()
        }
        journal.subscribe(look)
        look()
      }),
    stageEnds: (stage) => journal.append({ type: 'stage.finished', stage, status: 'success', outputs: {} }),
    requests: () => client.requests,
    events: () => journal.lines.map(({ event }) => event),
    async whole(ended) {
      sender.begin(planOf(ended))
      await sender.end(ended)
      return published()
    },
  }
}

/** A plan with the stages of an outcome. */
export const planOf = ({ workflow, target, stages }: Outcome): Plan => ({
  version: 1,
  workflow,
  target,
  stages: stages.map(({ id, milestone }) => ({ id, milestone, needs: [], instances: [], gates: [] })),
})
