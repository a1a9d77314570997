import type { Evidence } from '../evidence/evidence.js'
import { isMissing } from '../history/comparison.js'
import type { GateName } from '../language/names.js'
import type { GateSetting, GateSettings, Stage } from '../workflow/model.js'
import type { Collecting, Seen } from './collect-secrets.js'
import type { Engine, InstanceEvidence } from './engine.js'
import { textOf } from './text-of.js'

/**
 * What git, the event and the tracked files say of what a stage's gates ask and no step reports; written down with the reports. `left`
 * is what the stages left whose evidence the gates see.
 */
export async function collected(
  engine: Engine,
  stage: Stage,
  stages: readonly string[],
  left: readonly InstanceEvidence[],
): Promise<InstanceEvidence[]> {
  // What did not run reported nothing that could stand in for this.
  const idle = new Set(engine.plan.stages.flatMap(({ id, unaffected }) => (unaffected ? [id] : [])))
  const seen = stages.flatMap((id) => (idle.has(id) ? [] : (engine.workflow.stages.get(id) ?? [])))
  const all = await collectFor(engine, stage.gates, { stages: seen, evidence: left.flatMap((one) => one.evidence) })
  for (const evidence of all) engine.journal.append({ type: 'evidence.collected', stage: stage.id, evidence })
  return all.length ? [{ address: stage.id, evidence: all }] : []
}

/** What git, the event and the tracked files say of what some gates ask. Who looks is loaded when a gate asks. */
export async function collectFor(from: Collecting, gates: GateSettings, seen: Seen): Promise<Evidence[]> {
  const { files, ports, workspace, context } = from
  const around = { git: ports.git, folder: workspace, tracked: async () => files.tracked() }
  const inForce = (gate: GateName): GateSetting | undefined => (gates[gate]?.off ? undefined : gates[gate])
  const all: Evidence[] = []
  const { conventions } = inForce('conventions') ?? {}
  if (conventions) {
    const { collectConventions } = await import('../evidence/collectors/conventions/index.js')
    all.push(await collectConventions(conventions, { ...around, context, lines: (name) => files.lines(name) }))
  }
  const { dependencies } = inForce('dependencies') ?? {}
  const tree = { ...around, base: async () => baseOf(from), text: textOf(from) }
  if (dependencies) {
    const { collectDependencies } = await import('../evidence/collectors/dependencies/index.js')
    all.push(await collectDependencies(dependencies, tree))
  }
  const { contracts } = inForce('contracts') ?? {}
  if (contracts) {
    const { collectContracts } = await import('../evidence/collectors/contracts/index.js')
    all.push(await collectContracts(contracts, { ...tree, now: ports.clock.now() }))
  }
  const secrets = inForce('secrets')
  if (secrets) all.push(...(await (await import('./collect-secrets.js')).scannedSecrets(from, secrets, seen)))
  return all
}

/** Where the change starts. A pull request has one, so that it is not known is told; a push to the branch that changes go to has none. */
async function baseOf({ compare, context }: Collecting): Promise<{ sha: string } | { missing: string } | null> {
  const { base, change } = await compare()
  if (base) return base
  return isMissing(change) && (context.event === 'pull_request' || context.event === 'merge_group') ? change : null
}
