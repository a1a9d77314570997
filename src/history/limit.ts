import type { Clock } from '../ports.js'

/** Does work that may take long, and gives it up after `ms` or when `cancel` says so; `late` is then the answer. */
export async function within<T>(
  { clock, cancel }: { clock: Clock; cancel: AbortSignal },
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: T,
): Promise<T> {
  const over = new AbortController()
  const stop = (): void => over.abort()
  const forget = clock.after(ms, stop)
  cancel.addEventListener('abort', stop, { once: true })
  if (cancel.aborted) stop()
  try {
    const gaveUp = new Promise<T>((resolve) =>
      over.signal.addEventListener('abort', () => resolve(late), { once: true }),
    )
    return over.signal.aborted ? late : await Promise.race([work(over.signal), gaveUp])
  } finally {
    forget()
    cancel.removeEventListener('abort', stop)
  }
}
