/** Where the lines of one commit's files stand in another's; undefined for lines that it does not have. */
export type LineMap = (path: string, line: number) => number | undefined

interface Hunk {
  from: number
  removed: number
  added: number
}

/** A map from a unified diff between the two commits (`git diff --unified=0 --no-renames`); what it does not name stands where it stood. */
export function lineMap(diff: string): LineMap {
  const files = new Map<string, Hunk[] | 'gone'>()
  let path: string | undefined
  for (const line of diff.split('\n')) {
    const before = /^--- (?:"?a\/(.*?)"?|\/dev\/null)$/.exec(line)
    if (before) path = before[1]
    else if (line === '+++ /dev/null' && path !== undefined) files.set(path, 'gone')
    const [, from, removed, added] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? []
    if (from === undefined || path === undefined) continue
    const known = files.get(path) ?? []
    if (known === 'gone') continue
    known.push({ from: Number(from), removed: Number(removed ?? 1), added: Number(added ?? 1) })
    files.set(path, known)
  }
  return (file, line) => {
    const hunks = files.get(file) ?? []
    if (hunks === 'gone') return undefined
    let shift = 0
    for (const { from, removed, added } of hunks) {
      // A hunk that only adds stands behind its line.
      if (removed === 0 ? line <= from : line < from) break
      if (removed > 0 && line < from + removed) return undefined
      shift += added - removed
    }
    return line + shift
  }
}
