import { posix } from 'node:path'
import { parseDuration } from '../base/duration.js'
import { parseSize } from '../base/size.js'
import { tokenShapes } from '../base/tokens.js'
import type { CacheFile } from '../language/workflow.js'
import { leadsOut } from './caching.js'
import type { CacheSetting } from './model.js'
import type { Reader } from './reader.js'
import type { Path } from './places.js'

const usual = { size: '2GB', age: '30d', timeout: '60s' }

type Written = Exclude<CacheFile, string>

/** Where results of steps are kept, with defaults filled in; naming a folder asks for it. */
export function readCache(reader: Reader, file: CacheFile | undefined): CacheSetting {
  const written: Written = typeof file === 'string' ? { store: file } : (file ?? {})
  const { folder, sign, encrypt } = written
  const store = written.store ?? (folder === undefined ? undefined : 'folder')
  checkPlace(reader, written, store)
  for (const [name, path] of [
    [sign, ['cache', 'sign']],
    [encrypt, ['cache', 'encrypt']],
    [written.redis?.password, ['cache', 'redis', 'password']],
  ] as const)
    if (name !== undefined && isValue(name))
      reader.problem('secret', 'this looks like a secret itself, not like the name of one', [...path], {
        hint: 'take it out of the file and replace it where it is used, since others may have read it; write the name of a secret',
      })
  const { s3, redis } = written
  return {
    ...(store === undefined ? {} : { store }),
    ...(folder === undefined ? {} : { folder: posix.normalize(folder) }),
    ...(s3 === undefined
      ? {}
      : { s3: { ...s3, ...(s3.prefix === undefined ? {} : { prefix: `${s3.prefix.replace(/\/$/, '')}/` }) } }),
    ...(redis === undefined ? {} : { redis }),
    ...(sign === undefined ? {} : { sign }),
    ...(encrypt === undefined ? {} : { encrypt }),
    bytes: parseSize(written['max-size'] ?? usual.size) ?? 0,
    age: parseDuration(written['max-age'] ?? usual.age) ?? 0,
    timeout: parseDuration(written.timeout ?? usual.timeout) ?? 0,
  }
}

/** What belongs to one store stands there with it, and says where that is. */
function checkPlace(reader: Reader, written: Written, store: CacheSetting['store']): void {
  const { folder, s3, redis } = written
  for (const key of ['folder', 's3', 'redis'] as const)
    if (written[key] !== undefined && store !== key)
      reader.problem('not-here', `\`${key}\` belongs to \`store: ${key}\``, ['cache', key], { key: true })
  if (store === 's3' && !s3)
    reader.problem('missing-key', '`store: s3` needs `s3`', ['cache', 'store'], { hint: '`s3: { bucket: NAME }`' })
  if (store === 'redis' && !redis)
    reader.problem('missing-key', '`store: redis` needs `redis`', ['cache', 'store'], {
      hint: '`redis: { url: redis://HOST }`',
    })
  if (folder !== undefined && leadsOut(folder))
    reader.problem('outside', 'the folder of the cache lies inside the repository', ['cache', 'folder'], {
      hint: 'such as `.wf-cache`',
    })
  if (s3?.endpoint !== undefined)
    checkAddress(reader, s3.endpoint, ['cache', 's3', 'endpoint'], {
      schemes: ['https:', 'http:'],
      such: 'https://minio.example:9000',
      keys: 'keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    })
  if (redis)
    checkAddress(reader, redis.url, ['cache', 'redis', 'url'], {
      schemes: ['redis:', 'rediss:'],
      such: 'rediss://cache.example:6379/0',
      keys: 'name the secret that holds it: `password: REDIS_PASSWORD`',
    })
}

function checkAddress(
  reader: Reader,
  address: string,
  path: Path,
  { schemes, such, keys }: { schemes: readonly string[]; such: string; keys: string },
): void {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isRedis = schemes.includes('redis:')
  if (url && (url.password !== '' || (!isRedis && url.username !== '')))
    return reader.problem('secret', 'the address holds a password', path, {
      hint: `take it out of the file and replace it where it is used, since others may have read it; ${keys}`,
    })
  const database = isRedis ? /^\/?\d*$/ : /^/
  if (
    !url ||
    !schemes.includes(url.protocol) ||
    !url.hostname ||
    url.search ||
    url.hash ||
    !database.test(url.pathname)
  )
    reader.problem('bad-value', `this is no address of ${isRedis ? 'a Redis' : 'an S3 server'}`, path, {
      hint: `such as \`${such}\``,
    })
}

/** A value that was written in the place of its name: a known token, or long without a word's end. */
const isValue = (name: string): boolean =>
  tokenShapes.some(({ pattern }) => new RegExp(pattern.source).test(name)) || /[A-Z0-9]{24}/.test(name)
