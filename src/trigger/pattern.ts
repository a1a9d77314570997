/**
 * GitHub's filter patterns for branches and tags: `*` stops at `/`, `**` does not, `?` and `+` repeat the character before,
 * `[]` is a set, `\` takes the next character as it is, and a leading `!` takes away what an earlier pattern let in.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!')
    if (matches(read(negative ? pattern.slice(1) : pattern), name)) matched = !negative
  }
  return matched
}

/** A character, and how often it may stand. */
interface Part {
  takes: (character: string) => boolean
  least: 0 | 1
  most: 1 | 'any'
}

function read(pattern: string): Part[] {
  const characters = Array.from(pattern)
  const parts: Part[] = []
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i] ?? ''
    const last = parts.at(-1)
    const set = c === '[' ? characters.indexOf(']', i + 2) : -1
    if (c === '*') {
      const deep = characters[i + 1] === '*'
      if (deep) i += 1
      parts.push({ takes: deep ? () => true : (one) => one !== '/', least: 0, most: 'any' })
    } else if (c === '?' && last) last.least = 0
    else if (c === '+' && last) last.most = 'any'
    else if (set !== -1) {
      parts.push({ takes: setOf(characters.slice(i + 1, set)), least: 1, most: 1 })
      i = set
    } else {
      const one = c === '\\' ? (characters[++i] ?? c) : c
      parts.push({ takes: (other) => other === one, least: 1, most: 1 })
    }
  }
  return parts
}

/** `[a-z_]`: single characters and ranges. */
function setOf(members: readonly string[]): Part['takes'] {
  const ranges: [string, string][] = []
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? ''
    const range = members[i + 1] === '-' && i + 2 < members.length
    ranges.push([from, range ? (members[i + 2] ?? '') : from])
    if (range) i += 2
  }
  return (c) => ranges.some(([from, to]) => from <= c && c <= to)
}

/** Follows all readings of the pattern at once, so that no pattern can hang: the work is its length times that of the name. */
function matches(parts: readonly Part[], name: string): boolean {
  let states = closure(parts, new Set([0]))
  for (const c of name) {
    const next = new Set<number>()
    for (const at of states) {
      const part = parts[at]
      if (!part?.takes(c)) continue
      next.add(at + 1)
      if (part.most === 'any') next.add(at)
    }
    states = closure(parts, next)
  }
  return states.has(parts.length)
}

/** Also those states that are reached without a character. */
function closure(parts: readonly Part[], states: Set<number>): Set<number> {
  for (const at of states) if (parts[at]?.least === 0) states.add(at + 1)
  return states
}
