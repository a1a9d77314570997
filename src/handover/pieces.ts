import type { Files } from '../ports.js'

/** Smaller files are read at once, which is faster. */
const wholeBytes = 4 * 2 ** 20

/** The content of a file in pieces; a large one is never whole in memory. */
export async function* piecesOf(files: Files, path: string): AsyncGenerator<Uint8Array, void> {
  if ((files.stat(path)?.size ?? 0) > wholeBytes) yield* files.stream(path)
  else yield files.readBytes(path) ?? new Uint8Array()
}

/** A stream, read by lines and by numbers of bytes. */
export class Pieces {
  readonly #chunks: AsyncGenerator<Uint8Array, void>
  #rest: Uint8Array = new Uint8Array()

  constructor(chunks: AsyncGenerator<Uint8Array, void>) {
    this.#chunks = chunks
  }

  /** The bytes of a line without its end; nothing when there is none of at most so many bytes. */
  async line(most: number): Promise<Buffer | undefined> {
    const parts: Uint8Array[] = []
    for (let length = 0; ;) {
      const end = this.#rest.indexOf(10)
      const part = end === -1 ? this.#rest : this.#rest.subarray(0, end)
      length += part.length
      if (length > most) return undefined
      parts.push(part)
      if (end !== -1) {
        this.#rest = this.#rest.subarray(end + 1)
        return Buffer.concat(parts)
      }
      if (!(await this.#more())) return undefined
    }
  }

  /** Hands over so many bytes in pieces; false when there are fewer. */
  async take(count: number, piece: (bytes: Uint8Array) => void): Promise<boolean> {
    for (let left = count; left > 0;) {
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      if (part.length) piece(part)
      if (left > 0 && !(await this.#more())) return false
    }
    return true
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next()
    this.#rest = next.done ? new Uint8Array() : next.value
    return !next.done
  }

  async close(): Promise<void> {
    await this.#chunks.return()
  }
}
