// A list scheduler over a graph of jobs, by events: nothing waits, and the same jobs give the same answer.

/**
 * @typedef {{ needs: readonly number[], work: number | ((ended: number) => number), wait?: number }} Job
 * What it needs by number; the seconds of its work, which may depend on how many jobs have ended when it begins; and the seconds from
 * when a runner is chosen for it until it begins.
 * @typedef {{ ready: number, from: number, until: number }} Span
 */

/**
 * When each job is ready, begins and ends, where so many runners take whoever is ready first (of several the one that stands first); and
 * when the last one ends.
 * @param {readonly Job[]} jobs
 * @param {number} runners
 * @returns {{ spans: Span[], wall: number }}
 */
export function schedule(jobs, runners) {
  const spans = jobs.map(() => ({ ready: 0, from: 0, until: 0 }))
  const left = jobs.map(({ needs }) => needs.length)
  const later = jobs.map(() => [])
  for (const [at, { needs }] of jobs.entries()) for (const need of needs) later[need].push(at)
  const waiting = heap((a, b) => spans[a].ready - spans[b].ready || a - b)
  const running = heap((a, b) => spans[a].until - spans[b].until || a - b)
  for (const at of jobs.keys()) if (left[at] === 0) waiting.push(at)
  let [free, now, ended] = [runners, 0, 0]
  while (ended < jobs.length) {
    while (free > 0 && waiting.size > 0) {
      const at = waiting.pop()
      const { work, wait = 0 } = jobs[at]
      const span = spans[at]
      span.from = now + wait
      span.until = span.from + (typeof work === 'number' ? work : work(ended))
      running.push(at)
      free--
    }
    const next = running.pop()
    if (next === undefined) throw new Error('jobs need each other in a circle')
    now = spans[next].until
    for (let done = next; done !== undefined;) {
      free++
      ended++
      for (const at of later[done])
        if (--left[at] === 0) {
          spans[at].ready = now
          waiting.push(at)
        }
      done = running.size > 0 && spans[running.peek()].until === now ? running.pop() : undefined
    }
  }
  return { spans, wall: now }
}

/** The minutes that are paid for: of each job every minute that has begun. */
export const billedMinutes = (spans) =>
  spans.reduce((sum, { from, until }) => sum + Math.ceil((until - from) / 60 - 1e-9), 0)

/** A heap of numbers, the least by `order` on top. */
function heap(order) {
  const all = []
  const swap = (a, b) => ([all[a], all[b]] = [all[b], all[a]])
  return {
    get size() {
      return all.length
    },
    peek: () => all[0],
    push(one) {
      all.push(one)
      for (let at = all.length - 1; at > 0;) {
        const above = (at - 1) >> 1
        if (order(all[above], all[at]) <= 0) break
        swap(above, at)
        at = above
      }
    },
    pop() {
      const top = all[0]
      const last = all.pop()
      if (all.length > 0) {
        all[0] = last
        for (let at = 0; ;) {
          const [a, b] = [2 * at + 1, 2 * at + 2]
          let least = at
          if (a < all.length && order(all[a], all[least]) < 0) least = a
          if (b < all.length && order(all[b], all[least]) < 0) least = b
          if (least === at) break
          swap(least, at)
          at = least
        }
      }
      return top
    },
  }
}
