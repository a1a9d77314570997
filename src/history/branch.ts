import type { Clock, Random } from '../ports.js'
import { noCommit } from './breakers.js'
import type { Entry } from './entry.js'

/** The branch that holds histories and nothing else. */
export const branch = 'wf-history'

/** What whoever adds to the branch needs, so that two at once do not meet again and again. */
export interface Tools {
  clock: Clock
  random: Random
}

/** How often it is tried to build on what another run added meanwhile. */
export const maxAttempts = 6

/** Waits longer after each attempt, by chance longer or shorter; not at all when the signal says so. */
export const pause = async ({ clock, random }: Tools, attempt: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const forget = clock.after(100 * 2 ** attempt * (0.5 + random.fraction()), resolve)
    const stop = (): void => {
      forget()
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })

/** What the commit of an entry is called; a push to the branch starts no workflow. */
export const messageOf = ({ commit }: Entry): string =>
  `chore(history): ${commit === noCommit ? 'circuit breakers' : commit.slice(0, 7)} [skip ci]`
