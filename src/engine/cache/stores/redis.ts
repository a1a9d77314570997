import { OutsideError } from '../../../base/errors.js'
import { formatSize } from '../../../base/size.js'
import type { Clock, Files, Sockets } from '../../../ports.js'
import type { CacheStore, StoredEntry } from '../store.js'
import { RespClient } from './resp.js'
import type { Argument, Reply } from './resp.js'

export interface RedisPlace {
  host: string
  port: number
  secure: boolean
  database: number
  user?: string
  password?: string
  /** Before every name. */
  prefix: string
  /** How long an entry is kept that nobody uses, in milliseconds. */
  age: number
}

/** Redis keeps values in memory and answers them whole: what is larger does not belong there. */
const maxEntry = 64 * 2 ** 20
const connect_ms = 10_000
const page = 500

/** Reads `redis://user@host:6379/0`; a password in it is refused before. */
export function redisPlace(url: string): Omit<RedisPlace, 'password' | 'prefix' | 'age'> | undefined {
  const read = URL.canParse(url) ? new URL(url) : undefined
  const database = Number(read?.pathname.slice(1) || 0)
  const isKnown = read?.protocol === 'redis:' || read?.protocol === 'rediss:'
  if (!read || !isKnown || read.hostname === '' || !Number.isInteger(database) || read.search || read.hash)
    return undefined
  return {
    host: read.hostname.replace(/^\[|\]$/g, ''),
    port: Number(read.port || 6379),
    secure: read.protocol === 'rediss:',
    database,
    ...(read.username ? { user: decodeURIComponent(read.username) } : {}),
  }
}

/** Entries as values of a Redis, or of what speaks like one; each expires when nobody uses it for so long. */
export function redisStore(place: RedisPlace, ports: { sockets: Sockets; files: Files; clock: Clock }): CacheStore {
  const { files, clock } = ports
  const ask = asking(place, ports.sockets)
  const keyOf = (name: string): string => place.prefix + name
  const age_s = String(Math.max(1, Math.ceil(place.age / 1000)))
  return {
    name: 'redis',
    async get(name, into, signal) {
      const [value] = await ask(signal, ['GET', keyOf(name)], ['EXPIRE', keyOf(name), age_s])
      if (!(value instanceof Uint8Array)) return undefined
      files.write(into, value)
      return into
    },
    async put(name, file, signal) {
      const bytes = files.stat(file)?.size ?? 0
      if (bytes > maxEntry)
        return `it is larger than ${formatSize(maxEntry)} (${formatSize(bytes)}), which is too much for redis`
      await ask(signal, ['SET', keyOf(name), files.readBytes(file) ?? '', 'EX', age_s])
      files.remove(file)
      return undefined
    },
    remove: async (name, signal) => void (await ask(signal, ['DEL', keyOf(name)])),
    async list(signal) {
      const all = new Map<string, StoredEntry>()
      let cursor = '0'
      do {
        const pattern = `${place.prefix.replaceAll(/[*?[\]\\]/g, String.raw`\$&`)}*`
        const [scanned] = await ask(signal, ['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(page)])
        const [next, keys] = Array.isArray(scanned) ? scanned : []
        const names = (Array.isArray(keys) ? keys : []).map(textOf)
        cursor = textOf(next)
        if (!names.length) continue
        const sizes = await ask(signal, ...names.map((key) => ['STRLEN', key]))
        const left = await ask(signal, ...names.map((key) => ['PTTL', key]))
        for (const [i, key] of names.entries()) {
          const used = clock.now() - Math.max(0, place.age - Math.max(0, Number(left[i])))
          all.set(key, { name: key.slice(place.prefix.length), bytes: Number(sizes[i]), used })
        }
      } while (cursor !== '0' && cursor !== '')
      return [...all.values()]
    },
    end: async () => ask.close(),
  }
}

const textOf = (reply: Reply): string => (reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : '')

interface Ask {
  (signal: AbortSignal, ...commands: readonly (readonly Argument[])[]): Promise<Reply[]>
  close(): void
}

/** One connection for all, made when it is first needed and again after it broke; callers take turns. */
function asking(place: RedisPlace, sockets: Sockets): Ask {
  let client: RespClient | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const close = (): void => {
    client?.close()
    client = undefined
  }
  const open = async (signal: AbortSignal): Promise<RespClient> => {
    const { host, port, secure, user, password, database } = place
    const opened = new RespClient(await sockets.connect({ host, port, secure, timeoutMs: connect_ms }))
    if (signal.aborted) opened.close()
    client = opened
    if (password !== undefined) await opened.ask(['AUTH', ...(user === undefined ? [] : [user]), password])
    if (database !== 0) await opened.ask(['SELECT', String(database)])
    return opened
  }
  const work = async (signal: AbortSignal, commands: readonly (readonly Argument[])[]): Promise<Reply[]> => {
    if (signal.aborted) throw new OutsideError('the request was cancelled', 'ABORT_ERR')
    // An answer that comes too late would be taken for that of the next command.
    signal.addEventListener('abort', close, { once: true })
    try {
      return await (client ?? (await open(signal))).ask(...commands)
    } catch (cause) {
      close()
      throw cause
    } finally {
      signal.removeEventListener('abort', close)
    }
  }
  const ask = async (signal: AbortSignal, ...commands: readonly (readonly Argument[])[]): Promise<Reply[]> => {
    const mine = turn.then(async () => work(signal, commands))
    turn = mine.catch(() => undefined)
    return mine
  }
  return Object.assign(ask, { close })
}
