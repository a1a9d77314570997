import { collectConventions } from '../evidence/collectors/conventions/index.js'
import { collectDependencies } from '../evidence/collectors/dependencies/index.js'
import type { Evidence } from '../evidence/evidence.js'
import { isMissing } from '../history/comparison.js'
import type { GateName } from '../language/names.js'
import type { GateSetting, Stage } from '../workflow/model.js'
import { scannedSecrets } from './collect-secrets.js'
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
  const { files, ports, workspace, context } = engine
  const around = { git: ports.git, folder: workspace, tracked: async () => files.tracked() }
  const inForce = (gate: GateName): GateSetting | undefined => (stage.gates[gate]?.off ? undefined : stage.gates[gate])
  const all: Evidence[] = []
  const { conventions } = inForce('conventions') ?? {}
  if (conventions)
    all.push(await collectConventions(conventions, { ...around, context, lines: (name) => files.lines(name) }))
  const { dependencies } = inForce('dependencies') ?? {}
  if (dependencies)
    all.push(
      await collectDependencies(dependencies, { ...around, base: async () => baseOf(engine), text: textOf(engine) }),
    )
  const { contracts } = inForce('contracts') ?? {}
  if (contracts) {
    const { collectContracts } = await import('../evidence/collectors/contracts/index.js')
    const now = ports.clock.now()
    all.push(
      await collectContracts(contracts, { ...around, base: async () => baseOf(engine), text: textOf(engine), now }),
    )
  }
  const secrets = inForce('secrets')
  if (secrets) {
    const seen = stages.flatMap((id) => engine.workflow.stages.get(id) ?? [])
    const evidence = left.flatMap((one) => one.evidence)
    all.push(...(await scannedSecrets(engine, secrets, { stages: seen, evidence })))
  }
  for (const evidence of all) engine.journal.append({ type: 'evidence.collected', stage: stage.id, evidence })
  return all.length ? [{ address: stage.id, evidence: all }] : []
}

/** Where the change starts. A pull request has one, so that it is not known is told; a push to the branch that changes go to has none. */
async function baseOf({ compare, context }: Engine): Promise<{ sha: string } | { missing: string } | null> {
  const { base, change } = await compare()
  if (base) return base
  return isMissing(change) && (context.event === 'pull_request' || context.event === 'merge_group') ? change : null
}
