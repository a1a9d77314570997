import { describe, expect, test } from '@jest/globals'
import { fileOf, lineOf } from '../../src/history/lines.js'
import { folderStore } from '../../src/history/folder-store.js'
import { MemoryFiles } from '../support/files.js'
import { entryAt, forEver, sha, shop } from '../support/entries.js'

const path = `/repo/.wf/history/${fileOf(shop)}`
const now = () => Date.parse('2025-01-02T00:00:00.000Z')
const never = new AbortController().signal
const storeOver = (files: MemoryFiles) => folderStore('/repo/.wf/history', shop, { files, now })

describe('a history in a folder', () => {
  test('is empty before the first run, and then has each of them', async () => {
    const store = storeOver(new MemoryFiles())
    expect(await store.read([sha('a')], never)).toEqual({ ok: true, isEmpty: true, entries: [], ignored: 0 })
    expect(await store.append(entryAt(sha('a')), forEver, never)).toEqual({ ok: true, id: path, url: null })
    await store.append(entryAt(sha('b')), forEver, never)
    expect(await store.read([sha('a'), sha('b')], never)).toMatchObject({
      isEmpty: false,
      entries: [{ commit: sha('a') }, { commit: sha('b') }],
    })
  })

  test('is not seen by git', async () => {
    const files = new MemoryFiles()
    await storeOver(files).append(entryAt(sha('a')), forEver, never)
    expect(files.readText('/repo/.wf/history/.gitignore')).toBe('*\n')
  })

  test('goes on after a line that a killed machine left half written', async () => {
    const line = lineOf(entryAt(sha('a')))
    const files = new MemoryFiles({ [path]: `${line}\n${line.slice(0, 20)}` })
    const store = storeOver(files)
    await store.append(entryAt(sha('b')), forEver, never)
    expect(await store.read([sha('a'), sha('b')], never)).toMatchObject({
      entries: [{ commit: sha('a') }, { commit: sha('b') }],
    })
  })

  test('keeps as many runs as are asked for', async () => {
    const files = new MemoryFiles()
    for (const digit of ['a', 'b', 'c'])
      await storeOver(files).append(entryAt(sha(digit)), { ...forEver, entries: 2 }, never)
    expect(files.readText(path)?.split('\n').filter(Boolean)).toEqual([
      lineOf(entryAt(sha('b'))),
      lineOf(entryAt(sha('c'))),
    ])
  })

  test('that is larger than ours can be is not read, and the next run begins it anew', async () => {
    const files = new MemoryFiles({ [path]: 'x'.repeat(21 * 2 ** 20) })
    const reason = `${path}: it is larger than 20 MB, so it is none of ours`
    expect(await storeOver(files).read([sha('a')], never)).toEqual({ ok: false, reason })
    await storeOver(files).append(entryAt(sha('a')), forEver, never)
    expect(files.readText(path)).toBe(`${lineOf(entryAt(sha('a')))}\n`)
  })

  test('follows no link out of its folder', async () => {
    const files = new MemoryFiles({ '/etc/passwd': 'root\n' })
    files.makeFolder('/repo/.wf/history')
    files.link(path, '/etc/passwd')
    expect(await storeOver(files).read([sha('a')], never)).toMatchObject({ ok: true, isEmpty: true })
    await storeOver(files).append(entryAt(sha('a')), forEver, never)
    expect(files.readText('/etc/passwd')).toBe('root\n')
    expect(files.readText(path)).toBe(`${lineOf(entryAt(sha('a')))}\n`)
  })

  test('on a full disk says so', async () => {
    const files = new MemoryFiles({}, (operation) => (operation === 'writing' ? 'ENOSPC' : undefined))
    expect(await storeOver(files).append(entryAt(sha('a')), forEver, never)).toMatchObject({
      ok: false,
      kind: 'network',
      message: expect.stringMatching(/no space left|disk is full|ENOSPC/i),
    })
  })
})
