import { formatDuration } from '../base/duration.js'
import { formatSize } from '../base/size.js'
import type { JournalLine } from '../journal/events.js'
import { plain } from '../publish/terminal-text.js'

/** What the cache said of a step, and what became of its result. */
export interface Why {
  run: string
  step: string
  /** How it ended; absent where the run did not come so far. */
  status?: string
  /** It was taken from the cache, it ran, it was taken over from an earlier run, or it did not ask. */
  answer: 'hit' | 'miss' | 'reused' | 'not-asked'
  /** What the answer rests on, in words; the most telling first. */
  why: string[]
  key?: string
  saved_ms?: number
  kept?: { bytes: number } | { reason: string }
}

/** Reads from a journal what the cache said of a step; `declared` says whether the file asks for a cache of it now. */
export function whyOf(
  { run, lines }: { run: string; lines: readonly JournalLine[] },
  step: string,
  declared: boolean | undefined,
): Why {
  const all: Why = { run, step, answer: 'not-asked', why: [] }
  let notes: string[] = []
  for (const { event } of lines) {
    if (event.type === 'note') notes.push(event.message)
    if (!('step' in event) || event.step !== step) continue
    switch (event.type) {
      case 'cache.hit':
        Object.assign(all, { answer: 'hit', key: event.key, saved_ms: event.saved_ms })
        break
      case 'cache.miss':
        Object.assign(all, { answer: 'miss', key: event.key, why: event.why })
        break
      case 'cache.kept':
        all.kept = 'bytes' in event ? { bytes: event.bytes } : { reason: event.reason }
        break
      case 'step.reused':
        Object.assign(all, { answer: 'reused', why: [`it was taken over from run ${event.run}, which is resumed`] })
        break
      case 'step.finished':
        all.status = event.status
        if (event.status !== 'success' && event.reason !== undefined && all.answer === 'not-asked')
          all.why.push(event.reason)
        break
      default:
    }
  }
  if (all.answer !== 'not-asked') return all
  notes = notes.filter((note) => note.startsWith('nothing is cached') || note.startsWith('the cache ('))
  if (all.status === undefined) all.why.unshift('the run did not come to it')
  else if (declared === false) all.why.unshift('it declares no `cache`, so it runs each time')
  else if (!all.why.length)
    all.why.push(...(notes.length ? notes : ['the run was asked for `--no-cache`, or `cache` was `off`']))
  return all
}

const ends: Readonly<Record<string, string>> = { success: 'succeeded', failure: 'failed' }

/** The answer for people. */
export function renderWhy({ run, step, status, answer, why, saved_ms = 0, kept }: Why): string {
  const ended = status === undefined ? '' : `, ${ends[status] ?? status}`
  const reasons = why.map((reason) => `    ${plain(reason, 300)}`)
  const lines = {
    hit: [
      `  it was taken from the cache, which saved ${formatDuration(saved_ms)}: all that decides about it is as it was`,
    ],
    miss: ['  it ran, and was not taken from the cache:', ...reasons],
    reused: why.map((reason) => `  ${plain(reason, 300)}`),
    'not-asked': ['  the cache was not asked:', ...reasons],
  }[answer]
  const left =
    kept &&
    ('bytes' in kept
      ? `its result was kept (${formatSize(kept.bytes)})`
      : `its result was not kept: ${plain(kept.reason, 300)}`)
  const lost = answer === 'miss' && !kept && status !== undefined && status !== 'success'
  const last = left ?? (lost ? 'its result was not kept: only successes are' : undefined)
  return `${[`${step} in run ${run}${ended}`, ...lines, ...(last === undefined ? [] : [`  ${last}`])].join('\n')}\n`
}
