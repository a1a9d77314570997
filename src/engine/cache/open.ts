import { join } from 'node:path'
import { OutsideError } from '../../base/errors.js'
import type { Journal } from '../../journal/journal.js'
import type { Ports } from '../../ports.js'
import type { CacheSetting } from '../../workflow/model.js'
import { Workspace } from '../workspace.js'
import { Fingerprints } from './fingerprints.js'
import { folderStore, prune } from './folder-store.js'
import { signerOf } from './pack.js'
import { StepCache } from './step-cache.js'
import type { CacheStore } from './store.js'

/** Where a run keeps results of steps. */
export interface CachePlace {
  setting: CacheSetting
  /** The repository's folder and the one where the runs are kept, absolute. */
  folder: string
  home: string
  /** A folder for temporary files, absolute. */
  temporary: string
}

export interface OpenedCache {
  cache: StepCache
  /** The run has ended. */
  end(): Promise<void>
}

/** The cache of a run, and what ends it: what was used longest ago goes until the rest fits. Nothing where none is to be used. */
export function openCache(
  { setting, folder, home, temporary }: CachePlace,
  ports: Ports,
  journal: Journal,
): OpenedCache | undefined {
  if (setting.store === 'off') return undefined
  const { files, git, clock, random } = ports
  const place = setting.folder === undefined ? join(home, 'cache') : join(folder, setting.folder)
  const store = told(folderStore(place, files), journal)
  const workspace = new Workspace(folder, files, git)
  const fingerprints = new Fingerprints(workspace, files, git, clock)
  const sign = signerOf(undefined)
  files.makeFolder(temporary)
  const cache = new StepCache({ store, sign, files, clock, random, workspace, fingerprints, temporary })
  return {
    cache,
    async end() {
      if (store.grew) await prune(store, setting, clock.now())
      await store.end?.()
    },
  }
}

/** A store whose failures are told once and are misses. */
function told(store: CacheStore, journal: Journal): CacheStore & { readonly grew: boolean } {
  let isTold = false
  let grew = false
  const guarded = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof OutsideError)) throw cause
      if (!isTold) journal.append({ type: 'note', message: `the cache (${store.name}) fails: ${cause.message}` })
      isTold = true
      return otherwise
    }
  }
  return {
    name: store.name,
    get: async (name) => guarded(async () => store.get(name), undefined),
    put: async (name, file) => {
      grew = true
      await guarded(async () => store.put(name, file), undefined)
    },
    remove: async (name) => guarded(async () => store.remove(name), undefined),
    list: async () => guarded(async () => store.list(), []),
    end: async () => guarded(async () => store.end?.(), undefined),
    get grew() {
      return grew
    },
  }
}
