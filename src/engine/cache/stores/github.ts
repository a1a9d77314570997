import { join } from 'node:path'
import type { Clock, Files, Http, Random } from '../../../ports.js'
import { surplus } from '../prune.js'
import type { CacheLimits } from '../prune.js'
import type { CacheStore } from '../store.js'
import { readIndex, writeIndex } from './github-index.js'
import type { IndexedEntry, PackIndex } from './github-index.js'
import { GithubService } from './github-service.js'
import type { CacheService } from './github-service.js'
import { Packs } from './github-packs.js'

export interface GithubPlace extends CacheService {
  /** Before every key: what other workflows and platforms keep is not looked at. */
  prefix: string
  /** A folder for what is gathered and downloaded, absolute. */
  temporary: string
}

const maxIndex = 64 * 2 ** 20

/**
 * Entries in the cache of GitHub Actions: one pack with all that a run adds and one index of all packs a run, since GitHub takes 200
 * uploads a minute of a repository. GitHub itself keeps what pull requests store from the default branch.
 */
export function githubStore(
  place: GithubPlace,
  limits: CacheLimits,
  ports: { http: Http; files: Files; clock: Clock; random: Random },
): CacheStore {
  const { files, clock, random } = ports
  const service = new GithubService(place, ports.http)
  const packs = new Packs(service, place.temporary, files)
  const gathered = new Map<string, string>()
  let index: Promise<PackIndex> | undefined
  const known = async (signal: AbortSignal): Promise<PackIndex> => {
    index ??= newestIndex(service, place, files, signal)
    try {
      return await index
    } catch (cause) {
      // The next one asks again.
      index = undefined
      throw cause
    }
  }
  return {
    name: 'github',
    prunesItself: true,
    async get(name, into, signal) {
      const own = gathered.get(name)
      if (own !== undefined) return own
      if (!place.reads) return undefined
      const all = await known(signal)
      const entry = all.get(name)
      if (!entry) return undefined
      const path = await packs.read(entry, all, into, signal)
      if (path === undefined) all.delete(name)
      else all.set(name, { ...entry, used: clock.now() })
      return path
    },
    async put(name, file) {
      if (!place.writes) return 'this job may not write to the cache'
      const path = join(place.temporary, `gathered-${random.hex(12)}`)
      files.move(file, path)
      gathered.set(name, path)
      return undefined
    },
    async remove(name, signal) {
      gathered.delete(name)
      if (place.reads) (await known(signal)).delete(name)
    },
    async list(signal) {
      const all = place.reads ? [...(await known(signal)).values()] : []
      return all.map(({ name, bytes, used }) => ({ name, bytes, used }))
    },
    async end(signal) {
      if (!gathered.size) return
      const now = clock.now()
      const stamp = `${String(Math.floor(now)).padStart(15, '0')}-${random.hex(8)}`
      const pack = { key: `${place.prefix}pack-${stamp}`, path: join(place.temporary, 'pack') }
      const added = await joinFiles(gathered, pack, now, files)
      // Without the newest index what it names would be lost, which costs more than this run's entries.
      const all = place.reads ? await known(signal) : new Map<string, IndexedEntry>()
      const next = new Map([...all, ...added.map((entry) => [entry.name, entry] as const)])
      for (const { name } of surplus([...next.values()], limits, now)) next.delete(name)
      await service.upload(pack.key, pack.path, files.stat(pack.path)?.size ?? 0, signal)
      const path = join(place.temporary, 'index')
      files.write(path, writeIndex(next))
      await service.upload(`${place.prefix}index-${stamp}`, path, files.stat(path)?.size ?? 0, signal)
      gathered.clear()
    },
  }
}

async function newestIndex(
  service: GithubService,
  { prefix, temporary }: GithubPlace,
  files: Files,
  signal: AbortSignal,
): Promise<PackIndex> {
  const found = await service.find(`${prefix}index-`, [`${prefix}index-`], signal)
  if (!found) return new Map()
  const path = join(temporary, 'index-before')
  if (!(await service.download(found, path, { bytes: maxIndex }, signal))) return new Map()
  return readIndex(files.readText(path))
}

/** Writes files one after another into a pack, and says where each lies. */
async function joinFiles(
  gathered: ReadonlyMap<string, string>,
  pack: { key: string; path: string },
  used: number,
  files: Files,
): Promise<IndexedEntry[]> {
  files.remove(pack.path)
  const appender = files.append(pack.path)
  let offset = 0
  try {
    const added: IndexedEntry[] = []
    for (const [name, path] of gathered) {
      const from = offset
      for await (const chunk of files.stream(path)) {
        appender.write(chunk)
        offset += chunk.length
      }
      added.push({ name, pack: pack.key, offset: from, bytes: offset - from, used })
    }
    return added
  } finally {
    appender.close()
  }
}
