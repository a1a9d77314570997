import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { s3Store } from '../../src/engine/cache/stores/s3.js'
import { hostPorts } from '../../src/host/index.js'
import { Scratch } from '../support/scratch.js'
import { fakeS3, s3Keys, s3Region } from '../support/stores/s3.js'
import type { FakeS3 } from '../support/stores/s3.js'

/** What is particular to S3: when an entry was used, and what a server says that refuses. */
const scratch = new Scratch('wf-s3-')
afterAll(() => scratch.remove())
let fake: FakeS3
beforeEach(async () => void (fake = await fakeS3('bucket')))
afterEach(() => fake.close())

const never = new AbortController().signal
const open = (more = {}) =>
  s3Store(
    { endpoint: fake.url, region: s3Region, bucket: 'bucket', prefix: 'wf cache/', keys: s3Keys, ...more },
    hostPorts(),
  )
const into = (): string => join(mkdtempSync(join(scratch.root, 'file-')), 'file')
const fileWith = (content: string): string => {
  const path = into()
  writeFileSync(path, content)
  return path
}

test('what is read counts as used, noted once a day', async () => {
  const store = open()
  await store.put('a', fileWith('one'), never)
  await store.get('a', into(), never)
  expect(fake.asked.map((asked) => asked.split(' ')[0])).toEqual(['PUT', 'GET'])
  const object = fake.objects.get('wf cache/a')
  if (object) object.modified = new Date(Date.now() - 3 * 86_400_000)
  const got = await store.get('a', into(), never)
  expect(got === undefined ? '' : readFileSync(got, 'utf8')).toBe('one')
  const [entry] = await store.list(never)
  expect(Date.now() - (entry?.used ?? 0)).toBeLessThan(60_000)
  expect(fake.objects.get('wf cache/a')?.bytes.toString()).toBe('one')
})

test.each([
  [{ keys: { ...s3Keys, secret: 'another' } }, 'the server answered 403 (SignatureDoesNotMatch, no & no) when reading'],
  [{ bucket: 'other' }, 'the server answered 404 (NoSuchBucket, no & no) when reading'],
])('a refusal is told as the server says it: %j', async (more, said) => {
  await expect(open(more).get('a', into(), never)).rejects.toThrow(said)
})

test('a download that breaks off is a failure, and no entry', async () => {
  const store = open()
  await store.put('a', fileWith('one and some more'), never)
  fake.fault = 'cut'
  await expect(store.get('a', into(), never)).rejects.toThrow('closed the connection before its answer was whole')
})
