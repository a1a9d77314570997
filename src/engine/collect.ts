import { collectConventions } from '../evidence/collectors/conventions/index.js'
import { collectDependencies } from '../evidence/collectors/dependencies/index.js'
import type { Evidence } from '../evidence/evidence.js'
import type { GateName } from '../language/names.js'
import type { GateSetting, Stage } from '../workflow/model.js'
import type { Engine, InstanceEvidence } from './engine.js'

/** What git, the event and the tracked files say of what a stage's gates ask and no step reports; written down with the reports. */
export async function collected(engine: Engine, stage: Stage): Promise<InstanceEvidence[]> {
  const { files, ports, workspace, context } = engine
  const around = { git: ports.git, folder: workspace, context, tracked: async () => files.tracked() }
  const inForce = (gate: GateName): GateSetting | undefined => (stage.gates[gate]?.off ? undefined : stage.gates[gate])
  const all: Evidence[] = []
  const { conventions } = inForce('conventions') ?? {}
  if (conventions) all.push(await collectConventions(conventions, { ...around, lines: (name) => files.lines(name) }))
  const { dependencies } = inForce('dependencies') ?? {}
  if (dependencies) all.push(await collectDependencies(dependencies, { ...around, text: textIn(engine) }))
  for (const evidence of all) engine.journal.append({ type: 'evidence.collected', stage: stage.id, evidence })
  return all.length ? [{ address: stage.id, evidence: all }] : []
}

/** Reads files of the workspace up to a size. */
const textIn =
  ({ files, ports }: Engine) =>
  (name: string, maxBytes: number): string | undefined => {
    const path = files.inside(name)
    const stat = path === undefined ? undefined : ports.files.stat(path)
    return path === undefined || stat?.kind !== 'file' || stat.size > maxBytes ? undefined : ports.files.readText(path)
  }
