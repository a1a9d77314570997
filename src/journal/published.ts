import type { JournalEvent, JournalLine } from './events.js'
import type { Published } from './outcome.js'

/** What was posted so far, after one more event. What is made in a run and changed since was made in it. */
export function notePublished(all: Map<string, Published>, event: JournalEvent): void {
  if (event.type === 'effect.done') {
    const { effect, did, url } = event
    const status = all.get(effect)?.status === 'created' ? 'created' : did
    all.set(effect, { effect, status, ...(url === null ? {} : { url }) })
  }
  if (event.type === 'effect.failed') {
    const { effect, reason, mend } = event
    const url = all.get(effect)?.url
    all.set(effect, {
      effect,
      status: 'failed',
      ...(url === undefined ? {} : { url }),
      reason,
      ...(mend === undefined ? {} : { mend }),
    })
  }
}

/** What a journal says was posted, in the order in which it was begun. */
export function foldPublished(lines: readonly JournalLine[]): Published[] {
  const all = new Map<string, Published>()
  for (const { event } of lines) notePublished(all, event)
  return [...all.values()]
}
