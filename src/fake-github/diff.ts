/** How one file differs between two trees. */
export interface FileChange {
  path: string
  status: 'added' | 'removed' | 'modified'
  additions: number
  deletions: number
  /** The change as one hunk with three lines around it, as GitHub shows it. */
  patch: string
}

interface Tree {
  readonly [path: string]: string
}

const around = 3

/** The files that differ between two trees, by path. Renames are a removal and an addition. */
export function changedFiles(before: Tree, after: Tree): FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return paths.flatMap((path) => {
    const [old, now] = [before[path], after[path]]
    if (old === now) return []
    const status = old === undefined ? 'added' : now === undefined ? 'removed' : 'modified'
    return [{ path, status, ...changedLines(linesOf(old ?? ''), linesOf(now ?? '')) } satisfies FileChange]
  })
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** All between the first and the last line that differ counts as replaced: a true difference, though not always the smallest. */
function changedLines(old: string[], now: string[]): Pick<FileChange, 'additions' | 'deletions' | 'patch'> {
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const removed = old.slice(head, old.length - tail)
  const added = now.slice(head, now.length - tail)
  const start = Math.max(0, head - around)
  const before = old.slice(start, head)
  const after = old.slice(old.length - tail, old.length - tail + around)
  const range = (lines: number): string => `${lines ? start + 1 : 0},${lines}`
  const context = before.length + after.length
  const patch = [
    `@@ -${range(context + removed.length)} +${range(context + added.length)} @@`,
    ...before.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...after.map((line) => ` ${line}`),
  ].join('\n')
  return { additions: added.length, deletions: removed.length, patch }
}
