import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.js'
import type { Json } from '../../src/base/json.js'
import type { PackSource } from '../../src/handover/entry.js'
import type { OpenPack, PackParts } from '../../src/handover/pack.js'
import { openPack, packLimits, writePack } from '../../src/handover/pack.js'
import { MemoryFiles } from '../support/files.js'

const file = (path: string, executable = false): PackSource => ({ kind: 'file', path, executable })
const parts = (contents: Readonly<Record<string, string>>, more: readonly PackSource[] = []): PackParts => ({
  head: { of: 'a test' },
  entries: [...Object.keys(contents).map((path) => file(path)), ...more],
  contentOf: ({ path }) => ({ bytes: Buffer.from(contents[path] ?? '') }),
})

/** Everything that a pack holds, or why it is refused. */
async function read(files: MemoryFiles, path: string): Promise<{ head: Json; contents: string[] } | string> {
  const pack = await openPack(files, path)
  if ('reason' in pack) return pack.reason
  return readAll(pack)
}

async function readAll(pack: OpenPack): Promise<{ head: Json; contents: string[] } | string> {
  const contents: string[] = []
  for (;;) {
    let text = ''
    const next = await pack.next((piece) => (text += Buffer.from(piece).toString('latin1')))
    if (!next) break
    if ('reason' in next) return next.reason
    contents.push(`${next.entry.path}: ${text}`)
  }
  await pack.close()
  return { head: pack.head, contents }
}

/** A pack whose head is what an attacker wrote, with the right hash. */
const forge = (files: MemoryFiles, head: Json, contents = ''): void => {
  const text = JSON.stringify(head)
  files.write('/forged', `wf-pack 1 ${sha256(text)}\n${text}\n${contents}`)
}
const forgedFile = (path: string, content = ''): Json => ({
  kind: 'file',
  path,
  executable: false,
  size: content.length,
  sha256: sha256(content),
})

test('head, entries and contents come back as they were', async () => {
  const files = new MemoryFiles({ '/long': 'x'.repeat(200_000) })
  const written = await writePack(files, '/out/a.pack', {
    head: { name: 'ä\n', list: [1, null] },
    entries: [
      file('b/run.sh', true),
      file('empty'),
      { kind: 'link', path: 'l', target: 'b' },
      { kind: 'folder', path: 'f' },
      file('long'),
    ],
    contentOf: ({ path }) =>
      path === 'long' ? { file: '/long' } : { bytes: Buffer.from(path === 'empty' ? '' : 'a\nb') },
  })
  const pack = await openPack(files, '/out/a.pack')
  if ('reason' in pack || 'reason' in written) throw new Error('refused')
  expect(written).toEqual({ id: pack.id, bytes: files.stat('/out/a.pack')?.size })
  expect(pack.entries.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'file b/run.sh',
    'file empty',
    'link l',
    'folder f',
    'file long',
  ])
  expect(pack.entries[0]).toEqual({ kind: 'file', path: 'b/run.sh', executable: true, size: 3, sha256: sha256('a\nb') })
  expect(pack.entries[2]).toEqual({ kind: 'link', path: 'l', target: 'b' })
  expect(await readAll(pack)).toEqual({
    head: { name: 'ä\n', list: [1, null] },
    contents: ['b/run.sh: a\nb', 'empty: ', `long: ${'x'.repeat(200_000)}`],
  })
})

test('the same files make the same pack, and other content another one', async () => {
  const files = new MemoryFiles()
  const one = await writePack(files, '/one', parts({ a: 'x' }))
  expect(await writePack(files, '/two', parts({ a: 'x' }))).toEqual(one)
  expect(await writePack(files, '/three', parts({ a: 'y' }))).not.toEqual(one)
})

test('no beginning of a pack is accepted', async () => {
  const files = new MemoryFiles()
  await writePack(files, '/whole', parts({ a: 'one', 'b/c': 'two\n' }, [{ kind: 'link', path: 'l', target: 'a' }]))
  const whole = files.readBytes('/whole') ?? new Uint8Array()
  for (let size = 0; size < whole.length; size += 1) {
    files.write('/cut', whole.subarray(0, size))
    expect([size, typeof (await read(files, '/cut'))]).toEqual([size, 'string'])
  }
})

test('no pack in which a byte is another one is accepted', async () => {
  const files = new MemoryFiles()
  await writePack(files, '/whole', parts({ a: 'one', 'b/c': 'two\n' }))
  const whole = files.readBytes('/whole') ?? new Uint8Array()
  for (const bit of [1, 32, 128])
    for (let at = 0; at < whole.length; at += 1) {
      const other = Buffer.from(whole)
      other[at] = (other[at] ?? 0) ^ bit
      files.write('/other', other)
      expect([at, typeof (await read(files, '/other'))]).toEqual([at, 'string'])
    }
})

test('a pack to which something was added is refused', async () => {
  const files = new MemoryFiles()
  await writePack(files, '/a', parts({ a: 'one' }))
  files.append('/a').write('\n')
  expect(await read(files, '/a')).toBe('something was written after its end')
})

test('what is no pack is refused with words that say so', async () => {
  const files = new MemoryFiles({
    '/zip': 'PK\u0003\u0004',
    '/later': `wf-pack 2 ${'0'.repeat(64)}\n`,
    '/folder/x': '',
  })
  files.link('/link', '/zip')
  expect(await read(files, '/zip')).toBe('it is no pack of wf')
  expect(await read(files, '/later')).toBe('it is of version 2 of the format, which is not known here')
  expect(await read(files, '/folder')).toBe('it is no file')
  expect(await read(files, '/link')).toBe('it is no file')
  expect(await read(files, '/nothing')).toBe('it is not there')
})

test.each<[string, Json]>([
  ['a list', []],
  ['no head', { entries: [] }],
  ['no entries', { head: {} }],
  ['an entry of no known kind', { head: {}, entries: [{ kind: 'device', path: 'a' }] }],
  ['an entry without a path', { head: {}, entries: [{ kind: 'folder' }] }],
  ['a size below 0', { head: {}, entries: [{ ...(forgedFile('a') as object), size: -1 }] }],
  ['a size that is no whole number', { head: {}, entries: [{ ...(forgedFile('a') as object), size: 0.5 }] }],
  ['a link that leads nowhere', { head: {}, entries: [{ kind: 'link', path: 'a' }] }],
])('a head with the right hash and %s is refused', async (_, head) => {
  const files = new MemoryFiles()
  forge(files, head)
  expect(await read(files, '/forged')).toBe('its head is not that of a pack')
})

test('a head that is nested a million deep is refused and breaks nothing', async () => {
  const files = new MemoryFiles()
  for (const text of ['['.repeat(1e6), '['.repeat(1e6) + ']'.repeat(1e6)]) {
    files.write('/deep', `wf-pack 1 ${sha256(text)}\n${text}\n`)
    expect(await read(files, '/deep')).toBe('its head is not that of a pack')
  }
})

test('a file larger than all that a pack may hold is refused, whatever its real size', async () => {
  const files = new MemoryFiles()
  forge(files, { head: {}, entries: [{ ...(forgedFile('a') as object), size: packLimits.contents + 1 }] })
  expect(await read(files, '/forged')).toBe('its files hold 10 GB, and at most 10 GB are allowed')
})

test('more entries than a pack may hold are refused, when it is written and when it is read', async () => {
  const files = new MemoryFiles()
  const entries = Array.from({ length: packLimits.entries + 1 }, (_, i) => ({ kind: 'folder' as const, path: `${i}` }))
  const reason = 'it has 200001 entries, and at most 200000 are allowed'
  expect(await writePack(files, '/a', { ...parts({}), entries })).toEqual({ reason })
  forge(files, { head: {}, entries })
  expect(await read(files, '/forged')).toBe(reason)
})

test('a head larger than it may be is refused, when it is written and when it is read', async () => {
  const files = new MemoryFiles()
  const large = 'x'.repeat(packLimits.head)
  expect(await writePack(files, '/a', { ...parts({}), head: large })).toEqual({
    reason: 'its head is larger than 64 MB',
  })
  forge(files, { head: large, entries: [] })
  expect(await read(files, '/forged')).toBe('its head is larger than 64 MB')
})

test.each([
  ['', 'it is empty'],
  ['/etc/passwd', 'it is absolute'],
  ['C:/x', 'it is absolute'],
  ['c:x', 'it is absolute'],
  ['..', 'it has a part that names no file'],
  ['a/../../b', 'it has a part that names no file'],
  ['a//b', 'it has a part that names no file'],
  ['./a', 'it has a part that names no file'],
  ['a/', 'it has a part that names no file'],
  ['a/.. /b', 'it has a part that names no file'],
  ['..\\x', 'it holds a backslash, which parts folders on some machines'],
  ['a\0b', 'it holds a control character'],
  ['a\nb', 'it holds a control character'],
  ['.git/hooks/pre-commit', "it lies in git's own folder"],
  ['.git', "it lies in git's own folder"],
  ['a/.GiT/config', "it lies in git's own folder"],
  ['.git./config', "it lies in git's own folder"],
  ['.git::$INDEX_ALLOCATION/config', "it lies in git's own folder"],
  ['GIT~1/config', "it lies in git's own folder"],
  ['.g\u200Cit/config', "it lies in git's own folder"],
])('an entry called %j is refused, when it is written and when it is read', async (path, why) => {
  const files = new MemoryFiles()
  const entries = [forgedFile('fine', 'ok'), forgedFile(path)]
  forge(files, { head: {}, entries }, 'ok')
  expect(await read(files, '/forged')).toContain(`cannot be a path of it: ${why}`)
  expect(await writePack(files, '/a', { ...parts({}), entries: [file(path)] })).toEqual({
    reason: expect.stringContaining(`cannot be a path of it: ${why}`),
  })
  expect(files.stat('/a')).toBeUndefined()
})

test('an entry whose path is longer than systems take is refused', async () => {
  const written = await writePack(new MemoryFiles(), '/a', { ...parts({}), entries: [file('x'.repeat(5000))] })
  expect(written).toEqual({ reason: expect.stringContaining('it is longer than 4096 characters') })
})

test('an entry that is there twice, or in another one that is no folder, is refused', async () => {
  const files = new MemoryFiles()
  forge(files, { head: {}, entries: [forgedFile('a'), forgedFile('a')] })
  expect(await read(files, '/forged')).toBe('a is in it twice')
  forge(files, { head: {}, entries: [forgedFile('a/b'), forgedFile('a')] })
  expect(await read(files, '/forged')).toBe('a/b lies in a, which is a file')
  forge(files, { head: {}, entries: [{ kind: 'link', path: 'a', target: '/etc' }, forgedFile('a/b/passwd')] })
  expect(await read(files, '/forged')).toBe('a/b/passwd lies in a, which is a link')
})

test('a file that is gone, or changes while it is packed, leaves no pack and the one before as it was', async () => {
  const files = new MemoryFiles({ '/a': 'one', '/out.pack': 'before' })
  let asked = 0
  const changing: PackParts = {
    head: null,
    entries: [file('a')],
    contentOf: () => {
      if ((asked += 1) === 2) files.write('/a', 'two')
      return { file: '/a' }
    },
  }
  expect(await writePack(files, '/out.pack', changing)).toEqual({ reason: 'a changed while it was packed' })
  const gone = { ...changing, contentOf: () => ({ file: '/gone' }) }
  expect(await writePack(files, '/out.pack', gone)).toEqual({ reason: 'a is not there any more' })
  expect(files.all()).toEqual({ '/a': 'two', '/out.pack': 'before' })
})

test('a full disk is told as such and leaves nothing half written', async () => {
  const files = new MemoryFiles({ '/a': 'one' }, (operation, path) =>
    operation === 'writing' && path === '/x.pack' ? 'ENOSPC' : undefined,
  )
  await expect(writePack(files, '/x.pack', parts({ a: 'one' }))).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(Object.keys(files.all())).toEqual(['/a'])
})
