/** Lines that a fix puts in the place of others. */
export interface Hunk {
  /** The first line that goes, counted from 1; where none goes, the line after which the new ones stand, 0 for the start. */
  start: number
  removed: string[]
  added: string[]
  /** The lines next to it, which stay. */
  above?: string
  below?: string
  /** The hunk touches the end of a file that does not end with a line break, before or after. */
  open: boolean
}

/** The hunks of one file's unified diff, without the lines around them. */
export function hunksOf(patch: string): Hunk[] {
  const hunks: Hunk[] = []
  let line = 0
  let hunk: Hunk | undefined
  let above: string | undefined
  let inside = false
  for (const text of patch.split('\n')) {
    const from = /^@@ -(\d+)(?:,(\d+))? /.exec(text)
    if (from) {
      // A hunk that takes nothing away stands behind its line.
      line = Number(from[1]) + (from[2] === '0' ? 1 : 0)
      hunk = above = undefined
      inside = true
    } else if (inside && text.startsWith('\\')) {
      if (hunk) hunk.open = true
    } else if (inside && /^[-+]/.test(text)) {
      if (!hunk)
        hunks.push(
          (hunk = { start: line, removed: [], added: [], open: false, ...(above === undefined ? {} : { above }) }),
        )
      hunk[text.startsWith('-') ? 'removed' : 'added'].push(text.slice(1))
      if (text.startsWith('-')) line++
    } else if (inside && text.startsWith(' ')) {
      above = text.slice(1)
      if (hunk) hunk.below = above
      hunk = undefined
      line++
    }
  }
  return hunks.map((one) => (one.removed.length === 0 ? { ...one, start: one.start - 1 } : one))
}

/** The text with its hunks applied at these starts; `undefined` where a line to be replaced is not what the hunk says. */
export function applyHunks(text: string, hunks: readonly Hunk[]): string | undefined {
  const lines = text.split('\n')
  for (const { start, removed, added } of [...hunks].sort((a, b) => b.start - a.start)) {
    const at = removed.length === 0 ? start : start - 1
    if (removed.some((line, i) => lines[at + i] !== line)) return undefined
    lines.splice(at, removed.length, ...added)
  }
  return lines.join('\n')
}
