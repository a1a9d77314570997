/** A file as git's index knows it. */
export interface Indexed {
  mode: string
  id: string
  /** When its content or metadata last changed, in milliseconds since the epoch. */
  changed: number
  size: number
  /** The lower 32 bits of its inode. */
  inode: number
}

/**
 * The files of `git ls-files --stage -v --debug -z` by name: no links, nothing that is in a conflict, nothing that git is told not to look
 * at. What git writes otherwise than expected is left out, so that such a file is read.
 */
export function readIndex(listed: string): Map<string, Indexed> {
  const all = new Map<string, Indexed>()
  // `H 100644 <id> 0<tab><name><NUL>  ctime: 1:2<newline>…`: what belongs to a name comes after its end.
  for (let at = 0; at < listed.length;) {
    const end = listed.indexOf('\0', at)
    if (end === -1) break
    const tab = listed.indexOf('\t', at)
    const { next, ...state } = stateAt(listed, end + 1)
    if (listed.startsWith('H 100', at) && listed.startsWith(' 0', tab - 2) && tab < end)
      all.set(listed.slice(tab + 1, end), {
        mode: listed.slice(at + 2, at + 8),
        id: listed.slice(at + 9, tab - 2),
        ...state,
      })
    at = next
  }
  return all
}

/** The lines of a file's state from `at` on, and where they end. */
function stateAt(listed: string, at: number): Pick<Indexed, 'changed' | 'size' | 'inode'> & { next: number } {
  const number = (label: string, from: number): number => {
    const found = listed.indexOf(label, from)
    return found === -1
      ? Number.NaN
      : Number.parseInt(listed.slice(found + label.length, found + label.length + 20), 10)
  }
  const size = listed.indexOf('  size: ', at)
  const next = size === -1 ? listed.length : listed.indexOf('\n', size) + 1 || listed.length
  const colon = listed.indexOf(':', at + '  ctime: '.length)
  const changed = number('  ctime: ', at) * 1000 + Number.parseInt(listed.slice(colon + 1, colon + 10), 10) / 1e6
  return { changed, size: number('  size: ', at), inode: number('ino: ', at), next }
}
