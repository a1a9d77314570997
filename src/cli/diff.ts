/** Texts with more lines than this, multiplied, are not compared line by line: what lies between their common ends is told as replaced. */
const mostCells = 4_000_000
const around = 3

interface Line {
  sign: ' ' | '-' | '+'
  text: string
}

/** The lines of a unified diff from one text to another, without its head; none where they are equal. */
export function unifiedDiff(before: string, after: string): string[] {
  const lines = compare(linesOf(before), linesOf(after))
  const hunks: [from: number, to: number][] = []
  for (const [i, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    const to = Math.min(lines.length, i + around + 1)
    const last = hunks.at(-1)
    if (last && i - around <= last[1]) last[1] = to
    else hunks.push([Math.max(0, i - around), to])
  }
  return hunks.flatMap(([from, to]) => hunk(lines, from, to))
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

function hunk(lines: readonly Line[], from: number, to: number): string[] {
  const shown = lines.slice(from, to)
  const range = (sign: '-' | '+'): string => {
    const isIn = (line: Line): boolean => line.sign === ' ' || line.sign === sign
    const start = lines.slice(0, from).filter(isIn).length
    const count = shown.filter(isIn).length
    return `${sign}${count ? start + 1 : start},${count}`
  }
  return [`@@ ${range('-')} ${range('+')} @@`, ...shown.map(({ sign, text }) => `${sign}${text}`)]
}

/** All lines of both, those that stay once. */
function compare(old: readonly string[], now: readonly string[]): Line[] {
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const [a, b] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)]
  const line = (sign: Line['sign'], texts: readonly string[]): Line[] => texts.map((text) => ({ sign, text }))
  const middle = a.length * b.length > mostCells ? [...line('-', a), ...line('+', b)] : smallest(a, b)
  return [...line(' ', old.slice(0, head)), ...middle, ...line(' ', old.slice(old.length - tail))]
}

/** The smallest difference, by the longest common subsequence. */
function smallest(a: readonly string[], b: readonly string[]): Line[] {
  const wide = b.length + 1
  const common = new Uint32Array((a.length + 1) * wide)
  const at = (i: number, j: number): number => common[i * wide + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: Line[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const isSame = i < a.length && j < b.length && a[i] === b[j]
    const goes = i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))
    if (isSame) lines.push({ sign: ' ', text: a[i++] ?? '' })
    else if (goes) lines.push({ sign: '-', text: a[i++] ?? '' })
    else lines.push({ sign: '+', text: b[j] ?? '' })
    if (isSame || !goes) j += 1
  }
  return lines
}
