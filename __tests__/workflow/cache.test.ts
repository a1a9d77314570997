import { describe, expect, test } from '@jest/globals'
import { loadWorkflow } from '../../src/workflow/load.js'
import { problems, told } from '../support/mistakes.js'

const file = (cache: string): string => `version: 1
name: t
cache: ${cache}
stages: { s: { steps: [{ run: 'true' }] } }
`
const read = async (cache: string): Promise<unknown> => {
  const loaded = await loadWorkflow('wf.yml', file(cache))
  return loaded.ok ? loaded.workflow.cache : loaded.problems.map(({ message }) => message)
}
const usual = { bytes: 2 * 2 ** 30, age: 30 * 86_400_000, timeout: 60_000 }

describe('cache in the file', () => {
  test('is a word, or says more', async () => {
    expect(await read('{}')).toEqual(usual)
    for (const store of ['folder', 'github', 'off']) expect(await read(store)).toEqual({ store, ...usual })
    expect(await read('{ folder: ./.wf-cache, max-size: 1MB, max-age: 1d, timeout: 5s }')).toEqual({
      store: 'folder',
      folder: '.wf-cache',
      bytes: 2 ** 20,
      age: 86_400_000,
      timeout: 5000,
    })
    const s3 = '{ bucket: wf1, region: eu-1, endpoint: "http://minio:9000", prefix: team/wf }'
    expect(await read(`{ store: s3, s3: ${s3}, sign: CACHE_KEY, encrypt: CACHE_SECRET }`)).toEqual({
      store: 's3',
      s3: { bucket: 'wf1', region: 'eu-1', endpoint: 'http://minio:9000', prefix: 'team/wf/' },
      sign: 'CACHE_KEY',
      encrypt: 'CACHE_SECRET',
      ...usual,
    })
    const redis = '{ url: "rediss://me@cache:6380/2", password: CACHE_PASSWORD, prefix: "wf:" }'
    expect(await read(`{ store: redis, redis: ${redis} }`)).toEqual({
      store: 'redis',
      redis: { url: 'rediss://me@cache:6380/2', password: 'CACHE_PASSWORD', prefix: 'wf:' },
      ...usual,
    })
  })

  test.each([
    ['{ store: s3 }', '3:17 missing-key `store: s3` needs `s3`'],
    ['{ store: redis }', '3:17 missing-key `store: redis` needs `redis`'],
    ['{ s3: { bucket: wf-1 } }', '3:10 not-here `s3` belongs to `store: s3`'],
    ['{ store: github, folder: x }', '3:25 not-here `folder` belongs to `store: folder`'],
    ['{ folder: ../x }', '3:18 outside the folder of the cache lies inside the repository'],
    ['{ store: s3, s3: { bucket: wf-1, endpoint: minio } }', '3:51 bad-value this is no address of an S3 server'],
    ['{ store: redis, redis: { url: "http://x" } }', '3:38 bad-value this is no address of a Redis'],
    ['{ store: redis, redis: { url: "redis://x/one" } }', '3:38 bad-value this is no address of a Redis'],
    ['{ store: redis, redis: { url: "redis://u:pass@x" } }', '3:38 secret the address holds a password'],
    ['{ store: s3, s3: { bucket: wf-1, endpoint: "https://u:p@x" } }', '3:51 secret the address holds a password'],
    ['{ sign: AKIAIOSFODNN7EXAMPLE }', '3:16 secret this looks like a secret itself, not like the name of one'],
    [
      '{ encrypt: ABCDEFGHIJKLMNOPQRSTUVWXYZ123456 }',
      '3:19 secret this looks like a secret itself, not like the name of one',
    ],
  ])('%s: %s', async (cache, expected) => {
    expect(await told(file(cache))).toEqual([expected])
  })

  test.each([
    '{ sign: hunter2 }',
    '{ encrypt: "correct horse" }',
    '{ store: redis, redis: { url: "redis://x", password: pass } }',
  ])('%s: a value in the place of a name is told what stands there', async (cache) => {
    const [problem, ...more] = await problems(file(cache))
    expect(more).toEqual([])
    expect(`${problem?.message} ${problem?.hint}`).toContain('the name of a secret or a variable in capitals')
  })

  test('a mistake never repeats a password', async () => {
    for (const { message, hint } of await problems(file('{ store: redis, redis: { url: "redis://u:letmein@x" } }')))
      expect(`${message} ${hint}`).not.toContain('letmein')
  })
})
