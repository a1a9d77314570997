import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheStore } from '../../../src/engine/cache/store.js'
import { folderStore } from '../../../src/engine/cache/stores/folder.js'
import { githubStore } from '../../../src/engine/cache/stores/github.js'
import { redisStore } from '../../../src/engine/cache/stores/redis.js'
import { s3Store } from '../../../src/engine/cache/stores/s3.js'
import { hostPorts } from '../../../src/host/index.js'
import { fakeActionsCache } from './actions-cache.js'
import { fakeRedis } from './redis.js'
import { fakeS3, s3Keys, s3Region } from './s3.js'

/** What can go wrong with a store: it takes no more, breaks off, never answers, or answers what was not stored. */
export type Trouble = 'full' | 'gone' | 'silent' | 'garbage'

/** A store with what stands behind it. */
export interface Backend {
  /** The store as a new run opens it. */
  open(): CacheStore
  /** From now on everything goes wrong in this way, or nothing. */
  trouble(kind: Trouble | undefined): void | Promise<void>
  close(): Promise<void>
}

const day = 86_400_000

/** Every store that there is, over a fake of what it talks to. */
export const backends: Record<'folder' | 'github' | 's3' | 'redis', (root: string) => Promise<Backend>> = {
  async folder(root) {
    const ports = hostPorts()
    const folder = mkdtempSync(join(root, 'folder-'))
    let kind: Trouble | undefined
    const file = join(folder, 'a-file')
    return {
      // A file in the place of the folder is what a file system has of trouble.
      open: () => folderStore(kind === undefined ? folder : file, ports),
      trouble(wanted) {
        kind = wanted
        ports.files.write(file, '')
      },
      close: async () => undefined,
    }
  },
  async github(root) {
    const fake = await fakeActionsCache()
    const ports = hostPorts()
    return {
      open: () =>
        githubStore(
          {
            url: fake.url,
            token: fake.token,
            reads: true,
            writes: true,
            prefix: 'wf-cache-linux-x64-abc-',
            temporary: mkdtempSync(join(root, 'github-')),
          },
          { bytes: 2 ** 30, age: 30 * day },
          ports,
        ),
      trouble(kind) {
        const faults = { full: { status: 507 }, gone: 'reset', silent: 'silent', garbage: 'garbage' } as const
        fake.fault = kind && faults[kind]
      },
      close: () => fake.close(),
    }
  },
  async s3() {
    const fake = await fakeS3('bucket')
    const place = { endpoint: fake.url, region: s3Region, bucket: 'bucket', prefix: 'wf-cache/me/shop/', keys: s3Keys }
    return {
      open: () => s3Store(place, hostPorts()),
      trouble(kind) {
        const full = { status: 507, code: 'InsufficientStorage' }
        fake.fault = kind && ({ full, gone: 'reset', silent: 'silent', garbage: 'garbage' } as const)[kind]
      },
      close: () => fake.close(),
    }
  },
  async redis() {
    const fake = await fakeRedis('letmein-please')
    const place = {
      host: '127.0.0.1',
      port: fake.port,
      secure: false,
      database: 2,
      password: 'letmein-please',
      prefix: 'wf-cache:me/shop:',
      age: 30 * day,
    }
    return {
      open: () => redisStore(place, hostPorts()),
      trouble(kind) {
        const full = { error: "OOM command not allowed when used memory > 'maxmemory'." }
        fake.fault = kind && ({ full, gone: 'reset', silent: 'silent', garbage: 'garbage' } as const)[kind]
      },
      close: () => fake.close(),
    }
  },
}
