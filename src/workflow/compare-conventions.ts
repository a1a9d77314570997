import type { ConventionRules } from './conventions.js'
import type { Difference } from './thresholds.js'

/** What two gates ask for: asking for less is weaker, for more stricter, for something else different. */
export const compareConventions = (
  what: string,
  base: ConventionRules | undefined,
  change: ConventionRules | undefined,
): Difference[] =>
  (['commits', 'title', 'branches', 'instructions', 'envFiles'] as const).map((key) => {
    const text = (rules: ConventionRules | undefined): string | null =>
      rules?.[key] ? (rules[key] === true ? 'asked for' : JSON.stringify(rules[key])) : null
    const [before, after] = [text(base), text(change)]
    const effect = before === after ? undefined : before === null ? 'stricter' : after === null ? 'weaker' : 'different'
    return { what: `${what}.${key === 'envFiles' ? 'env-files' : key}`, base: before, change: after, effect }
  })
