import type { Clock } from '../ports.js'

/** The longest wait that a timer of node can count; a longer one would fire at once. */
const longest = 2 ** 31 - 1

/** The machine's clock. A wait keeps the process alive until it is over or cancelled, and may be of any length. */
export function hostClock(): Clock {
  return { now: () => Date.now(), monotonic: () => performance.now(), after }
}

function after(ms: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = (left: number): void => {
    timer = left > longest ? setTimeout(() => wait(left - longest), longest) : setTimeout(callback, left)
  }
  wait(ms)
  return () => clearTimeout(timer)
}
