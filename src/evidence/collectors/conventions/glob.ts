/** Work that one glob may take over all names, in comparisons; and how many a glob in braces may stand for. */
const budget = 20_000_000
const maxVariants = 64

/** A part of a segment: any text, any character, one of a class, or the character itself. */
type Part = { kind: 'any' | 'one' } | { kind: 'class'; pattern: RegExp } | { kind: 'text'; char: string }
type Segment = '**' | readonly Part[]

/**
 * Tells whether names fit a stranger's glob (`**`, `*`, `?`, `[…]`, `{a,b}`), in bounded time whatever it is: a regular expression made of
 * `*a*a*a*a*b` takes hours. A glob that asks for more than the bound fits everything.
 */
export function globMatcher(glob: string): (name: string) => boolean {
  const variants = variantsOf(glob.replace(/^\.\//, ''))
  const wanted = variants?.map((variant) => variant.split('/').map(segmentOf))
  if (!wanted) return () => true
  let left = budget
  const fitsSegment = (segment: Segment, text: string): boolean =>
    segment !== '**' && fits(segment, text.split(''), isAny, fitsPart)
  const isAny = ({ kind }: Part): boolean => kind === 'any'
  const fitsPart = (part: Part, char: string): boolean => {
    left--
    if (part.kind === 'text') return part.char === char
    return part.kind === 'class' ? part.pattern.test(char) : true
  }
  return (name) =>
    left <= 0 || wanted.some((segments) => fits(segments, name.split('/'), (one) => one === '**', fitsSegment))
}

/** Whether all items fit a pattern in whose place of a star any number may stand. Of several stars only the last is moved. */
function fits<P, T>(
  pattern: readonly P[],
  items: readonly T[],
  isStar: (part: P) => boolean,
  isFit: (part: P, item: T) => boolean,
): boolean {
  let [at, next, star, from] = [0, 0, -1, 0]
  while (next < items.length) {
    const part = pattern[at]
    if (part !== undefined && isStar(part)) {
      star = at++
      from = next
    } else if (part !== undefined && isFit(part, items[next] as T)) {
      at++
      next++
    } else if (star === -1) return false
    else {
      at = star + 1
      next = ++from
    }
  }
  return pattern.slice(at).every(isStar)
}

/** What a glob stands for without its braces; nothing when that is too much. */
function variantsOf(glob: string): string[] | undefined {
  let variants = [glob]
  for (;;) {
    // The innermost braces first.
    const found = variants.map((one) => /\{([^{}]*,[^{}]*)\}/.exec(one))
    if (found.every((match) => match === null)) return variants
    variants = variants.flatMap((one, i) => {
      const match = found[i]
      if (!match) return [one]
      const [all, list = ''] = match
      return list.split(',').map((word) => one.slice(0, match.index) + word + one.slice(match.index + all.length))
    })
    if (variants.length > maxVariants) return undefined
  }
}

function segmentOf(text: string): Segment {
  if (text === '**') return '**'
  const parts: Part[] = []
  for (const [token] of text.matchAll(/\\[^]|\[!?\]?[^\]]*\]|[^]/g)) parts.push(partOf(token))
  return parts
}

function partOf(token: string): Part {
  if (token === '*') return { kind: 'any' }
  if (token === '?') return { kind: 'one' }
  if (token.length > 2 && token.startsWith('[')) {
    const inside = token
      .slice(1, -1)
      .replace(/^!/, '^')
      .replaceAll(/[\\\]]/g, String.raw`\$&`)
    try {
      return { kind: 'class', pattern: new RegExp(`^[${inside}]$`) }
    } catch {
      return { kind: 'one' }
    }
  }
  return { kind: 'text', char: token.replace(/^\\(?=.)/su, '') }
}
