import { matchesPatterns } from '../../../trigger/pattern.js'
import type { BranchRule } from '../../../workflow/conventions.js'

/** `{a,b}/**` is `a/**` and `b/**`. */
function spread(pattern: string): string[] {
  const [, head = '', inner, tail = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(pattern) ?? []
  return inner === undefined ? [pattern] : inner.split(',').map((one) => `${head}${one}${tail}`)
}

/**
 * What is wrong with a branch's name or with where it is to be merged; nothing when a rule allows it. Without `to` only its name is
 * judged, which is what is known on a laptop.
 */
export function checkBranch(from: string, to: string | null, rules: readonly BranchRule[]): string | undefined {
  const fitting = rules.filter((rule) => matchesPatterns(spread(rule.from), from))
  if (!fitting.length) {
    const names = rules.map((rule) => `\`${rule.from}\``).join(', ')
    return `the branch \`${from}\` has none of the names that are allowed: ${names}`
  }
  if (to === null || fitting.some((rule) => matchesPatterns(rule.to.flatMap(spread), to))) return undefined
  const places = [...new Set(fitting.flatMap((rule) => rule.to))].map((one) => `\`${one}\``).join(', ')
  return `the branch \`${from}\` is merged into ${places}, not into \`${to}\``
}
