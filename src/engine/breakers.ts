import { formatDuration } from '../base/duration.js'
import type { BreakerStates } from '../history/breakers.js'
import type { BreakerState } from '../history/entry.js'
import type { Journal } from '../journal/journal.js'
import type { Clock } from '../ports.js'
import type { BreakerLimits } from '../workflow/model.js'
import { ask, tell, unused } from './breaker.js'
import type { Told } from './breaker.js'

/** An attempt that may begin; what it told is said at its end. */
export interface Permit {
  end(result: Told['result']): void
}

/** The circuit breakers of a run. */
export interface Breakers {
  /** Lets an attempt of a step begin, or says why not. */
  enter(breaker: string, step: string): Promise<Permit | { refused: string }>
  /** Why no attempt could begin after a wait of `ms`, as far as it is known now. */
  refusesAfter(breaker: string, ms: number): string | undefined
}

interface Tools {
  limits: ReadonlyMap<string, BreakerLimits>
  clock: Clock
  journal: Journal
  /** What earlier runs knew; asked when the first step asks its breaker, and once. */
  earlier: () => Promise<BreakerStates>
}

interface Known {
  state: BreakerState
  probing: boolean
  limits: BreakerLimits
}

/** Breakers that go on from what earlier runs knew; each change is in the journal. */
export function breakersOf({ limits, clock, journal, earlier }: Tools): Breakers {
  const all = new Map<string, Known>()
  let loaded: Promise<void> | undefined
  const load = async (): Promise<void> => {
    const states = await earlier()
    const now = clock.now()
    for (const [name, own] of limits) {
      const state = states.get(name) ?? unused
      // What was kept may be of a clock that was ahead; it holds none open for longer than its time.
      const since = state.since === undefined ? {} : { since: Math.min(state.since, now) }
      all.set(name, { state: { ...state, ...since }, probing: false, limits: own })
    }
  }
  const known = (name: string): Known => {
    const found = all.get(name)
    if (!found) throw new Error(`there is no breaker ${name}`)
    return found
  }
  const permit = (name: string, step: string, probe: boolean): Permit => ({
    end(result) {
      const one = known(name)
      if (probe) one.probing = false
      const now = clock.now()
      const { state, change } = tell(one.state, one.limits, { result, probe, now })
      one.state = state
      const { failures } = state
      if (change === 'opened')
        journal.append({ type: 'breaker.opened', breaker: name, step, failures, since: now, open_ms: one.limits.open })
      else if (change === 'closed') journal.append({ type: 'breaker.closed', breaker: name, step })
      else if (change === 'counted') journal.append({ type: 'breaker.counted', breaker: name, step, failures })
    },
  })
  return {
    async enter(name, step) {
      await (loaded ??= load())
      const one = known(name)
      const answer = ask(one.state, one.limits, clock.now(), one.probing)
      if (answer.kind === 'open') return { refused: refusal(name, answer) }
      const probe = answer.kind === 'probe'
      if (probe) {
        one.probing = true
        journal.append({ type: 'breaker.probed', breaker: name, step })
      }
      return permit(name, step, probe)
    },
    refusesAfter(name, ms) {
      const { state, limits: own } = known(name)
      if (ask(state, own, clock.now() + ms, false).kind !== 'open') return undefined
      const answer = ask(state, own, clock.now(), false)
      return answer.kind === 'open' ? refusal(name, answer) : undefined
    },
  }
}

/** Why no attempt may begin. The time of day is that of UTC. */
function refusal(name: string, open: Extract<ReturnType<typeof ask>, { kind: 'open' }>): string {
  const { since, failures, probe_in } = open
  const next = probe_in === 'running' ? 'a probe is under way' : `next probe in ${waitText(probe_in)}`
  const times = failures === 1 ? 'a failure' : `${failures} failures`
  return `the breaker \`${name}\` is open since ${timeOfDay(since)} after ${times}; ${next}`
}

const waitText = (ms: number): string => (ms <= 60_000 ? `${Math.ceil(ms / 1000)}s` : formatDuration(ms))

const timeOfDay = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`
