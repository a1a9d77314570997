import type { Diagnostic } from '../base/diagnostic.js'
import { explain } from './explain.js'
import type { Explained, Fault } from './explain.js'
import type { Path } from './places.js'
import type { Source } from './source.js'

interface Validator {
  (value: unknown): boolean
  errors?: Fault[] | null
}

const maxRounds = 8

/**
 * Holds the file against the schema. Each slip becomes one message, and is then mended in the document as the hint says (or taken
 * out), so that what else is wrong can be told in the same run. `whole` says whether the mended value fits the schema.
 */
export async function checkStructure(
  source: Source,
): Promise<{ value: unknown; problems: Diagnostic[]; whole: boolean; removed: Path[] }> {
  const first = source.value()
  const { validate: accepts } = (await import('../language/generated/accepts.js')) as unknown as { validate: Validator }
  if (accepts(first)) return { value: first, problems: [], whole: true, removed: [] }
  const { validate } = (await import('../language/generated/validate.js')) as unknown as { validate: Validator }
  const problems = new Map<string, Diagnostic>()
  const removed: Path[] = []
  for (let round = 1; ; round++) {
    const value = source.value()
    if (validate(value)) return { value, problems: [...problems.values()], whole: true, removed }
    const faults = (validate.errors ?? []).filter(tells)
    const explained = withoutMistyped(faults.map((fault) => explain(fault, source, value)))
    for (const { diagnostic } of explained) {
      const { place, message } = diagnostic
      const key = `${place?.line}:${place?.column}`
      // A later round sees only consequences at a place that has its message already.
      if (!problems.has(key) || (round === 1 && problems.get(key)?.message !== message))
        problems.set(problems.has(key) ? `${key}:${message}` : key, diagnostic)
    }
    if (round === maxRounds) return { value, problems: [...problems.values()], whole: false, removed }
    for (const { repair, path } of deepestFirst(explained)) {
      if (repair === 'remove') {
        source.remove(path)
        removed.push(path)
      } else if ('rename' in repair) source.rename(path, repair.rename)
      else source.replace(path, repair.replace)
    }
  }
}

/** A required key that stands there mistyped is one slip, told at the mistyped key. */
function withoutMistyped(list: Explained[]): Explained[] {
  const renamed = new Set(
    list.flatMap(({ path, repair }) =>
      typeof repair === 'object' && 'rename' in repair ? [[...path.slice(0, -1), repair.rename].join('/')] : [],
    ),
  )
  return list.filter(({ diagnostic, path }) => diagnostic.code !== 'missing-key' || !renamed.has(path.join('/')))
}

/** `if` and `propertyNames` only repeat what the branch or the pattern says. */
const tells = (fault: Fault): boolean => fault.keyword !== 'if' && fault.keyword !== 'propertyNames'

/** Members of a list are taken out from its end, so that the indexes of the others hold. */
const deepestFirst = <T extends { path: Path }>(list: T[]): T[] =>
  [...list].sort((a, b) => b.path.length - a.path.length || Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0)
