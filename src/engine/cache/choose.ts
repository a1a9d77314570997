import { isAbsolute, join, relative, sep } from 'node:path'
import { OutsideError } from '../../base/errors.js'
import type { Ports } from '../../ports.js'
import type { CacheSetting } from '../../workflow/model.js'
import { sha256 } from '../../base/hash.js'
import type { CacheStore } from './store.js'
import { folderStore } from './stores/folder.js'
import type { CacheService } from './stores/github-service.js'

/** What decides where results are kept. */
export interface StorePlace {
  setting: CacheSetting
  folder: string
  home: string
  temporary: string
  onRunner: boolean
  workflow: string
  /** `owner/name`, where it is known. */
  context: { repository: string | null }
  secrets: Readonly<Record<string, string>>
  service?: CacheService | undefined
  /** Whether git tracks something in a folder of the repository, which is told with `/`. */
  tracks: (folder: string) => Promise<boolean>
}

export interface ChosenStore {
  store: CacheStore
  /** Its place, for people. */
  where: string
  /** What holds the entries of one branch apart from those of another is not us. */
  isolates: boolean
  sign?: string
  encrypt?: string
  /** Values that nothing may show. */
  hidden: string[]
}

/** Nothing can be kept: on purpose where no reason is given. */
export interface NoStore {
  missing: string | undefined
}

/** The store that the workflow file asks for; without a word from it, GitHub's own on a runner that has it, else a folder. */
export async function chooseStore(place: StorePlace, ports: Ports): Promise<ChosenStore | NoStore> {
  const { setting, service, onRunner } = place
  const kind = setting.store ?? (onRunner && service && setting.folder === undefined ? 'github' : 'folder')
  if (kind === 'off') return { missing: undefined }
  const named = (name: string): string | undefined =>
    (Object.hasOwn(place.secrets, name) ? place.secrets[name] : undefined) ?? ports.processes.environment[name]
  const own: { sign?: string; encrypt?: string } = {}
  for (const key of ['sign', 'encrypt'] as const) {
    const name = setting[key]
    if (name === undefined) continue
    const value = named(name)
    // Unsigned entries are not believed, and nothing is left readable, only because a secret is not given.
    if (!value) return { missing: `\`cache.${key}\` names ${name}, and there is no secret or variable of this name` }
    own[key] = value
  }
  const chosen = await stores[kind](place, ports, named)
  if ('missing' in chosen) return chosen
  return { ...chosen, ...own, hidden: [...chosen.hidden, ...Object.values(own)] }
}

type Chosen = Pick<ChosenStore, 'store' | 'where' | 'isolates' | 'hidden'> | { missing: string }
type Choose = (place: StorePlace, ports: Ports, named: (name: string) => string | undefined) => Promise<Chosen>

/** Before all names, so that repositories that share a store do not meet. */
const prefixOf = ({ context }: StorePlace, separator: string): string =>
  ['wf-cache', ...(context.repository === null ? [] : [context.repository]), ''].join(separator)

const stores: Record<'folder' | 'github' | 's3' | 'redis', Choose> = {
  async folder({ setting, folder, home, tracks }, ports) {
    const path = setting.folder === undefined ? join(home, 'cache') : join(folder, setting.folder)
    const within = relative(folder, path).split(sep).join('/')
    const isInside = !within.startsWith('..') && !isAbsolute(within)
    const allowed = async (): Promise<void> => {
      if (isInside && (await tracks(within)))
        throw new OutsideError(
          `git tracks files in ${within}, so that a change could bring results of its own`,
          'ETRACKED',
        )
    }
    return { store: folderStore(path, ports, allowed), where: path, isolates: false, hidden: [] }
  },
  async github({ service, workflow, temporary, setting }, ports) {
    if (!service)
      return { missing: 'the cache of GitHub Actions is there only for the action, in a job on GitHub without a proxy' }
    const { githubStore } = await import('./stores/github.js')
    const { platform, architecture } = ports.processes
    const prefix = `wf-cache-${platform}-${architecture}-${sha256(workflow).slice(0, 12)}-`
    const store = githubStore({ ...service, prefix, temporary: join(temporary, 'github') }, setting, ports)
    return { store, where: 'the cache of GitHub Actions', isolates: true, hidden: [service.token] }
  },
  async s3(place, ports, named) {
    const { bucket, region, endpoint, prefix } = place.setting.s3 ?? {}
    const [id, secret] = [named('AWS_ACCESS_KEY_ID'), named('AWS_SECRET_ACCESS_KEY')]
    const session = named('AWS_SESSION_TOKEN')
    if (bucket === undefined) return { missing: '`cache.s3.bucket` is not given' }
    if (!id || !secret)
      return { missing: `the store s3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as secrets or variables` }
    const { s3Store } = await import('./stores/s3.js')
    const where = region ?? named('AWS_REGION') ?? named('AWS_DEFAULT_REGION') ?? 'us-east-1'
    const keys = { id, secret, ...(session ? { session } : {}) }
    const at = {
      endpoint: endpoint ?? `https://s3.${where}.amazonaws.com`,
      region: where,
      bucket,
      prefix: prefix ?? prefixOf(place, '/'),
      keys,
    }
    const store = s3Store(at, ports)
    return {
      store,
      where: `s3://${bucket}/${at.prefix}`,
      isolates: false,
      hidden: [secret, ...(session ? [session] : [])],
    }
  },
  async redis(place, ports, named) {
    const { url, password: name, prefix } = place.setting.redis ?? {}
    const { redisPlace, redisStore } = await import('./stores/redis.js')
    const at = url === undefined ? undefined : redisPlace(url)
    if (!at) return { missing: '`cache.redis.url` is not given' }
    const password = named(name ?? 'REDIS_PASSWORD')
    if (name !== undefined && !password)
      return { missing: `\`cache.redis.password\` names ${name}, and there is no secret or variable of this name` }
    const store = redisStore(
      { ...at, ...(password ? { password } : {}), prefix: prefix ?? prefixOf(place, ':'), age: place.setting.age },
      ports,
    )
    return { store, where: `redis at ${at.host}:${at.port}`, isolates: false, hidden: password ? [password] : [] }
  },
}
