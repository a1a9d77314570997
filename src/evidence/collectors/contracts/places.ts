/** Where something stands. */
export interface Place {
  file: string
  line: number
}

/** Where the parts of one file stand: each mapping and list, and each key or member in it. */
export class Places {
  readonly #lines = new WeakMap<object, { own: number; parts: Map<string | number, number> }>()

  constructor(readonly file: string) {}

  /** Notes where a mapping or a list begins. */
  begin(container: object, line: number): void {
    this.#lines.set(container, { own: line, parts: new Map() })
  }

  /** Notes where a key of a mapping, or a member of a list, stands. */
  part(container: object, key: string | number, line: number): void {
    this.#lines.get(container)?.parts.set(key, line)
  }

  /** Where a key or a member stands, or the mapping or list itself; nothing where it is none of this file. */
  of(container: unknown, key?: string | number): Place | undefined {
    const known = typeof container === 'object' && container !== null ? this.#lines.get(container) : undefined
    if (!known) return undefined
    return { file: this.file, line: (key === undefined ? undefined : known.parts.get(key)) ?? known.own }
  }
}
