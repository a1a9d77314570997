import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { sealerOf } from '../../src/engine/cache/seal.js'
import { hostRandom } from '../../src/host/random.js'
import { MemoryFiles } from '../support/files.js'

const files = new MemoryFiles()
const sealer = sealerOf('a secret of ours', files, hostRandom())
const bytesOf = (path: string): Uint8Array => files.readBytes(path) ?? new Uint8Array()

test.each([0, 1, 15, 16, 17, 65_535, 65_536, 65_577, 1_000_000])('%i bytes come back as they were', async (size) => {
  const content = randomBytes(size)
  files.write('/plain', content)
  await sealer.seal('name', '/plain', '/sealed')
  expect(await sealer.open('name', '/sealed', '/opened')).toBe(true)
  expect(Buffer.from(bytesOf('/opened')).equals(content)).toBe(true)
  // What was sealed as a file and what was sealed in memory are the same to whoever opens them.
  expect(sealer.openBytes('name', bytesOf('/sealed'))).toEqual(content)
  files.write('/sealed', sealer.sealBytes('name', content))
  expect(await sealer.open('name', '/sealed', '/opened')).toBe(true)
  expect(Buffer.from(bytesOf('/opened')).equals(content)).toBe(true)
})

test('the same content is never written the same way twice', async () => {
  files.write('/plain', 'the same')
  await sealer.seal('name', '/plain', '/one')
  await sealer.seal('name', '/plain', '/two')
  expect(Buffer.from(bytesOf('/one')).equals(bytesOf('/two'))).toBe(false)
})

test('any byte that changes, and any end that is missing, is found out', async () => {
  files.write('/plain', 'what a step left')
  await sealer.seal('name', '/plain', '/sealed')
  const sealed = bytesOf('/sealed')
  for (let i = 0; i < sealed.length; i += 1) {
    const other = Buffer.from(sealed)
    other[i] = (other[i] ?? 0) ^ 1
    files.write('/other', other)
    expect([i, await sealer.open('name', '/other', '/opened')]).toEqual([i, false])
    files.write('/other', sealed.subarray(0, i))
    expect([i, await sealer.open('name', '/other', '/opened')]).toEqual([i, false])
    expect([sealer.openBytes('name', other), sealer.openBytes('name', sealed.subarray(0, i))]).toEqual([
      undefined,
      undefined,
    ])
  }
})

test('neither another secret nor another name opens it', async () => {
  files.write('/plain', 'what a step left')
  await sealer.seal('name', '/plain', '/sealed')
  expect(await sealerOf('another secret', files, hostRandom()).open('name', '/sealed', '/opened')).toBe(false)
  expect(await sealer.open('other', '/sealed', '/opened')).toBe(false)
  expect(sealer.openBytes('other', bytesOf('/sealed'))).toBeUndefined()
  expect(sealerOf('another secret', files, hostRandom()).openBytes('name', bytesOf('/sealed'))).toBeUndefined()
})
