/** What a rule applies to: a part of the text, a pattern, or a judgement of its own. */
export type Match<T> = string | RegExp | ((request: T) => boolean)

/** One answer, answers one after another (the last repeats), or one made for the request and its number from 0. */
export type Reply<T, A> = A | readonly A[] | ((request: T, nth: number) => A)

/** Whether a rule applies to a request, whose text is given. */
export function matches<T>(match: Match<T>, request: T, text: string): boolean {
  if (typeof match === 'function') return match(request)
  return typeof match === 'string' ? text.includes(match) : match.test(text)
}

/** Rules with their answers; the latest rule that applies answers. */
export class Replies<T, A> {
  private readonly rules: { applies: (request: T) => boolean; reply: Reply<T, A>; used: number }[] = []

  add(applies: (request: T) => boolean, reply: Reply<T, A>): void {
    this.rules.unshift({ applies, reply, used: 0 })
  }

  /** The answer for a request; `undefined` when no rule applies. */
  answer(request: T): A | undefined {
    const rule = this.rules.find(({ applies }) => applies(request))
    if (!rule) return undefined
    const nth = rule.used++
    const { reply } = rule
    if (typeof reply === 'function') return (reply as (request: T, nth: number) => A)(request, nth)
    return Array.isArray(reply) ? (reply[Math.min(nth, reply.length - 1)] as A) : (reply as A)
  }
}
