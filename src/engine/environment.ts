import type { RunContext } from '../trigger/context.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import type { EnvLayer } from '../workflow/model.js'

/** What every program needs, and what a clean environment keeps. */
const essential = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TERM',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
]

/** Variables by layers: what the machine gives, and what the file declares. */
export interface Variables {
  machine: Readonly<Record<string, string>>
  declared: Readonly<Record<string, string>>
}

/** Lays layers over variables; later ones win, and an expression sees what the layers before it declared. */
export function applyLayers(
  before: Variables,
  layers: readonly EnvLayer[],
  see: (declared: Readonly<Record<string, string>>) => Environment,
): Variables {
  if (!layers.length) return before
  let { machine, declared } = before
  for (const layer of layers) {
    if (layer === 'clean')
      machine = Object.fromEntries(
        essential.flatMap((name) => (machine[name] === undefined ? [] : [[name, machine[name]]])),
      )
    else {
      const expressions = see(declared)
      declared = {
        ...declared,
        ...Object.fromEntries(Object.entries(layer).map(([name, template]) => [name, expressions.text(template)])),
      }
    }
  }
  return { machine, declared }
}

/** GitHub's default variables, so that a script works on a laptop as on a runner. */
export function githubVariables(context: RunContext, workspace: string): Record<string, string> {
  const values: Record<string, string | null> = {
    GITHUB_SHA: context.sha,
    GITHUB_REF: context.ref,
    GITHUB_REF_NAME: context.ref?.replace(/^refs\/(heads|tags|pull)\//, '') ?? null,
    GITHUB_HEAD_REF: context.headRef,
    GITHUB_BASE_REF: context.baseRef,
    GITHUB_EVENT_NAME: context.event === 'local' ? null : context.event,
    GITHUB_REPOSITORY: context.repository,
    GITHUB_WORKSPACE: workspace,
  }
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null))
}
