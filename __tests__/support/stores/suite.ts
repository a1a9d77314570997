import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { guarded } from '../../../src/engine/cache/guard.js'
import { entryName, lastName } from '../../../src/engine/cache/names.js'
import type { CacheStore } from '../../../src/engine/cache/store.js'
import { FakeClock } from '../clock.js'
import type { Backend, Trouble } from './all.js'

const never = new AbortController().signal
const key = (letter: string): string => entryName(letter.repeat(64), 'build/join')

/** The same for every store: what the cache relies on, and what must not hold a run up. `root` is a folder for files. */
export function storeSuite(
  kind: string,
  { open, root, troubles }: { open: () => Promise<Backend>; root: () => string; troubles: readonly Trouble[] },
): void {
  describe(`the store ${kind}`, () => {
    let backend: Backend
    let files = 0
    const path = (): string => join(root(), `${kind}-${(files += 1)}`)
    const fileWith = (content: string | Uint8Array): string => {
      const file = path()
      writeFileSync(file, content)
      return file
    }
    const read = async (store: CacheStore, name: string): Promise<string | undefined> => {
      const file = await store.get(name, path(), never)
      return file === undefined ? undefined : readFileSync(file, 'latin1')
    }
    /** Puts entries as one run does. */
    const stored = async (entries: Record<string, string | Uint8Array>): Promise<void> => {
      const store = backend.open()
      for (const [name, content] of Object.entries(entries))
        expect(await store.put(name, fileWith(content), never)).toBe(undefined)
      await store.end?.(never)
    }
    beforeEach(async () => void (backend = await open()))
    afterEach(() => backend.close())

    test('has nothing at first', async () => {
      const store = backend.open()
      expect(await read(store, key('a'))).toBe(undefined)
      expect(await store.list(never)).toEqual([])
      await store.remove(key('a'), never)
      await store.end?.(never)
    })

    test('gives a later run what one stored, byte for byte', async () => {
      const bytes = randomBytes(3_000_000)
      await stored({ [key('a')]: bytes, [key('b')]: 'b\r\n\0b', [lastName('build/join')]: '{}' })
      const store = backend.open()
      expect(await read(store, key('a'))).toBe(bytes.toString('latin1'))
      expect(await read(store, key('b'))).toBe('b\r\n\0b')
      expect(await read(store, lastName('build/join'))).toBe('{}')
      expect(await read(store, key('c'))).toBe(undefined)
      await store.end?.(never)
    })

    test('gives a run what it stored itself, and takes the file that it is given', async () => {
      const store = backend.open()
      const file = fileWith('mine')
      await store.put(key('a'), file, never)
      expect(existsSync(file)).toBe(false)
      expect(await read(store, key('a'))).toBe('mine')
      await store.end?.(never)
    })

    test('replaces what was there, and keeps what other runs stored', async () => {
      await stored({ [key('a')]: 'one', [key('b')]: 'other' })
      await stored({ [key('a')]: 'two' })
      const store = backend.open()
      expect([await read(store, key('a')), await read(store, key('b'))]).toEqual(['two', 'other'])
      await store.end?.(never)
    })

    test('lists all with their sizes and when they were used', async () => {
      await stored(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((one, i) => [key(one), 'x'.repeat(i + 1)])))
      const store = backend.open()
      const all = (await store.list(never)).sort((one, other) => one.bytes - other.bytes)
      expect(all.map(({ name, bytes }) => [name, bytes])).toEqual(
        ['a', 'b', 'c', 'd', 'e'].map((one, i) => [key(one), i + 1]),
      )
      for (const { used } of all) expect(Math.abs(Date.now() - used)).toBeLessThan(120_000)
      await store.end?.(never)
    })

    test('removes an entry', async () => {
      await stored({ [key('a')]: 'one', [key('b')]: 'other' })
      const store = backend.open()
      await store.remove(key('a'), never)
      expect([await read(store, key('a')), await read(store, key('b'))]).toEqual([undefined, 'other'])
      await store.end?.(never)
    })

    test.each(troubles.filter((one) => one !== 'silent'))(
      'that is or gives %s holds no run up and gives nothing wrong',
      async (trouble) => {
        await stored({ [key('a')]: 'one' })
        await backend.trouble(trouble)
        const notes: string[] = []
        const safe = guarded(backend.open(), {
          clock: new FakeClock(),
          timeout: 60_000,
          tell: (note) => void notes.push(note),
        })
        const found = await safe.get(key('a'), path())
        // What is full may still give what it has.
        const given = found.file === undefined ? undefined : readFileSync(found.file, 'utf8')
        if (given === 'one') expect(trouble).toBe('full')
        await safe.put(key('b'), fileWith('new'))
        await safe.remove(key('a'))
        expect(await safe.list()).toEqual([])
        await safe.end()
        if (kind !== 'folder') expect(notes[0]).toMatch(`the cache (${kind}) fails: `)
        await backend.trouble(undefined)
        const after = backend.open()
        if (trouble === 'full') expect(await read(after, key('b'))).toBe(undefined)
        await after.end?.(never)
      },
    )

    if (!troubles.includes('silent')) return
    test('that never answers is given up after its time, and then left alone', async () => {
      await backend.trouble('silent')
      const clock = new FakeClock()
      const notes: string[] = []
      const safe = guarded(backend.open(), { clock, timeout: 60_000, tell: (note) => void notes.push(note) })
      for (let i = 0; i < 3; i += 1) {
        const asked = safe.get(key('a'), path())
        await clock.advance(60_000)
        expect(await asked).toEqual({ failed: `the cache (${kind}) fails: no answer within 1m 00s` })
      }
      expect(await safe.put(key('a'), fileWith('x'))).toContain('fails')
      expect(notes).toEqual([
        `the cache (${kind}) fails: no answer within 1m 00s`,
        `the cache (${kind}) failed 3 times in a row and is left alone for 30 s`,
      ])
      await backend.trouble(undefined)
      await clock.advance(30_000)
      expect(await safe.get(key('a'), path())).toEqual({})
      await safe.end()
    })
  })
}
