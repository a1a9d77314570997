/** The lines that a unified diff adds to one file, by their numbers after the change, ascending. */
export interface AddedLines {
  path: string
  lines: number[]
}

const hunk = /^@@+ (?:-\d+(?:,\d+)? )+\+(\d+)(?:,(\d+))? @@+/

/**
 * Reads a unified diff as `git diff` or `diff -u` write it: renames, quoted names, other prefixes and combined diffs too.
 * The counts of a hunk's header say where it ends, so that no content is taken for a header.
 */
export function parseDiff(text: string): AddedLines[] {
  const files = new Map<string, number[]>()
  const lines = text.split('\n')
  let before: string | undefined
  let path: string | undefined
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    if (line.startsWith('--- ')) before = nameOf(line.slice(4))
    else if (line.startsWith('+++ ')) path = pathOf(before, nameOf(line.slice(4)))
    else if (line.startsWith('diff ')) before = path = undefined
    else {
      const match = hunk.exec(line)
      if (!match) continue
      const added: number[] = path === undefined ? [] : (files.get(path) ?? [])
      if (path !== undefined) files.set(path, added)
      i = readHunk(lines, i, added)
    }
  }
  return [...files].map(([path, added]) => ({ path, lines: [...new Set(added)].sort((a, b) => a - b) }))
}

/** Reads the body of the hunk whose header is at `index`; answers the index of its last line. */
function readHunk(lines: readonly string[], index: number, added: number[]): number {
  const header = lines[index] as string
  const match = hunk.exec(header)
  // A combined diff has a column of signs for each parent.
  const columns = Math.max(1, (/^@+/.exec(header)?.[0].length ?? 2) - 1)
  let next = Number(match?.[1])
  let left = Number(match?.[2] ?? 1)
  let i = index
  while (left > 0 || removes(lines[i + 1], columns)) {
    const line = lines[++i]
    if (line === undefined || (left > 0 && /^(?:diff |@@)/.test(line))) return i - 1
    if (line.startsWith('\\')) continue
    const signs = line.slice(0, columns)
    if (signs.includes('-')) continue
    if (signs.includes('+')) added.push(next)
    next++
    left--
  }
  return i
}

/** After the last added or common line a hunk may still remove some; `--- ` of the next file is no removal. */
function removes(line: string | undefined, columns: number): boolean {
  return (
    line !== undefined && line.slice(0, columns).includes('-') && !/^--- (?:"?[a-z]\/|\/dev\/null|\S+\t)/.test(line)
  )
}

/** The name of a header line: without the time that `diff` adds, unquoted as git quotes it. */
function nameOf(text: string): string {
  const name = text.replace(/\r$/, '')
  if (!name.startsWith('"')) return name.split('\t', 1)[0] as string
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (const [all, octal, escape] of name.slice(1, name.lastIndexOf('"')).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal) bytes.push(parseInt(octal, 8))
    else bytes.push(...encoder.encode(escape ? (escapes[escape] ?? escape) : all))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' }

/** Git's prefixes are cut where both names have one; a deleted file has no path. */
function pathOf(before: string | undefined, after: string): string | undefined {
  if (after === '/dev/null') return undefined
  const prefixed = /^[a-z]\//.test(after) && (before === undefined || before === '/dev/null' || /^[a-z]\//.test(before))
  return prefixed ? after.slice(2) : after.replace(/^\.\//, '')
}
