import type { ErrorKind } from '../language/names.js'
import type { Clock, Random } from '../ports.js'
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

/** The wait before the nth retry: at least what the attempt was asked to wait by a service, as far as `retry-after` allows. */
export const waitAfter = (retry: Retry, { retryAfter = 0 }: Attempt, nth: number, random: Random): number =>
  Math.max(retryDelay(retry, nth, random.fraction()), Math.min(retryAfter, retry.retryAfter))

/** In which way an attempt failed. One that ended well and failed by what it left failed by an error of the step. */
export function errorKind({ ending }: Attempt): ErrorKind {
  if (ending.kind === 'exit') return ending.code === 0 ? 'error' : 'exit'
  if (ending.kind === 'error') return ending.outside ? 'outside' : 'error'
  return ending.kind === 'cancelled' || ending.kind === 'stopped' ? 'signal' : ending.kind
}

/** Whether `retry.on` names what happened, or why that cannot be told. RE2 reads the pattern, which no pattern can hang. */
export async function fits({ on }: Retry, attempt: Attempt): Promise<boolean | string> {
  if (!on) return true
  const { ending } = attempt
  if (on.errors.includes(errorKind(attempt))) return true
  if (ending.kind === 'exit' && ending.code !== 0 && on.exitCodes.includes(ending.code)) return true
  if (on.output === undefined) return false
  const { RE2JS } = await import('re2js')
  try {
    return RE2JS.compile(on.output).matcher(outputOf(attempt)).find()
  } catch (cause) {
    return `the pattern of \`retry.on.output\` cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/** The last lines that it printed, bounded and clean of secrets and controls. */
const outputOf = ({ tail }: Attempt): string => tail.join('\n')

/** Whether `retry.if` wants another attempt after this one. */
export function worthIt(engine: Engine, sight: Sight, retry: Retry, failed: Attempt): boolean {
  if (!retry.if) return true
  const { number, ending } = failed
  const attempt = {
    number,
    'exit-code': ending.kind === 'exit' ? ending.code : null,
    signal: ending.kind === 'signal' ? ending.signal : null,
    'timed-out': ending.kind === 'timeout',
    'error-kind': errorKind(failed),
    output: outputOf(failed),
  }
  return environmentOf({ ...sight, attempt }, engine).holds(retry.if)
}
