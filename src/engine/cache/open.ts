import type { Redactor } from '../../base/redact.js'
import type { Journal } from '../../journal/journal.js'
import type { Ports } from '../../ports.js'
import type { RunContext } from '../../trigger/context.js'
import type { CacheSetting } from '../../workflow/model.js'
import { Workspace } from '../workspace.js'
import { chooseStore } from './choose.js'
import { Fingerprints } from './fingerprints.js'
import { guarded } from './guard.js'
import { signerOf } from './pack.js'
import { prune } from './prune.js'
import { readsApart, readsOf, scopeOf, scoped } from './scope.js'
import { StepCache } from './step-cache.js'
import type { SafeStore } from './store.js'
import type { CacheService } from './stores/github-service.js'

/** Where a run keeps results of steps, and whose they are. */
export interface CachePlace {
  setting: CacheSetting
  /** The repository's folder and the one where the runs are kept, absolute. */
  folder: string
  home: string
  /** A folder for temporary files, absolute. */
  temporary: string
  context: RunContext
  onRunner: boolean
  /** The path of the workflow file. */
  workflow: string
  secrets: Readonly<Record<string, string>>
  /** The cache of GitHub Actions, where the job may use it. */
  service?: CacheService | undefined
}

export interface CacheTools {
  ports: Ports
  journal: Journal
  redactor: Redactor
  /** Aborted: nothing more is handed over. */
  cancel: AbortSignal
}

export interface OpenedCache {
  cache: StepCache
  /** The run has ended. */
  end(): Promise<void>
}

/**
 * The cache of a run, and what ends it: what was used longest ago goes until the rest fits. Nothing where none is to be used, or where
 * something is missing for it, which is noted.
 */
export async function openCache(place: CachePlace, tools: CacheTools): Promise<OpenedCache | undefined> {
  const { setting, folder, temporary, context, onRunner } = place
  const { ports, journal, redactor, cancel } = tools
  const { files, git, clock, random } = ports
  const tell = (message: string): void => journal.append({ type: 'note', message })
  const workspace = new Workspace(folder, files, git)
  const fingerprints = new Fingerprints(workspace, files, git, clock)
  const chosen = await chooseStore({ ...place, tracks: async (inside) => fingerprints.tracks(inside) }, ports)
  if ('missing' in chosen) {
    if (chosen.missing !== undefined) tell(`nothing is cached: ${chosen.missing}`)
    return undefined
  }
  for (const value of chosen.hidden) redactor.add(value)
  const scope = scopeOf(context, onRunner)
  const { store, isolates, sign, encrypt } = chosen
  const safe = growing(
    guarded(isolates ? store : scoped(store, scope), { clock, timeout: setting.timeout, cancel, tell }),
  )
  const seal = encrypt === undefined ? undefined : (await import('./seal.js')).sealerOf(encrypt, files, random)
  files.makeFolder(temporary)
  const cache = new StepCache({
    store: safe,
    sign: signerOf(sign),
    seal,
    scope,
    reads: isolates ? readsApart(scope, context) : readsOf(scope),
    files,
    clock,
    random,
    workspace,
    fingerprints,
    temporary,
  })
  return {
    cache,
    async end() {
      if (safe.grew() && !store.prunesItself && !cancel.aborted)
        await prune(
          guarded(store, { clock, timeout: setting.timeout, cancel, tell: () => undefined }),
          setting,
          clock.now(),
        )
      await safe.end()
      files.remove(temporary)
    },
  }
}

/** A store that knows whether anything was put into it. */
function growing(store: SafeStore): SafeStore & { grew(): boolean } {
  let grew = false
  return {
    ...store,
    async put(name, file) {
      grew = true
      return store.put(name, file)
    },
    async putSmall(entries) {
      grew = true
      return store.putSmall(entries)
    },
    grew: () => grew,
  }
}
