import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { redisPlace, redisStore } from '../../src/engine/cache/stores/redis.js'
import { hostPorts } from '../../src/host/index.js'
import { Scratch } from '../support/scratch.js'
import { fakeRedis } from '../support/stores/redis.js'
import type { FakeRedis } from '../support/stores/redis.js'

/** What is particular to Redis: one connection for all, passwords, what is too large, and when entries expire. */
const scratch = new Scratch('wf-redis-')
afterAll(() => scratch.remove())
let fake: FakeRedis
beforeEach(async () => void (fake = await fakeRedis('letmein-please')))
afterEach(() => fake.close())

const never = new AbortController().signal
const day = 86_400_000
const open = (more = {}) =>
  redisStore(
    {
      host: '127.0.0.1',
      port: fake.port,
      secure: false,
      database: 0,
      password: 'letmein-please',
      prefix: 'wf:',
      age: 30 * day,
      ...more,
    },
    hostPorts(),
  )
const into = (): string => join(mkdtempSync(join(scratch.root, 'file-')), 'file')
const fileWith = (content: string): string => {
  const path = into()
  writeFileSync(path, content)
  return path
}

describe('an address', () => {
  test.each([
    ['redis://cache', { host: 'cache', port: 6379, secure: false, database: 0 }],
    ['rediss://me@cache:6380/2', { host: 'cache', port: 6380, secure: true, database: 2, user: 'me' }],
    ['redis://[::1]:7000', { host: '::1', port: 7000, secure: false, database: 0 }],
  ])('%s', (url, place) => {
    expect(redisPlace(url)).toEqual(place)
  })

  test.each(['http://cache', 'cache:6379', 'redis://', 'redis://cache/one', 'redis://cache?x=1'])(
    '%s is none',
    (url) => {
      expect(redisPlace(url)).toBe(undefined)
    },
  )
})

test('an entry of more than 64 MB is not kept, and that is said', async () => {
  const file = fileWith('')
  truncateSync(file, 65 * 2 ** 20)
  expect(await open().put('a', file, never)).toBe('it is larger than 64 MB (65 MB), which is too much for redis')
  expect(fake.asked).toEqual([])
})

test('an entry expires when nobody uses it for so long', async () => {
  const store = open({ age: 10 * day })
  await store.put('a', fileWith('one'), never)
  const value = fake.values.get('0 wf:a')
  expect(Math.round(((value?.until ?? 0) - Date.now()) / day)).toBe(10)
  if (value) value.until = Date.now() + day
  const [before] = await store.list(never)
  expect(Math.round((Date.now() - (before?.used ?? 0)) / day)).toBe(9)
  await store.get('a', into(), never)
  const [after] = await store.list(never)
  expect(Math.round((Date.now() - (after?.used ?? 0)) / day)).toBe(0)
  await store.end?.(never)
})

test('many ask at once over one connection, and each gets its own', async () => {
  const store = open()
  for (let i = 0; i < 50; i += 1) await store.put(`e${i}`, fileWith(`entry ${i}`), never)
  const paths = await Promise.all(Array.from({ length: 50 }, async (_, i) => store.get(`e${i}`, into(), never)))
  expect(paths.map((path) => readFileSync(path ?? '', 'utf8'))).toEqual(
    Array.from({ length: 50 }, (_, i) => `entry ${i}`),
  )
  expect(fake.asked.filter((asked) => asked.startsWith('AUTH'))).toHaveLength(1)
  await store.end?.(never)
})

test('a wrong password is told, and not shown', async () => {
  const failed = await open({ password: 'guessed-wrong' })
    .get('a', into(), never)
    .catch((cause: unknown) => String(cause))
  expect(failed).toContain('WRONGPASS invalid username-password pair')
  expect(failed).not.toContain('guessed-wrong')
})

test.each(['cut', 'reset', 'garbage'] as const)('after an answer that is %s it connects anew', async (fault) => {
  const store = open()
  await store.put('a', fileWith('one'), never)
  fake.fault = fault
  await expect(store.get('a', into(), never)).rejects.toMatchObject({ name: 'OutsideError' })
  fake.fault = undefined
  const path = await store.get('a', into(), never)
  expect(readFileSync(path ?? '', 'utf8')).toBe('one')
  await store.end?.(never)
})

test('an answer that comes after its time is not taken for the next one', async () => {
  const store = open()
  await store.put('a', fileWith('one'), never)
  await store.put('b', fileWith('two'), never)
  fake.fault = 'silent'
  const over = new AbortController()
  const late = store.get('a', into(), over.signal)
  over.abort()
  await expect(late).rejects.toMatchObject({ name: 'OutsideError' })
  fake.fault = undefined
  const path = await store.get('b', into(), never)
  expect(readFileSync(path ?? '', 'utf8')).toBe('two')
  await store.end?.(never)
})
