import { createHash } from 'node:crypto'
import { join, posix, resolve } from 'node:path'
import picomatch from 'picomatch'
import type { Clock, Files, FileStat, Git } from '../../ports.js'
import type { Workspace } from '../workspace.js'
import { readIndex } from './index-entries.js'
import type { Indexed } from './index-entries.js'

/** Files by path, sorted, each with its state: mode and content, as git writes them (`100755 <id of the blob>`). */
export type FileStates = ReadonlyMap<string, string>

/** How files were when they were looked at, by name. */
type Stats = Map<string, FileStat>

type Algorithm = 'sha1' | 'sha256'

/** What git knows. */
interface GitView {
  files: ReadonlyMap<string, Indexed>
  /** When its index was written, in milliseconds since the epoch. */
  written: number
  algorithm: Algorithm
  /** All that git told, each name between a tab and a zero. */
  listed: string
}

/** What has been read, and how the file was just before. */
interface Known {
  stat: FileStat
  at: number
  state: string
}

/**
 * A file that changed so shortly before a look at it, in milliseconds, may change again and look the same: clocks of file systems tick.
 * Where they tell no fractions of a second the ticks are up to 2 s long.
 */
const tick = { fine: 20, coarse: 2100 }

/** Larger files are read in pieces. */
const wholeBytes = 64 * 2 ** 20
const nothing = new Uint8Array()
/** A path that may be written in a shorter way. */
const hasDots = /(?:^|\/)\.{0,2}(?:\/|$)/

/**
 * Knows the content of the workspace's files. Git's index is asked once, since it knows most files without reading them; a file that is
 * not exactly as the index saw it is read. Git itself compares whole seconds, which is not exact enough here.
 */
export class Fingerprints {
  #view: Promise<GitView> | undefined
  #ready: GitView | undefined
  readonly #known = new Map<string, Known>()

  constructor(
    private readonly workspace: Workspace,
    private readonly files: Files,
    private readonly git: Git,
    private readonly clock: Clock,
  ) {}

  /** The states of all files that the patterns match now; a pattern with `!` takes files out again. At once where nothing is waited for. */
  of(patterns: readonly string[]): FileStates | Promise<FileStates> {
    const view = this.#ready
    if (view) {
      const stats: Stats = new Map()
      return this.#statesFrom(this.match(patterns, stats), view, stats)
    }
    // Git works while the folders are read.
    void this.#looked()
    return this.statesOf(this.match(patterns))
  }

  /** The states of named files, in this order; what is no file has none. */
  async statesOf(names: readonly string[]): Promise<FileStates> {
    return this.#statesFrom(names, this.#ready ?? (await this.#looked()))
  }

  #statesFrom(names: readonly string[], view: GitView, stats?: Stats): FileStates | Promise<FileStates> {
    const states = new Map<string, string>()
    for (const [i, name] of names.entries()) {
      const state = this.#stateOf(name, view, stats?.get(name) ?? this.workspace.stat(name))
      if (typeof state === 'object') return this.#statesAfter(states, { name, state }, names.slice(i + 1), view)
      if (state !== undefined) states.set(name, state)
    }
    return states
  }

  /** Goes on after a file whose state takes time. */
  async #statesAfter(
    before: ReadonlyMap<string, string>,
    { name, state }: { name: string; state: Promise<string> },
    names: readonly string[],
    view: GitView,
  ): Promise<FileStates> {
    const states = new Map(before).set(name, await state)
    for (const one of names) {
      const next = await this.#stateOf(one, view, this.workspace.stat(one))
      if (next !== undefined) states.set(one, next)
    }
    return states
  }

  /** Whether git tracks a file of this name, or one in a folder of this name; the workspace itself has none. */
  async tracks(name: string): Promise<boolean> {
    const { listed } = await this.#looked()
    return name === '' ? listed !== '' : listed.includes(`\t${name}/`) || listed.includes(`\t${name}\0`)
  }

  /** The names that patterns match, sorted; `stats` is told how those files are that were looked at. */
  match(patterns: readonly string[], stats?: Stats): string[] {
    const [only] = patterns
    if (patterns.length === 1 && only !== undefined && !only.startsWith('!')) return this.#matched(only, stats)
    const names = new Set<string>()
    for (const pattern of patterns)
      if (pattern.startsWith('!')) {
        const path = pattern.slice(1).replace(/\/$/, '')
        const isOut = picomatch([path, `${path}/**`], { dot: true })
        for (const name of names) if (isOut(name)) names.delete(name)
      } else for (const name of this.#matched(pattern, stats)) names.add(name)
    return names.size > 1 ? [...names].sort() : [...names]
  }

  /** A folder stands for all in it; a plain path for itself. */
  #matched(pattern: string, stats?: Stats): string[] {
    const path = pattern.replace(/\/$/, '')
    if (path !== pattern) return this.workspace.match(`${path}/**`)
    if (/[*?[\]{}()!\\]/.test(path)) return this.workspace.match(path)
    const stat = this.workspace.stat(path)
    if (stat?.kind === 'directory') return this.workspace.match(`${path}/**`)
    if (!stat) return []
    const name = hasDots.test(path) ? posix.normalize(path) : path
    stats?.set(name, stat)
    return [name]
  }

  #looked(): Promise<GitView> {
    return (this.#view ??= this.#look().then((view) => (this.#ready = view)))
  }

  async #look(): Promise<GitView> {
    const { root } = this.workspace
    const [listed, path] = await Promise.all([
      this.git.run(root, ['ls-files', '--stage', '-v', '--debug', '-z']),
      this.#indexPath(root),
    ])
    const written = this.files.stat(this.files.real(path) ?? path)?.changed ?? 0
    const files = listed.code === 0 ? readIndex(listed.stdout) : new Map<string, Indexed>()
    const [first] = files.values()
    return { files, written, algorithm: first?.id.length === 64 ? 'sha256' : 'sha1', listed: listed.stdout }
  }

  /** Where git keeps its index; only where the folder is no whole repository of its own, git has to say so. */
  async #indexPath(root: string): Promise<string> {
    const own = join(root, '.git')
    const isWhole = ['HEAD', 'index', 'objects'].every((name) => this.files.stat(join(own, name)))
    if (isWhole && this.files.stat(own)?.kind === 'directory') return join(own, 'index')
    const { stdout } = await this.git.run(root, ['rev-parse', '--git-path', 'index'])
    return resolve(root, stdout.replace(/\n$/, ''))
  }

  #stateOf(
    name: string,
    { files, written, algorithm }: GitView,
    stat: FileStat | undefined,
  ): string | undefined | Promise<string> {
    if (stat?.kind === 'link') return this.#stateOfLink(name, algorithm)
    if (stat?.kind !== 'file') return undefined
    const mode = stat.mode & 0o111 ? '100755' : '100644'
    const indexed = files.get(name)
    if (indexed?.mode === mode && isAsIndexed(indexed, stat) && isSettled(stat, written)) return `${mode} ${indexed.id}`
    const known = this.#known.get(name)
    if (known && isSame(known.stat, stat) && isSettled(stat, known.at)) return known.state
    const at = this.clock.now()
    const path = join(this.workspace.root, name)
    const keep = (id: string): string => {
      this.#known.set(name, { stat, at, state: `${mode} ${id}` })
      return `${mode} ${id}`
    }
    if (stat.size > wholeBytes) return this.#read(path, stat.size, algorithm).then(keep)
    return keep(blobId(algorithm, this.files.readBytes(path) ?? nothing))
  }

  /** A link is known by where it leads, and by the content of a file that it leads to. */
  async #stateOfLink(name: string, algorithm: Algorithm): Promise<string> {
    const path = join(this.workspace.root, name)
    const link = `120000 ${blobId(algorithm, Buffer.from(this.files.readLink(path) ?? ''))}`
    const real = this.files.real(path)
    const stat = real === undefined ? undefined : this.files.stat(real)
    if (real === undefined || stat?.kind !== 'file') return link
    return `${link} ${await this.#read(real, stat.size, algorithm)}`
  }

  async #read(path: string, size: number, algorithm: Algorithm): Promise<string> {
    if (size <= wholeBytes) return blobId(algorithm, this.files.readBytes(path) ?? nothing)
    const hash = createHash(algorithm).update(`blob ${size}\0`)
    for await (const chunk of this.files.stream(path)) hash.update(chunk)
    return hash.digest('hex')
  }
}

const blobId = (algorithm: Algorithm, content: Uint8Array): string =>
  createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex')

const isSame = (a: FileStat, b: FileStat): boolean =>
  a.changed === b.changed && a.size === b.size && a.inode === b.inode && a.mode === b.mode

/** Times are compared to the microsecond; the index holds the lower half of an inode's number. */
const isAsIndexed = ({ changed, size, inode }: Indexed, stat: FileStat): boolean =>
  Math.abs(changed - stat.changed) < 0.001 && size === stat.size && inode === stat.inode % 2 ** 32

/** Whether the file had been left alone for a while when somebody looked at it. */
const isSettled = ({ changed }: FileStat, looked: number): boolean =>
  changed < looked - (changed % 1000 === 0 ? tick.coarse : tick.fine)
