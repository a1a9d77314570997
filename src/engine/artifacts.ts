import picomatch from 'picomatch'
import type { InstanceRun } from './engine.js'
import { environmentOf } from './contexts.js'
import { sightOfInstance, stepsValue } from './sight.js'

/** What an instance hands on, as paths and globs after evaluation; one that is empty is none. */
export function artifactsOf(run: InstanceRun): string[] {
  const sight = { ...sightOfInstance(run, run.variables.declared), steps: () => stepsValue(run.results) }
  const expressions = environmentOf(sight, run.engine)
  return run.stage.artifacts.map((template) => expressions.text(template)).filter((pattern) => pattern !== '')
}

/** The patterns that match nothing here. */
export function unmatched({ engine: { files } }: InstanceRun, patterns: readonly string[]): string[] {
  const isThere = (pattern: string): boolean =>
    picomatch.scan(pattern).isGlob
      ? files.match(pattern).length > 0
      : files.stat(pattern.replace(/\/$/, '')) !== undefined
  return patterns.filter((pattern) => !pattern.startsWith('!') && !isThere(pattern))
}
