import type { ReadContext } from '../../reader.js'

/** Counts what is not as its format says: what it would have told is missing, so the report cannot be trusted. */
export class Oddities {
  private count = 0
  private first: string | undefined

  constructor(private readonly context: ReadContext) {}

  add(what: string): void {
    this.count++
    this.first ??= what
  }

  say(): void {
    if (this.count === 0) return
    const more = this.count > 1 ? `, and ${this.count - 1} more such` : ''
    this.context.problems.error(`is not as its format says: ${this.first}${more}`)
  }
}

/** Says when a report states more that is not covered than it lists: what it left out may be what is not covered. */
export function checkMissed(
  context: ReadContext,
  what: string,
  stated: { valid: number | undefined; covered: number | undefined },
  listed: { valid: number; covered: number },
): void {
  const missed = (stated.valid ?? NaN) - (stated.covered ?? NaN)
  const seen = listed.valid - listed.covered
  if (missed > seen) context.problems.error(`${what} states ${missed} lines without a hit, but lists ${seen}`)
}
