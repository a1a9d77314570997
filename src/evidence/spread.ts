/** A piece of source with how often it ran; its end is the place after its last character. */
export interface Piece {
  line: number
  column: number
  endLine: number
  endColumn: number
  hits: number
}

type Place = readonly [line: number, column: number]
const before = (a: Place, b: Place): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
const startOf = ({ line, column }: Piece): Place => [line, column]
const endOf = ({ endLine, endColumn }: Piece): Place => [endLine, endColumn]

/** Hits by line: of the pieces that begin, end or are first interrupted there, and of those that only go through it. */
export interface Spread {
  edges: Map<number, number>
  inner: Map<number, number>
}

/**
 * Hits by line of pieces that may lie in one another, as a closure in a statement: where several go through a line, the
 * innermost tells whether it ran, so that code that never ran is not covered by what surrounds it. Of pieces that share a
 * line the one with the most hits holds.
 */
export function spread(pieces: readonly Piece[]): Spread {
  const sorted = pieces.toSorted(
    (a, b) => a.line - b.line || a.column - b.column || b.endLine - a.endLine || b.endColumn - a.endColumn,
  )
  const hits: Spread = { edges: new Map(), inner: new Map() }
  const set = (piece: Piece, line: number, edge = false): void => {
    const map = edge || line === piece.line || line === piece.endLine ? hits.edges : hits.inner
    map.set(line, Math.max(map.get(line) ?? 0, piece.hits))
  }
  const open: Piece[] = []
  let at: Place = [0, 0]
  /** Goes on to a place, and gives the lines between to the innermost piece that is open there. */
  const advance = (to: Place): void => {
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const end = endOf(top)
      const ends = !before(to, end)
      const stop = ends ? end : to
      // Where a piece goes on after one inside it, its first and last lines may hold nothing of its own.
      const own = !before(startOf(top), at)
      if (before(at, stop)) {
        const last = own || ends ? stop[0] : stop[0] - 1
        for (let line = own ? at[0] : at[0] + 1; line <= last; line++) set(top, line, own && line === stop[0])
        at = stop
      }
      if (!ends) return
      open.pop()
    }
  }
  for (const piece of sorted) {
    advance(startOf(piece))
    at = startOf(piece)
    set(piece, piece.line)
    open.push(piece)
  }
  advance([Infinity, 0])
  return hits
}
