import { describe, expect, test } from '@jest/globals'
import { array, assert as holds, constantFrom, oneof, property, record } from 'fast-check'
import { OutsideError } from '../../src/base/errors.js'
import { folderStore } from '../../src/engine/cache/stores/folder.js'
import { readSegment } from '../../src/engine/cache/stores/segment-records.js'
import { segmentLimits, Segments } from '../../src/engine/cache/stores/segments.js'
import type { StoredEntry } from '../../src/engine/cache/store.js'
import type { Appender, Clock, FileStat } from '../../src/ports.js'
import { MemoryFiles } from '../support/files.js'

const minute = 60_000
const day = 86_400_000
const folder = '/cache/segments'
const bytesOf = (text: string): Uint8Array => Buffer.from(text)

/** Time that moves by a millisecond with each look, and further when a test says so. */
function handClock(): Clock & { add(ms: number): void } {
  let now = Date.UTC(2025, 0, 1)
  const tick = (): number => (now += 1)
  return { now: tick, monotonic: tick, after: () => () => undefined, add: (ms) => void (now += ms) }
}

/** Files whose times are those of the clock. */
class TimedFiles extends MemoryFiles {
  readonly #times = new Map<string, number>()
  constructor(private readonly clock: Clock) {
    super()
  }

  override append(path: string): Appender {
    const appender = super.append(path)
    const write = (data: string | Uint8Array): void => {
      appender.write(data)
      this.#times.set(path, this.clock.now())
    }
    return { write, close: () => appender.close() }
  }

  override stat(path: string): FileStat | undefined {
    const stat = super.stat(path)
    return stat && { ...stat, changed: this.#times.get(path) ?? stat.changed }
  }
}

function machine() {
  const clock = handClock()
  const files = new TimedFiles(clock)
  let names = 0
  const random = { fraction: () => 0, hex: (count: number) => (names += 1).toString(16).padStart(count, '0') }
  const spilled = new Map<string, StoredEntry & { content: Uint8Array }>()
  const open = (): Segments =>
    new Segments(folder, { files, clock, random }, (entry, content) => spilled.set(entry.name, { ...entry, content }))
  const segments = (): string[] => files.list(folder).map(({ name }) => `${folder}/${name}`)
  return { clock, files, random, open, segments, spilled }
}

const put = (store: Segments, name: string, text: string): boolean => store.put([[name, bytesOf(text)]])
const get = (store: Segments, name: string): string | undefined => {
  const bytes = store.get(name)
  return bytes && Buffer.from(bytes).toString()
}
/** A process that keeps an entry and ends. */
function run(open: () => Segments, entries: Record<string, string>): void {
  const store = open()
  for (const [name, text] of Object.entries(entries)) put(store, name, text)
  store.end()
}

describe('a segment', () => {
  test('that was cut off anywhere gives the entries before it whole, and no others', () => {
    const { open, files, segments } = machine()
    const entries = { a: 'first\n+b 1 1 1\nx\n', b: '', c: '.\n', d: '\0\xff\r\n' }
    run(open, entries)
    const [path = ''] = segments()
    const whole = files.readBytes(path) ?? new Uint8Array()
    let most = 0
    for (let size = 0; size <= whole.length; size += 1) {
      files.write(path, whole.subarray(0, size))
      const names = open()
        .list()
        .map(({ name }) => name)
      expect(Object.keys(entries).slice(0, names.length)).toEqual(names)
      expect(names.length).toBeGreaterThanOrEqual(most)
      most = names.length
      for (const name of names) expect(get(open(), name)).toBe(entries[name as keyof typeof entries])
    }
    expect(most).toBe(4)
  })

  test('holds an entry that is larger than a segment takes nowhere, nor more than a process may add', () => {
    const { open } = machine()
    const store = open()
    expect(store.put([['a', new Uint8Array(segmentLimits.entry + 1)]])).toBe(false)
    const entry = new Uint8Array(segmentLimits.entry)
    let count = 0
    while (count < 1000 && store.put([[`e${count}`, entry]])) count += 1
    expect(count * segmentLimits.entry).toBeLessThan(segmentLimits.own + 2 * segmentLimits.entry)
    expect(store.get('e0')).toEqual(Buffer.from(entry))
  })

  test('of another version is left alone', () => {
    const { open, files, clock } = machine()
    const path = `${folder}/${'f'.repeat(24)}`
    files.write(path, 'wf-segment 2\nwhatever')
    clock.add(day)
    for (let i = 0; i < 20; i += 1) run(open, { a: `${i}` })
    expect(files.readText(path)).toBe('wf-segment 2\nwhatever')
    expect(get(open(), 'a')).toBe('19')
  })
})

describe('processes that share a folder', () => {
  test('lose nothing of each other, and the later word on a name counts, whatever the clock does', () => {
    const { open, clock } = machine()
    const [one, other] = [open(), open()]
    put(one, 'a', 'one')
    put(other, 'b', 'other')
    put(one, 'both', 'one')
    put(other, 'both', 'other')
    one.end()
    expect(get(open(), 'b')).toBe('other')
    other.end()
    const third = open()
    expect(['a', 'b', 'both'].map((name) => get(third, name))).toEqual(['one', 'other', 'other'])
    clock.add(-day)
    put(third, 'both', 'third')
    third.end()
    expect(get(open(), 'both')).toBe('third')
    const last = open()
    last.remove('both')
    last.end()
    expect(get(open(), 'both')).toBeUndefined()
  })

  test('keep what another one merges: what was read, and what it goes on to add', () => {
    const { open, clock, segments } = machine()
    const slow = open()
    put(slow, 'mine', '1')
    const reader = open()
    for (let i = 0; i < 20; i += 1) run(open, { [`n${i}`]: `${i}` })
    expect(segments().length).toBeLessThanOrEqual(segmentLimits.count + 1)
    put(slow, 'more', '2')
    clock.add(11 * minute)
    for (let i = 20; i < 40; i += 1) run(open, { [`n${i}`]: `${i}` })
    put(slow, 'later', '3')
    slow.end()
    expect(get(reader, 'n3')).toBe('3')
    const fresh = open()
    expect(['mine', 'more', 'later', 'n0', 'n39'].map((name) => get(fresh, name))).toEqual(['1', '2', '3', '0', '39'])
  })

  test('find what a merge took away between the look at the folder and the reading', () => {
    const { open, files } = machine()
    for (let i = 0; i < 6; i += 1) run(open, { [`n${i}`]: `${i}` })
    const readBytes = files.readBytes.bind(files)
    files.readBytes = (path) => {
      files.readBytes = readBytes
      for (let i = 6; i < 9; i += 1) run(open, { [`n${i}`]: `${i}` })
      return readBytes(path)
    }
    expect(get(open(), 'n0')).toBe('0')
  })

  test.each(['writing', 'removing'] as const)('lose nothing when a merge breaks off at %s', (operation) => {
    const { open, files, segments } = machine()
    for (let i = 0; i < 7; i += 1) run(open, { [`n${i}`]: `${i}` })
    const store = open()
    put(store, 'n7', '7')
    const own = segments().at(-1)
    files.failing = (what, path) => (what === operation && path !== own ? 'EIO' : undefined)
    expect(() => store.end()).toThrow(OutsideError)
    files.failing = () => undefined
    const names = (): string[] =>
      open()
        .list()
        .map(({ name }) => name)
        .sort()
    const all = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7']
    expect(names()).toEqual(all)
    run(open, { n8: '8' })
    expect(names()).toEqual([...all, 'n8'])
  })

  test('that end a write half-way begin another segment', () => {
    const { open, files } = machine()
    const store = open()
    put(store, 'a', '1')
    const full = files.append.bind(files)
    files.append = (path) => {
      const appender = full(path)
      let isTorn = false
      return {
        ...appender,
        write(data) {
          if (isTorn || data.length < 40) return appender.write(data)
          isTorn = true
          appender.write(data.slice(0, 20))
          throw new OutsideError('no space', 'ENOSPC')
        },
      }
    }
    const other = open()
    expect(() => put(other, 'long', 'x'.repeat(100))).toThrow('no space')
    expect(get(other, 'long')).toBeUndefined()
    files.append = full
    put(other, 'b', '2')
    other.end()
    expect(['a', 'long', 'b'].map((name) => get(open(), name))).toEqual(['1', undefined, '2'])
  })

  test('tell, whatever they do in whatever order, what the last one said that lives to say it', () => {
    const name = constantFrom('a', 'b', 'c')
    const who = constantFrom(0, 1, 2)
    const step = oneof(
      record({ what: constantFrom('put', 'remove', 'get'), who, name }),
      record({ what: constantFrom('end', 'kill', 'wait'), who }),
    )
    holds(
      property(array(step, { maxLength: 120 }), (steps) => {
        const { open, clock } = machine()
        const stores = [open(), open(), open()]
        const truth = new Map<string, { at: number; text: string | undefined }>()
        const pending = stores.map(() => new Map<string, number>())
        for (const [i, { what, who: at, ...more }] of steps.entries()) {
          const store = stores[at] ?? open()
          const removed = pending[at] ?? new Map<string, number>()
          const key = 'name' in more ? more.name : ''
          if (what === 'put') {
            put(store, key, `${i}`)
            truth.set(key, { at: i, text: `${i}` })
            removed.delete(key)
          } else if (what === 'remove') {
            if (store.get(key)) removed.set(key, i)
            store.remove(key)
          } else if (what === 'wait') clock.add(6 * minute)
          else if (what === 'end' || what === 'kill') {
            if (what === 'end') {
              for (const [gone, when] of removed)
                if ((truth.get(gone)?.at ?? 0) < when) truth.set(gone, { at: when, text: undefined })
              store.end()
            }
            removed.clear()
            stores[at] = open()
          }
        }
        const now = open()
        expect(['a', 'b', 'c'].map((one) => get(now, one))).toEqual(['a', 'b', 'c'].map((one) => truth.get(one)?.text))
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is kept', () => {
  test('is gone from the disk when it was removed', () => {
    const { open, segments } = machine()
    run(open, { a: 'first', b: 'second' })
    const store = open()
    store.remove('a')
    store.end()
    expect(
      open()
        .list()
        .map(({ name }) => name),
    ).toEqual(['b'])
    const again = open()
    again.remove('b')
    again.end()
    expect(segments()).toEqual([])
  })

  test('is gone from the disk later where another process may still add to it', () => {
    const { open, clock, segments, files } = machine()
    put(open(), 'a', 'of one that was killed')
    const store = open()
    store.remove('a')
    store.end()
    expect(open().list()).toEqual([])
    run(open, { b: 'second' })
    expect(segments().some((path) => files.readText(path)?.includes('killed'))).toBe(true)
    clock.add(11 * minute)
    run(open, { c: 'third' })
    expect(segments().some((path) => files.readText(path)?.includes('killed'))).toBe(false)
    expect(
      open()
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['b', 'c'])
  })

  test('is known to be used, written down once a day', () => {
    const { open, clock, files, segments } = machine()
    run(open, { a: '1', b: '2' })
    const use = (): void => {
      const store = open()
      get(store, 'a')
      store.end()
    }
    use()
    expect(segments()).toHaveLength(1)
    clock.add(2 * day)
    use()
    use()
    expect(segments()).toHaveLength(2)
    const used = new Map(
      open()
        .list()
        .map((entry) => [entry.name, entry.used]),
    )
    expect((used.get('a') ?? 0) - (used.get('b') ?? 0)).toBeGreaterThan(day)
    for (let i = 0; i < 8; i += 1) run(open, { c: `${i}` })
    expect(segments().length).toBeLessThan(segmentLimits.count)
    const merged = new Map(
      open()
        .list()
        .map((entry) => [entry.name, entry.used]),
    )
    expect([merged.get('a'), merged.get('b')]).toEqual([used.get('a'), used.get('b')])
    expect(readSegment(files.readBytes(segments()[0] ?? '') ?? new Uint8Array())?.ended).toBe(true)
  })

  test('gets files of its own where segments hold too much, what was used longest ago first', async () => {
    const { open, clock, files, random, spilled } = machine()
    const entry = 'x'.repeat(segmentLimits.entry)
    const some = Math.floor((0.6 * segmentLimits.all) / segmentLimits.entry)
    for (const letter of ['a', 'b']) {
      run(open, Object.fromEntries(Array.from({ length: some }, (_, i) => [`${letter}${i}-x`, entry])))
      clock.add(day)
    }
    const left = open().list()
    expect(left.length + spilled.size).toBe(2 * some)
    expect(left.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(segmentLimits.merged)
    expect([...spilled.keys()].every((name) => name.startsWith('a'))).toBe(true)

    const store = folderStore('/cache', { files, clock, random })
    const { name = '', used = 0 } = spilled.get('a0-x') ?? {}
    files.write(`/cache/a0/${name}`, entry)
    files.touch(`/cache/a0/${name}`, used)
    expect((await store.list(new AbortController().signal)).find((one) => one.name === name)?.used).toBe(used)
    expect(await store.get(name, '/into', new AbortController().signal)).toBe('/cache/a0/a0-x')
  })
})
