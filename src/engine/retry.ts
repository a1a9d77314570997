import type { Clock } from '../ports.js'
import type { Retry } from '../workflow/model.js'
import type { Attempt } from './attempt.js'
import { environmentOf } from './contexts.js'
import type { Sight } from './contexts.js'
import type { Engine } from './engine.js'
import type { Halt } from './halt.js'

/** The wait before the nth retry, in milliseconds: `delay × backoff^(n-1)`, capped, and with jitter any part of it. */
export function retryDelay(retry: Retry, nth: number, fraction: number): number {
  const wait = Math.min(retry.delay * retry.backoff ** (nth - 1), retry.maxDelay)
  return retry.jitter ? wait * fraction : wait
}

/** Resolves after `ms`, or as soon as it is told to stop. */
export function pause(clock: Clock, ms: number, stop: Halt): Promise<void> {
  return new Promise((resolve) => {
    let forget = (): void => undefined
    const done = (): void => {
      cancel()
      forget()
      resolve()
    }
    const cancel = clock.after(ms, done)
    forget = stop.on(done)
  })
}

/** Whether `retry.if` wants another attempt after this one. */
export function worthIt(engine: Engine, sight: Sight, retry: Retry, { number, ending }: Attempt): boolean {
  if (!retry.if) return true
  const attempt = {
    number,
    'exit-code': ending.kind === 'exit' ? ending.code : null,
    'timed-out': ending.kind === 'timeout',
  }
  return environmentOf({ ...sight, attempt }, engine).holds(retry.if)
}
