import { parseDuration } from '../base/duration.js'
import type { BreakerFile, PoolFile, StepFile } from '../language/step.js'
import type { WorkflowFile } from '../language/workflow.js'
import type { BreakerLimits, Limits } from './model.js'
import type { Reader } from './reader.js'
import type { Path } from './places.js'

/** The name of a breaker or a pool, however it is written. */
export const nameOf = (file: BreakerFile | PoolFile | undefined): string | undefined =>
  typeof file === 'object' ? file.name : file

/** When a breaker opens and for how long, where nothing else is said. */
const usual: BreakerLimits = { failures: 5, open: 60_000 }

/** What steps of all stages have in common. What is said of one name at several places must be the same. */
export function readLimits(reader: Reader, file: WorkflowFile): Limits {
  const { timeout } = file
  const pools = mentionsOf(file, 'pool')
  const breakers = mentionsOf(file, 'breaker')
  const sizes = valuesOf(reader, pools, 'pool', 'size')
  const failures = valuesOf(reader, breakers, 'breaker', 'failures')
  const open = valuesOf(reader, breakers, 'breaker', 'open')
  return {
    ...(timeout === undefined ? {} : { timeout: parseDuration(timeout) ?? 0 }),
    pools: new Map(pools.map(({ name }) => [name, Number(sizes.get(name) ?? 1)])),
    breakers: new Map(
      breakers.map(({ name }) => [
        name,
        {
          failures: Number(failures.get(name) ?? usual.failures),
          open: parseDuration(String(open.get(name) ?? '')) ?? usual.open,
        },
      ]),
    ),
  }
}

/** A place of the file that names a breaker or a pool, and what it says of it. */
interface Mention {
  name: string
  path: Path
  said: Readonly<Record<string, string | number>>
}

function mentionsOf(file: WorkflowFile, key: 'pool' | 'breaker'): Mention[] {
  return Object.entries(file.stages).flatMap(([id, stage]) => {
    const path: Path = ['stages', id]
    const steps = (group: 'steps' | 'finally'): Mention[] =>
      Object.entries(stage[group] ?? {}).flatMap(([name, step]: [string, StepFile]) =>
        mentionIn(step[key], [...path, group, Array.isArray(stage[group]) ? Number(name) : name, key]),
      )
    return [...(key === 'pool' ? mentionIn(stage.pool, [...path, key]) : []), ...steps('steps'), ...steps('finally')]
  })
}

function mentionIn(file: BreakerFile | PoolFile | undefined, path: Path): Mention[] {
  const name = nameOf(file)
  return name === undefined ? [] : [{ name, path, said: typeof file === 'object' ? { ...file } : {} }]
}

/** What is said of each name; where two places differ, both lines are told. */
function valuesOf(
  reader: Reader,
  mentions: readonly Mention[],
  what: string,
  key: string,
): Map<string, string | number> {
  const first = new Map<string, { value: string | number; at: Path }>()
  for (const { name, path, said } of mentions) {
    const value = said[key]
    if (value === undefined) continue
    const at = [...path, key]
    const before = first.get(name)
    if (!before) first.set(name, { value, at })
    else if (before.value !== value) {
      const there = `\`${String(before.value)}\` in line ${reader.source.place(before.at).line}`
      reader.problem('differs', `\`${key}\` of the ${what} \`${name}\` is \`${String(value)}\` here and ${there}`, at, {
        hint: `say it once; elsewhere \`${what}: ${name}\` is enough`,
      })
    }
  }
  return new Map([...first].map(([name, { value }]) => [name, value]))
}
