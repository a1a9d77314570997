import { type Piece, spread } from '../../spread.js'
import type { FileBuilder } from '../../build-coverage.js'
import { Truncated } from '../../reader.js'

const maxLine = 2 ** 31
/** A single statement of more lines is none. */
const maxSpan = 100_000
/** So many lines may all pieces of a report cover: a few bytes of a report must not fill the memory. */
const maxSpread = 10_000_000

/** Collects the statements of a report that are told from line to line, by file; the same place again is one. */
export class Ranges {
  private readonly byFile = new Map<FileBuilder, Map<string, Piece>>()
  private left = maxSpread

  /** Answers false for a place that cannot be one. */
  add(file: FileBuilder, piece: Piece): boolean {
    const { line, endLine, hits } = piece
    const span = endLine - line
    if (!(line > 0 && endLine <= maxLine && span >= 0 && span <= maxSpan) || Number.isNaN(hits)) return false
    // Nearly every statement is of one line, and nothing can lie in it that is on another.
    if (span === 0) {
      file.hit(line, hits)
      return true
    }
    let pieces = this.byFile.get(file)
    if (!pieces) this.byFile.set(file, (pieces = new Map()))
    const key = `${line}.${piece.column},${endLine}.${piece.endColumn}`
    const known = pieces.get(key)
    if (known) known.hits += Math.max(0, hits)
    else {
      this.left -= span + 1
      if (this.left < 0) throw new Truncated('it holds more lines than are read')
      pieces.set(key, { ...piece, hits: Math.max(0, hits) })
    }
    return true
  }

  /** Gives each file the hits of its lines. */
  finish(): void {
    for (const [file, pieces] of this.byFile) {
      const { edges, inner } = spread([...pieces.values()])
      // A line that a statement only goes through has the hits of what stands on it.
      for (const [line, hits] of inner) if (!edges.has(line) && file.lines[line] === undefined) file.hit(line, hits)
      for (const [line, hits] of edges) file.hit(line, hits)
    }
  }
}
