import { join } from 'node:path'
import type { Files } from '../../../ports.js'
import type { IndexedEntry, PackIndex } from './github-index.js'
import type { FoundEntry, GithubService } from './github-service.js'

/** Packs up to this size are downloaded once and whole; of larger ones only what is asked for. */
const wholePack = 32 * 2 ** 20

/** What is known of a pack: where it is downloaded from, or the files of its entries by their offset; nothing when it is gone. */
type Known = { from: FoundEntry } | { entries: ReadonlyMap<number, string> } | undefined

/** The packs that entries lie in; each is looked for once. */
export class Packs {
  readonly #known = new Map<string, Promise<Known>>()

  constructor(
    private readonly service: GithubService,
    private readonly temporary: string,
    private readonly files: Files,
  ) {}

  /** A file with an entry, which is `into` unless its pack was small; nothing when the pack is gone. */
  async read(entry: IndexedEntry, index: PackIndex, into: string, signal: AbortSignal): Promise<string | undefined> {
    const { pack, offset, bytes } = entry
    let asked = this.#known.get(pack)
    if (!asked) {
      asked = this.#open(pack, index, signal)
      this.#known.set(pack, asked)
    }
    const known = await asked.catch((cause: unknown) => {
      // The next one asks again.
      this.#known.delete(pack)
      throw cause
    })
    if (!known) return undefined
    if ('entries' in known) return known.entries.get(offset)
    return (await this.service.download(known.from, into, { from: offset, bytes }, signal)) ? into : undefined
  }

  async #open(pack: string, index: PackIndex, signal: AbortSignal): Promise<Known> {
    const from = await this.service.find(pack, [], signal)
    if (from?.key !== pack) return undefined
    const entries = [...index.values()].filter((entry) => entry.pack === pack)
    const size = Math.max(...entries.map(({ offset, bytes }) => offset + bytes))
    if (size > wholePack) return { from }
    const path = join(this.temporary, pack)
    if (!(await this.service.download(from, path, { from: 0, bytes: size }, signal))) return undefined
    const content = this.files.readBytes(path) ?? new Uint8Array()
    this.files.remove(path)
    return {
      entries: new Map(
        entries.map(({ offset, bytes }) => {
          const own = `${path}-${offset}`
          this.files.write(own, content.subarray(offset, offset + bytes))
          return [offset, own]
        }),
      ),
    }
  }
}
