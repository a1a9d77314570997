import { collectChange } from '../evidence/collectors/change.js'
import { collectSecrets, notScanned, scannedOf } from '../evidence/collectors/secrets/index.js'
import type { Scanned } from '../evidence/collectors/secrets/index.js'
import type { Evidence } from '../evidence/evidence.js'
import { holds } from '../gates/counts.js'
import { isMissing } from '../history/comparison.js'
import type { GateSetting, Stage } from '../workflow/model.js'
import type { Engine } from './engine.js'
import { textOf } from './text-of.js'

/** What is needed to find out what git, the event and the tracked files say: a run has it, and who judges one gate alone. */
export type Collecting = Pick<Engine, 'workspace' | 'files' | 'ports' | 'context' | 'compare'>

/** What the gate of secrets sees besides: the stages whose evidence it is, and what they left. */
export interface Seen {
  stages: readonly Stage[]
  evidence: readonly Evidence[]
}

/** What wf itself finds where the gate of secrets asks for it; nothing where a scanner does, unless it is asked for all the same. */
export async function scannedSecrets(from: Collecting, { scan }: GateSetting, seen: Seen): Promise<Evidence[]> {
  if (scan === 'off' || (scan === undefined && hasScanner(seen))) return []
  const tracked = await from.files.tracked()
  if (!tracked && scan === undefined) return []
  const { ports, files } = from
  const around = {
    clock: ports.clock,
    text: textOf(from),
    size: (path: string): number | undefined => {
      const inside = files.inside(path)
      const stat = inside === undefined ? undefined : ports.files.stat(inside)
      return stat?.kind === 'file' ? stat.size : undefined
    },
  }
  if (!tracked) return [collectSecrets([], around, [notScanned('there is no repository, so no file is known')])]
  const all = [...tracked].map((path): Scanned => ({ path }))
  return [collectSecrets(scan === 'tree' ? all : ((await changed(from)) ?? all), around)]
}

/** A scanner reported, or may have: of a report that may be missing nobody knows what it would be. */
const hasScanner = ({ stages, evidence }: Seen): boolean =>
  evidence.some((one) => holds(one, 'secrets')) ||
  stages.some(({ steps }) => steps.some(({ reports }) => reports.some(({ required }) => !required)))

/** The lines of the change; of a push those since the commit before it. Nothing where no change is known. */
async function changed({ compare, context, ports, workspace }: Collecting): Promise<Scanned[] | undefined> {
  const { change } = await compare()
  if (!isMissing(change)) return scannedOf(change.files)
  if (context.base === null) return undefined
  const where = { git: ports.git, files: ports.files, folder: workspace, untracked: false }
  const since = await collectChange(context.base, where)
  return since.ok ? scannedOf(since.files) : undefined
}
