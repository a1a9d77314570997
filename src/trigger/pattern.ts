/**
 * GitHub's filter patterns for branches and tags: `*` stops at `/`, `**` does not, `?` and `+` repeat the character before,
 * `[]` is a set, and a leading `!` takes away what an earlier pattern let in.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!')
    if (toRegExp(negative ? pattern.slice(1) : pattern).test(name)) matched = !negative
  }
  return matched
}

/** Patterns come from the base's own workflow file; each construct is linear, so no pattern can hang. */
function toRegExp(pattern: string): RegExp {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? ''
    if (c === '*') {
      if (pattern[i + 1] === '*') {
        i += 1
        source += '.*'
      } else source += '[^/]*'
    } else if (c === '\\' && i + 1 < pattern.length) source += escape(pattern[++i] ?? '')
    else if (c === '[' && pattern.indexOf(']', i + 1) > i) {
      const end = pattern.indexOf(']', i + 1)
      source += `[${pattern.slice(i + 1, end).replaceAll(/[\\^]/g, '\\$&')}]`
      i = end
    } else if ((c === '?' || c === '+') && source !== '') source += c
    else source += escape(c)
  }
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return new RegExp(`^${escape(pattern)}$`)
  }
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
