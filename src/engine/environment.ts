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

/** What wf itself tells every process; a clean environment keeps it. */
const own = ['WF_RUN_ID', 'WF_TARGET', 'WF_STAGE', 'WF_INSTANCE']

/** What it tells of the files of a shard: these say what they are, and a path that is another one in every run. */
const ofShard = ['WF_SHARD', 'WF_SHARDS', 'WF_SHARD_HASH']
const listOfShard = 'WF_SHARD_FILES'

/** What decides about the results of many programs: a step whose results are kept sees it and is known by it. */
const deciding = ['CI', 'TZ', 'LANG', 'LC_ALL', ...ofShard]
/** How the network is reached, and where a runner keeps its things: seen, and decides nothing. */
const passing = /^(?:(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|RUNNER_(?:TEMP|TOOL_CACHE))$/i

/** Of the machine's variables those that a step sees whose results are kept, and of these the ones that it is known by. */
interface KeptVariables {
  seen: Variables
  deciding: [string, string][]
}

const kept = new WeakMap<Variables, Map<string, KeptVariables>>()

/** What a step sees whose results are kept and that names these variables; made once for all steps that name the same. */
export function keptVariables(variables: Variables, named: readonly string[]): KeptVariables {
  const known = kept.get(variables) ?? new Map<string, KeptVariables>()
  kept.set(variables, known)
  const names = named.join('\0')
  const all = known.get(names) ?? keptOf(variables, named)
  known.set(names, all)
  return all
}

function keptOf(variables: Variables, named: readonly string[]): KeptVariables {
  const { machine } = variables
  const known = [...named, ...deciding].flatMap((name) => (name === listOfShard ? [] : pairOf(machine, name)))
  const ofInstance = ['WF_STAGE', 'WF_INSTANCE', listOfShard]
  const others = [...essential, ...ofInstance, ...Object.keys(machine).filter((name) => passing.test(name))]
  const seen = Object.fromEntries([...others.flatMap((name) => pairOf(machine, name)), ...known])
  return { seen: { ...variables, machine: seen }, deciding: known }
}

const pairOf = (machine: Readonly<Record<string, string>>, name: string): [string, string][] => {
  const value = machine[name]
  return value === undefined ? [] : [[name, value]]
}

/** Variables by layers: what the machine gives, and what the file declares. */
export interface Variables {
  machine: Readonly<Record<string, string>>
  declared: Readonly<Record<string, string>>
  /** Folders that stand before all others in PATH, the first one first. */
  paths?: readonly string[]
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
        [...essential, ...own, ...ofShard, listOfShard, ...githubNames].flatMap((name) =>
          machine[name] === undefined ? [] : [[name, machine[name]]],
        ),
      )
    else {
      const expressions = see(declared)
      declared = {
        ...declared,
        ...Object.fromEntries(Object.entries(layer).map(([name, template]) => [name, expressions.text(template)])),
      }
    }
  }
  return { ...before, machine, declared }
}

/** GitHub's default variables that a laptop can give as well. */
const github: Record<string, (context: RunContext, workspace: string) => string | null> = {
  GITHUB_SHA: ({ merged }) => merged,
  GITHUB_REF: ({ ref }) => ref,
  GITHUB_REF_NAME: ({ ref }) => ref?.replace(/^refs\/(heads|tags|pull)\//, '') ?? null,
  GITHUB_HEAD_REF: ({ headRef }) => headRef,
  GITHUB_BASE_REF: ({ baseRef }) => baseRef,
  GITHUB_EVENT_NAME: ({ event }) => (event === 'local' ? null : event),
  GITHUB_REPOSITORY: ({ repository }) => repository,
  GITHUB_WORKSPACE: (_, workspace) => workspace,
}
const githubNames = Object.keys(github)

/** GitHub's default variables, so that a script works on a laptop as on a runner. */
export const githubVariables = (context: RunContext, workspace: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(github).flatMap(([name, read]) => {
      const value = read(context, workspace)
      return value === null ? [] : [[name, value]]
    }),
  )

const wholes = new WeakMap<Variables, Readonly<Record<string, string>>>()

/**
 * All variables of some layers as one map, without the paths; made once for all steps that add none. Parsed, since an object that is
 * parsed at once is copied several times as fast as one that grew.
 */
export function wholeOf(variables: Variables): Readonly<Record<string, string>> {
  const known = wholes.get(variables)
  if (known) return known
  const all = JSON.stringify({ ...variables.machine, ...variables.declared })
  const whole = JSON.parse(all) as Record<string, string>
  wholes.set(variables, whole)
  return whole
}
