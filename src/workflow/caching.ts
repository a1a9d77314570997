import { parseDuration } from '../base/duration.js'
import type { StepFile } from '../language/step.js'
import type { StepCaching } from './model.js'
import type { Reader, ReferenceCheck } from './reader.js'
import type { Path } from './places.js'

/** Reads when a step is not run again. Only what runs a program of the user's is worth it, and can be known by its inputs. */
export function readCaching(reader: Reader, file: StepFile, path: Path, check: ReferenceCheck): StepCaching {
  const { inputs, outputs = [], env = [], ttl, key } = file.cache ?? { inputs: [] }
  if (!('run' in file) && !('plugin' in file))
    reader.problem('not-here', 'only a `run` step and a plug-in can be cached', path, {
      key: true,
      hint: 'what such a step does is done each time; leave `cache` out',
    })
  const read = (name: string, patterns: readonly string[]) =>
    patterns.map((pattern, i) => {
      const at = [...path, name, i]
      if (leadsOut(pattern.replace(/^!/, '')))
        reader.problem('outside', 'files of the cache must lie inside the repository', at, {
          hint: 'write the path from the folder of the repository',
        })
      if (pattern.startsWith('!') && i === 0)
        reader.problem('bad-value', '`!` takes out of what stands before it, and nothing does', at)
      return reader.template(pattern, at, 'step', check)
    })
  const lasts = ttl === undefined ? undefined : parseDuration(ttl)
  return {
    inputs: read('inputs', inputs),
    outputs: read('outputs', outputs),
    env,
    inEnvironment: file.cache?.['in-environment'] ?? false,
    ...(lasts === undefined ? {} : { ttl: lasts }),
    ...(key === undefined ? {} : { key: reader.template(key, [...path, 'key'], 'step', check) }),
  }
}

/** Whether a path or a glob may match something outside of the folder that it is told from. */
export const leadsOut = (pattern: string): boolean =>
  /^([/\\]|[A-Za-z]:)/.test(pattern) || pattern.split(/[/\\]/).includes('..')
