import { collectConventions } from '../evidence/collectors/conventions/index.js'
import type { Stage } from '../workflow/model.js'
import type { Engine, InstanceEvidence } from './engine.js'

/** What git, the event and the tracked files say of what a stage's gates ask and no step reports; written down with the reports. */
export async function collected(engine: Engine, stage: Stage): Promise<InstanceEvidence[]> {
  const setting = stage.gates.conventions
  if (!setting || setting.off || !setting.conventions) return []
  const { files, ports, workspace, context } = engine
  const evidence = await collectConventions(setting.conventions, {
    git: ports.git,
    folder: workspace,
    context,
    tracked: async () => files.tracked(),
    lines: (name) => files.lines(name),
  })
  engine.journal.append({ type: 'evidence.collected', stage: stage.id, evidence })
  return [{ address: stage.id, evidence: [evidence] }]
}
