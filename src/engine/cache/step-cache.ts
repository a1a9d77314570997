import { join } from 'node:path'
import { OutsideError } from '../../base/errors.js'
import { count } from '../../base/text.js'
import { formatDuration } from '../../base/duration.js'
import type { Clock, Files, Random } from '../../ports.js'
import type { Workspace } from '../workspace.js'
import type { Fingerprints } from './fingerprints.js'
import { readLast, writeLast } from './last.js'
import { differences, keyOf } from './manifest.js'
import { sha256 } from '../../base/hash.js'
import type { Manifest } from './manifest.js'
import { entryName, lastName } from './names.js'
import { contentSize, openPack, packBytes, readPack, writePack } from './pack.js'
import type { OpenPack, PackedFile, PackHead, Signer, StepRecord } from './pack.js'
import type { Sealer } from './seal.js'
import type { Found, NamedBytes, SafeStore } from './store.js'

/** What the cache of a run is made of. */
export interface StepCacheParts {
  store: SafeStore
  sign: Signer
  /** Absent: entries are kept as they are. */
  seal?: Sealer | undefined
  /** Whose results these are, and whose are believed. */
  scope: string
  reads: readonly string[]
  files: Files
  clock: Clock
  random: Random
  workspace: Workspace
  fingerprints: Fingerprints
  /** A folder for temporary files, absolute. */
  temporary: string
}

/** What was stored of a step, restored; or why nothing could be. */
export type Looked =
  | { hit: true; key: string; record: StepRecord; log: Uint8Array; saved_ms: number; age_ms: number; restored: number }
  | { hit: false; key: string; why: string[] }

interface Wanted {
  outputs: readonly string[]
  /** Milliseconds. */
  ttl: number | undefined
}

interface Told {
  /** What `restore` said. */
  key: string
  record: StepRecord
  log: Uint8Array
  duration_ms: number
}

/** The step's files may hold so much: one of them, and all together. */
const limits = { file: 512 * 2 ** 20, all: 4 * 2 ** 30, log: 10 * 2 ** 20 }
/** What holds no more than this is handed to the store as bytes, if it takes such. */
const smallBytes = 64 * 2 ** 10
const nothing = new Uint8Array()

/** Results of steps by all that decides about them: restores what is known, keeps what is new. */
export class StepCache {
  #fetches = 0

  constructor(private readonly parts: StepCacheParts) {}

  get fingerprints(): Fingerprints {
    return this.parts.fingerprints
  }

  /** Looks a step up and restores its files; `ttl` in milliseconds. */
  async restore(manifest: Manifest, outputs: readonly string[], ttl: number | undefined): Promise<Looked> {
    const key = keyOf(manifest)
    try {
      return await this.#lookUp(entryName(key, manifest.step), manifest, key, { outputs, ttl })
    } catch (cause) {
      if (cause instanceof OutsideError) return { hit: false, key, why: [cause.message] }
      throw cause
    }
  }

  async #lookUp(name: string, manifest: Manifest, key: string, how: Wanted): Promise<Looked> {
    const miss = (...why: string[]): Looked => ({ hit: false, key, why })
    return this.#with(name, async (found) => {
      if (found.failed !== undefined) return miss(found.failed)
      const pack = await this.#open(found, key)
      if (!pack) return miss(...(await this.#whyNone(manifest, key)))
      const looked = 'broken' in pack ? { why: pack.broken, damaged: true } : await this.#use(pack, how)
      if ('why' in looked) {
        if (looked.damaged) await this.parts.store.remove(name)
        return miss(looked.why)
      }
      return { hit: true, key, ...looked }
    })
  }

  /** Uses an entry, or says why not, and whether it is of no use to anybody. */
  async #use(
    pack: OpenPack,
    { outputs, ttl }: Wanted,
  ): Promise<Omit<Extract<Looked, { hit: true }>, 'hit' | 'key'> | { why: string; damaged: boolean }> {
    try {
      const { head } = pack
      const age_ms = Math.max(0, this.parts.clock.now() - head.created)
      if (ttl !== undefined && age_ms > ttl)
        return { why: `it is older than its ttl of ${formatDuration(ttl)}`, damaged: false }
      const log = await pack.next(head.log)
      const restored = log && (await this.#place(pack, outputs))
      if (!log || restored === undefined) return { why: 'the entry is damaged', damaged: true }
      return { record: head.record, log, saved_ms: head.duration_ms, age_ms, restored }
    } finally {
      await pack.close()
    }
  }

  /** Opens what was found, from memory or from a file; nothing where there is none. */
  #open({ bytes, file }: Found, key: string) {
    const { files, sign, reads } = this.parts
    const expected = { key, sign, reads }
    if (bytes) return readPack(bytes, expected)
    return file === undefined ? undefined : openPack(files, file, expected)
  }

  /** Works with what the store has under a name, decrypted; what was fetched for it is removed. */
  async #with<T>(name: string, work: (found: Found) => Promise<T>): Promise<T> {
    const { store, files, seal, temporary } = this.parts
    const fetched = join(temporary, `got-${(this.#fetches += 1)}`)
    const opened = `${fetched}-opened`
    const asked = store.get(name, fetched)
    const found = asked instanceof Promise ? await asked : asked
    if (found.bytes) return work(seal ? { bytes: seal.openBytes(name, found.bytes) ?? nothing } : found)
    try {
      if (found.file === undefined || !seal) return await work(found)
      // What cannot be decrypted is as good as an entry without a head.
      if (!(await seal.open(name, found.file, opened))) files.write(opened, '')
      return await work({ file: opened })
    } finally {
      if (found.file === fetched) files.remove(fetched)
      if (found.file !== undefined && seal) files.remove(opened)
    }
  }

  /** Hands a file to the store, encrypted where that is asked for; answers why it is not kept. */
  async #put(name: string, file: string): Promise<string | undefined> {
    const { store, files, seal } = this.parts
    if (!seal) return store.put(name, file)
    const sealed = `${file}-sealed`
    await seal.seal(name, file, sealed)
    files.remove(file)
    return store.put(name, sealed)
  }

  /** Keeps what a step left and told; answers how many bytes that are, or why it is not kept. */
  async keep(
    manifest: Manifest,
    names: readonly string[],
    told: Told,
  ): Promise<{ bytes: number } | { reason: string }> {
    try {
      return await this.#keep(manifest, names, told)
    } catch (cause) {
      // A full disk is no reason for a step to fail that succeeded.
      if (cause instanceof OutsideError) return { reason: cause.message }
      throw cause
    }
  }

  async #keep(
    manifest: Manifest,
    names: readonly string[],
    told: Told,
  ): Promise<{ bytes: number } | { reason: string }> {
    const { files, clock, random, sign, scope, temporary } = this.parts
    const { key } = told
    const packed = names.length ? await this.#describe(names) : { files: [] }
    if ('reason' in packed) return packed
    const log = told.log.subarray(0, limits.log)
    const head: PackHead = {
      version: 1,
      key,
      scope,
      created: clock.now(),
      duration_ms: told.duration_ms,
      record: told.record,
      log: { size: log.length, sha256: sha256(log) },
      files: packed.files,
    }
    const content = (file: PackedFile): Uint8Array => files.readBytes(this.#pathOf(file.path)) ?? nothing
    const pack = { head, log, sign, content }
    const last = Buffer.from(writeLast({ key, manifest }, sign))
    const [name, nameOfLast] = [entryName(key, manifest.step), lastName(manifest.step)]
    if (contentSize(head) <= smallBytes) {
      const bytes = packBytes(pack)
      // What tells how it was comes first: where the end is lost, it is known that something is.
      const { kept, failed } = await this.#putSmall([
        [nameOfLast, last],
        [name, bytes],
      ])
      if (failed !== undefined) return { reason: failed }
      if (kept) return { bytes: bytes.length }
    }
    const path = join(temporary, `pack-${random.hex(12)}`)
    writePack(files, path, pack)
    const bytes = files.stat(path)?.size ?? 0
    const left = await this.#put(name, path)
    if (left !== undefined) return { reason: left }
    if (!(await this.#putSmall([[nameOfLast, last]])).kept) {
      const lastPath = join(temporary, `last-${random.hex(12)}`)
      files.write(lastPath, last)
      await this.#put(nameOfLast, lastPath)
    }
    return { bytes }
  }

  async #putSmall(entries: readonly NamedBytes[]): Promise<{ kept: boolean; failed?: string }> {
    const { store, seal } = this.parts
    return store.putSmall(seal ? entries.map(([name, bytes]) => [name, seal.sealBytes(name, bytes)]) : entries)
  }

  #pathOf(name: string): string {
    return join(this.parts.workspace.root, name)
  }

  /** Why there is no entry: how the step differs from when it was last stored. */
  async #whyNone(manifest: Manifest, key: string): Promise<string[]> {
    const { files, sign } = this.parts
    return this.#with(lastName(manifest.step), async ({ bytes, file }) => {
      const text = bytes ? textOf(bytes) : file === undefined ? undefined : files.readText(file)
      const last = readLast(text, sign)
      if (!last) return ['nothing is stored of it yet']
      if (last.key === key) return ['its entry is gone']
      return differences(last.manifest, manifest)
    })
  }

  /** Puts the files of an entry in their places, those that stand there already aside; nothing when one is not what was stored. */
  async #place(pack: OpenPack, outputs: readonly string[]): Promise<number | undefined> {
    const { fingerprints, workspace, files } = this.parts
    // What neither left files nor could have left any has nothing to be placed.
    if (!pack.head.files.length && !outputs.length) return 0
    const names = pack.head.files.map(({ path }) => path)
    const here = await fingerprints.statesOf(names)
    const wanted = pack.head.files.filter(({ path, state }) => here.get(path) !== state)
    if (wanted.some(({ path }) => workspace.inside(path) === undefined)) return undefined
    await this.#clear(names, outputs)
    if (!wanted.length) return 0
    const missing = new Set(wanted)
    for (const file of pack.head.files) {
      const content = file.link === undefined ? await pack.next(file) : undefined
      if (file.link === undefined && !content) return undefined
      if (!missing.has(file)) continue
      // Links of the entry may stand in the way of what follows them.
      if (workspace.inside(file.path) === undefined) return undefined
      if (file.link !== undefined) files.makeLink(this.#pathOf(file.path), file.link)
      else files.write(this.#pathOf(file.path), content ?? '', modeOf(file))
    }
    return wanted.length
  }

  /** Takes away what the step would not leave: files at its outputs that git ignores and the entry does not name. */
  async #clear(names: readonly string[], outputs: readonly string[]): Promise<void> {
    const { fingerprints, workspace, files } = this.parts
    const kept = new Set(names)
    const others = fingerprints.match(outputs).filter((name) => !kept.has(name))
    const gone = await workspace.ignored(others)
    for (const name of gone) files.remove(this.#pathOf(name))
  }

  async #describe(names: readonly string[]): Promise<{ files: PackedFile[] } | { reason: string }> {
    const { files, fingerprints } = this.parts
    const states = await fingerprints.statesOf(names)
    const found: PackedFile[] = []
    let all = 0
    for (const [path, state] of states) {
      const at = this.#pathOf(path)
      const link = state.startsWith('120000') ? files.readLink(at) : undefined
      if (link !== undefined) {
        found.push({ path, state, size: 0, sha256: '', link })
        continue
      }
      const size = files.stat(at)?.size ?? 0
      all += size
      if (size > limits.file) return { reason: `${path} is larger than ${limits.file / 2 ** 20} MB` }
      if (all > limits.all) return { reason: `${count(states.size, 'file')} hold more than ${limits.all / 2 ** 30} GB` }
      const content = files.readBytes(at) ?? nothing
      found.push({ path, state, size: content.length, sha256: sha256(content) })
    }
    return { files: found }
  }
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf8')

const modeOf = ({ state }: PackedFile): number => (state.startsWith('100755') ? 0o755 : 0o644)
