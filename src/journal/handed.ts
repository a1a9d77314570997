import type { JournalEvent, JournalLine } from './events.js'
import type { Status } from './outcome.js'
import { foldState } from './state.js'
import type { DoneStep } from './state.js'

/** An event with the time at which it happened, in milliseconds since the epoch. */
export interface Happened {
  at: number
  event: JournalEvent
}

/** What another machine did of a run: one instance, as its journal tells. */
export interface HandedInstance {
  stage: string
  address: string
  /** All that happened in it, in order. */
  events: Happened[]
  /** The steps that ended, in the order in which they did. */
  steps: Map<string, DoneStep>
  status: Status
  reason?: string
  outputs?: Record<string, string>
  /** When it began and ended, in milliseconds since the epoch. */
  from: number
  until: number
  /** What that machine had to remark. */
  notes: string[]
}

/** The part of a machine's journal that tells of an instance; nothing where it did not end there. */
export function handedOf(lines: readonly JournalLine[], stage: string, address: string): HandedInstance | undefined {
  const own = lines.filter(({ event }) => isOf(event, address))
  const end = own.find(({ event }) => event.type === 'instance.finished')
  // What held a secret is not what it was.
  const isWhole = !end?.cleaned
  const [first] = own
  if (!first || end?.event.type !== 'instance.finished') return undefined
  const { status, reason, outputs } = end.event
  const all = foldState(lines)?.steps ?? new Map<string, DoneStep>()
  return {
    stage,
    address,
    events: own.map(({ at, event }) => ({ at, event })),
    steps: new Map([...all].filter(([step]) => step.startsWith(`${address}/`))),
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(outputs === undefined || !isWhole ? {} : { outputs }),
    from: first.at,
    until: end.at,
    notes: lines.flatMap(({ event }) => (event.type === 'note' ? [event.message] : [])),
  }
}

/** Whether an event tells of an instance or of one of its steps. */
function isOf(event: JournalEvent, address: string): boolean {
  if ('instance' in event) return event.instance === address
  return 'step' in event && event.step.startsWith(`${address}/`) && event.type !== 'fix.tried'
}
