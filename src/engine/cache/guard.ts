import { OutsideError } from '../../base/errors.js'
import { formatDuration } from '../../base/duration.js'
import type { Clock } from '../../ports.js'
import type { CacheStore, EntriesAtHand, Found, SafeStore } from './store.js'

/** After so many failures in a row a store is left alone for a while. */
const failuresInRow = 3
const pause_ms = 30_000

export interface GuardOptions {
  clock: Clock
  /** How long one call may take, in milliseconds. */
  timeout: number
  /** Aborted: what runs ends, and nothing more is asked. */
  cancel?: AbortSignal
  /** Told once what fails, and once that the store is left alone. */
  tell: (message: string) => void
}

/** A store that cannot hold a run up: each call has a time limit, a failure is an answer, and after three in a row it is not asked for 30 s. */
export function guarded(store: CacheStore, options: GuardOptions): SafeStore {
  const ask = asking(store, options)
  const { atHand } = store
  /** At once where nothing has to be waited for. */
  const atOnce = <T>(entries: EntriesAtHand, work: () => T): Answer<T> | Promise<Answer<T>> =>
    entries.isReady ? ask.now(work) : ask.later(async () => entries.ready().then(work))
  return {
    name: store.name,
    get(name, into) {
      const asked = atHand
        ? atOnce(atHand, () => atHand.get(name))
        : ask.later(async (signal) => store.get(name, into, signal))
      return asked instanceof Promise ? asked.then(foundOf) : foundOf(asked)
    },
    async put(name, file) {
      const { value, failed } = await ask.later(async (signal) => store.put(name, file, signal))
      return failed ?? value
    },
    async putSmall(entries) {
      if (!atHand) return { kept: false }
      const { value, failed } = await atOnce(atHand, () => atHand.put(entries))
      return { kept: value === true, ...(failed === undefined ? {} : { failed }) }
    },
    remove: async (name) => void (await ask.later(async (signal) => store.remove(name, signal))),
    list: async () => (await ask.later(async (signal) => store.list(signal))).value ?? [],
    end: async () => void (await ask.later(async (signal) => store.end?.(signal))),
  }
}

interface Answer<T> {
  value?: T
  failed?: string
}

function foundOf({ value, failed }: Answer<Uint8Array | string | undefined>): Found {
  if (failed !== undefined) return { failed }
  if (value === undefined) return {}
  return typeof value === 'string' ? { file: value } : { bytes: value }
}

/** How a store is asked: what it answers at once, or later. */
interface Asking {
  now<T>(work: () => T): Answer<T>
  later<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Answer<T>>
}

function asking({ name, immediate = false }: CacheStore, { clock, timeout, cancel, tell }: GuardOptions): Asking {
  let failures = 0
  let until = 0
  let isTold = false
  let isPauseTold = false
  let last = ''
  const failure = (reason: string): string => {
    failures += 1
    last = `the cache (${name}) fails: ${reason}`
    if (!isTold) tell(last)
    isTold = true
    if (failures < failuresInRow) return last
    until = clock.monotonic() + pause_ms
    if (!isPauseTold) tell(`the cache (${name}) failed ${failuresInRow} times in a row and is left alone for 30 s`)
    isPauseTold = true
    return last
  }
  const refused = (): { failed: string } | undefined => {
    if (cancel?.aborted) return { failed: 'the run was cancelled' }
    return until > 0 && clock.monotonic() < until ? { failed: last } : undefined
  }
  const answered = <T>(value: T): Answer<T> => {
    failures = 0
    return { value }
  }
  const failedBy = (cause: unknown): { failed: string } => {
    if (!(cause instanceof OutsideError)) throw cause
    return { failed: cancel?.aborted ? 'the run was cancelled' : failure(cause.message) }
  }
  return {
    now(work) {
      const refusal = refused()
      if (refusal) return refusal
      try {
        return answered(work())
      } catch (cause) {
        return failedBy(cause)
      }
    },
    async later(work) {
      const refusal = refused()
      if (refusal) return refusal
      try {
        return answered(await (immediate ? work(endless) : within({ clock, limit: timeout, cancel }, work)))
      } catch (cause) {
        return failedBy(cause)
      }
    },
  }
}

const endless = new AbortController().signal

interface Limits {
  clock: Clock
  limit: number
  cancel: AbortSignal | undefined
}

/** Work with a time limit; what ignores its signal is no longer waited for. */
async function within<T>({ clock, limit, cancel }: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController()
  const ends: (() => void)[] = []
  const limited = new Promise<never>((_, fail) => {
    const stop = (reason: string): void => {
      fail(new OutsideError(reason, 'ETIMEDOUT'))
      over.abort()
    }
    ends.push(clock.after(limit, () => stop(`no answer within ${formatDuration(limit)}`)))
    const cancelled = (): void => stop('the run was cancelled')
    cancel?.addEventListener('abort', cancelled, { once: true })
    ends.push(() => cancel?.removeEventListener('abort', cancelled))
  })
  try {
    return await Promise.race([work(over.signal), limited])
  } finally {
    for (const end of ends) end()
  }
}
