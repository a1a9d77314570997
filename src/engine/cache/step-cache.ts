import { join } from 'node:path'
import { count } from '../../base/text.js'
import { formatDuration } from '../../base/duration.js'
import type { Clock, Files, Random } from '../../ports.js'
import type { Workspace } from '../workspace.js'
import type { Fingerprints } from './fingerprints.js'
import { differences, keyOf, sha256 } from './manifest.js'
import type { Manifest } from './manifest.js'
import { openPack, writePack } from './pack.js'
import type { OpenPack, PackedFile, PackHead, Signer, StepRecord } from './pack.js'
import type { CacheStore } from './store.js'

/** What the cache of a run is made of. */
export interface StepCacheParts {
  store: CacheStore
  sign: Signer
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

/** The step's files may hold so much: one of them, and all together. */
const limits = { file: 512 * 2 ** 20, all: 4 * 2 ** 30, log: 10 * 2 ** 20 }

/** Results of steps by all that decides about them: restores what is known, keeps what is new. */
export class StepCache {
  constructor(private readonly parts: StepCacheParts) {}

  get fingerprints(): Fingerprints {
    return this.parts.fingerprints
  }

  /** Looks a step up and restores its files; `ttl` in milliseconds. */
  async restore(manifest: Manifest, outputs: readonly string[], ttl: number | undefined): Promise<Looked> {
    const { store, files, clock, sign } = this.parts
    const key = keyOf(manifest)
    const miss = (...why: string[]): Looked => ({ hit: false, key, why })
    const path = await store.get(key)
    if (path === undefined) return miss(...(await this.#whyNone(manifest, key)))
    const pack = await openPack(files, path, { key, sign })
    if ('broken' in pack) {
      await store.remove(key)
      return miss(pack.broken)
    }
    try {
      const { head } = pack
      const age_ms = Math.max(0, clock.now() - head.created)
      if (ttl !== undefined && age_ms > ttl) return miss(`it is older than its ttl of ${formatDuration(ttl)}`)
      const log = await pack.next(head.log)
      const restored = log && (await this.#place(pack, outputs))
      if (log && restored !== undefined)
        return { hit: true, key, record: head.record, log, saved_ms: head.duration_ms, age_ms, restored }
      await store.remove(key)
      return miss('the entry is damaged')
    } finally {
      await pack.close()
    }
  }

  /** Keeps what a step left and told; answers how many bytes that are, or why it is not kept. */
  async keep(
    manifest: Manifest,
    names: readonly string[],
    told: { record: StepRecord; log: Uint8Array; duration_ms: number },
  ): Promise<{ bytes: number } | { reason: string }> {
    const { store, files, clock, random, sign, temporary } = this.parts
    const key = keyOf(manifest)
    const packed = await this.#describe(names)
    if ('reason' in packed) return packed
    const log = told.log.subarray(0, limits.log)
    const head: PackHead = {
      version: 1,
      key,
      manifest,
      created: clock.now(),
      duration_ms: told.duration_ms,
      record: told.record,
      log: { size: log.length, sha256: sha256(log) },
      files: packed.files,
    }
    const path = join(temporary, `pack-${random.hex(12)}`)
    writePack(files, path, { head, log, sign }, (file) => files.readBytes(this.#pathOf(file.path)) ?? new Uint8Array())
    const bytes = files.stat(path)?.size ?? 0
    await store.put(key, path)
    const last = join(temporary, `last-${random.hex(12)}`)
    files.write(last, JSON.stringify({ key, manifest }))
    await store.put(lastOf(manifest.step), last)
    return { bytes }
  }

  #pathOf(name: string): string {
    return join(this.parts.workspace.root, name)
  }

  /** Why there is no entry: how the step differs from when it was last stored. */
  async #whyNone(manifest: Manifest, key: string): Promise<string[]> {
    const { store, files } = this.parts
    const path = await store.get(lastOf(manifest.step))
    const last = path === undefined ? undefined : readLast(files.readText(path))
    if (!last) return ['nothing is stored of it yet']
    if (last.key === key) return ['its entry is gone']
    return differences(last.manifest, manifest)
  }

  /** Puts the files of an entry in their places, those that stand there already aside; nothing when one is not what was stored. */
  async #place(pack: OpenPack, outputs: readonly string[]): Promise<number | undefined> {
    const { fingerprints, workspace, files } = this.parts
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
    for (const name of await workspace.ignored(others)) files.remove(this.#pathOf(name))
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
      const content = files.readBytes(at) ?? new Uint8Array()
      found.push({ path, state, size: content.length, sha256: sha256(content) })
    }
    return { files: found }
  }
}

const modeOf = ({ state }: PackedFile): number => (state.startsWith('100755') ? 0o755 : 0o644)

/** Under which name the store keeps how a step was when it was last stored. */
const lastOf = (step: string): string => `last-${sha256(step).slice(0, 32)}`

function readLast(text: string | undefined): { key: string; manifest: Manifest } | undefined {
  try {
    const last = JSON.parse(text ?? '') as { key: string; manifest: Manifest }
    return typeof last.key === 'string' && Array.isArray(last.manifest?.files) ? last : undefined
  } catch {
    return undefined
  }
}
