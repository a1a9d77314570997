import type { Diagnostic } from '../base/diagnostic.js'
import { ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { collectFor } from '../engine/collect.js'
import { Workspace } from '../engine/workspace.js'
import type { Evidence } from '../evidence/evidence.js'
import { comparisonOf, findEarlier } from '../history/compare.js'
import { startOf } from '../history/start.js'
import type { Ports } from '../ports.js'
import { localBase } from '../trigger/checkout.js'
import { readContext } from '../trigger/trigger.js'
import type { GateSettings, Stage } from '../workflow/model.js'

/** For which gate is looked, and what its reports told. */
export interface Wanted {
  gates: GateSettings
  stages: readonly Stage[]
  evidence: readonly Evidence[]
}

export interface Found {
  evidence: Evidence[]
  /** What is to be said of how it was looked for. */
  notes: string[]
}

/** What wf itself finds for a gate, as a run here would: in git, in the tracked files and in the change since the base. */
export async function collectHere(
  wanted: Wanted,
  { folder, base }: { folder: string; base?: string },
  ports: Ports,
): Promise<Result<Found, Diagnostic>> {
  const { git, files } = ports
  const found = localBase(git, folder, base)
  const known = await readContext(git, folder, { found, ...(base === undefined ? {} : { base }) })
  if (!known.ok) return known
  const { context, checkout } = known.value
  const asking = {
    folder,
    checkout: checkout ?? '',
    start: startOf({ event: undefined, base: await found }),
    isEvent: false,
    dirty: context.dirty,
    github: ports.github,
    repository: context.repository,
    store: async () => 'one gate alone looks at no earlier run',
  }
  const tools = { ...ports, cancel: new AbortController().signal }
  const compare = async () => comparisonOf(await findEarlier(asking, tools), asking, tools)
  const from = { workspace: folder, files: new Workspace(folder, files, git), ports, context, compare }
  const evidence = await collectFor(from, wanted.gates, wanted)
  const notes = context.base === null ? ['no base is known: `--base REV` says where the change begins'] : []
  return ok({ evidence, notes: evidence.length > 0 ? notes : [] })
}
