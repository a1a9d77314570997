import { sha256 } from '../base/hash.js'
import type { Place } from '../base/diagnostic.js'
import { languageVersion } from '../language/generated/version.js'
import type { WorkflowFile } from '../language/workflow.js'
import type { Path, Places } from './places.js'

/** Texts that are kept from one run to the next, by key; what cannot be kept is no failure. */
export interface Shelf {
  get(key: string): string | undefined
  put(key: string, text: string): void
}

/** A file without a mistake as plain data, with what its reader asks of the text. */
interface Compiled {
  value: WorkflowFile
  /** Where stages stand, by name. */
  stages: Record<string, Place>
  written: [path: string, text: string | null][]
  has: [path: string, is: boolean][]
}

/** What was kept tells less than this version asks for: the file is to be read again. */
export class NotCompiled extends Error {
  override readonly name = 'NotCompiled'
}

const keyOf = (text: string): string => sha256(`${languageVersion}\n${text}`)
const nameOf = (path: Path): string => JSON.stringify(path)

/** What was kept of a file with the same text; nothing when there is none. */
export function takeCompiled(
  shelf: Shelf,
  file: string,
  text: string,
): { value: WorkflowFile; places: Places } | undefined {
  const kept = parse(shelf.get(keyOf(text)))
  if (!kept) return undefined
  const [written, has] = [new Map(kept.written), new Map(kept.has)]
  const answer = <T>(answers: ReadonlyMap<string, T>, path: Path): T => {
    const found = answers.get(nameOf(path))
    if (found === undefined) throw new NotCompiled()
    return found
  }
  const start = { file, line: 1, column: 1, length: 1, source: text.split('\n', 1)[0] ?? '' }
  const key = (path: Path): Place => {
    const [top, name] = path
    return top === 'stages' && typeof name === 'string' ? { ...(kept.stages[name] ?? start), file } : start
  }
  // A file that was kept has no mistake, so nobody asks where one stands.
  const unknown = (): Place => {
    throw new NotCompiled()
  }
  const places = {
    key,
    place: unknown,
    within: unknown,
    written: (path: Path) => answer(written, path) ?? undefined,
    has: (path: Path) => answer(has, path),
  }
  return { value: kept.value, places }
}

/** The places of a file, which remember what they were asked; `keep` puts the file on the shelf. */
export function recorded(source: Places): Places & { keep(shelf: Shelf, text: string, value: WorkflowFile): void } {
  const [written, has] = [new Map<string, string | null>(), new Map<string, boolean>()]
  const asked = <T>(answers: Map<string, T>, path: Path, answer: T): T => {
    answers.set(nameOf(path), answer)
    return answer
  }
  return {
    key: (path) => source.key(path),
    place: (path) => source.place(path),
    within: (path, value, part) => source.within(path, value, part),
    written: (path) => asked(written, path, source.written(path) ?? null) ?? undefined,
    has: (path) => asked(has, path, source.has(path)),
    keep(shelf, text, value) {
      const stages = Object.fromEntries(Object.keys(value.stages).map((id) => [id, source.key(['stages', id])]))
      const kept: Compiled = { value, stages, written: [...written], has: [...has] }
      shelf.put(keyOf(text), JSON.stringify(kept))
    },
  }
}

function parse(text: string | undefined): Compiled | undefined {
  if (text === undefined) return undefined
  try {
    const kept = JSON.parse(text) as Compiled
    const isOne = typeof kept.value?.stages === 'object' && Array.isArray(kept.written) && Array.isArray(kept.has)
    return isOne ? kept : undefined
  } catch {
    return undefined
  }
}
