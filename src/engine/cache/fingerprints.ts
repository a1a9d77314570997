import { createHash } from 'node:crypto'
import { join } from 'node:path'
import picomatch from 'picomatch'
import type { Clock, Files, FileStat, Git } from '../../ports.js'
import type { Workspace } from '../workspace.js'

/** Files by path, sorted, each with its state: mode and content, as git writes them (`100755 <id of the blob>`). */
export type FileStates = ReadonlyMap<string, string>

/** A clean file as git's index knows it. */
interface Indexed {
  mode: string
  id: string
}

interface GitView {
  /** When git was asked, in milliseconds since the epoch. */
  asked: number
  clean: ReadonlyMap<string, Indexed>
  algorithm: 'sha1' | 'sha256'
}

/** What has been read, and how the file was just before. */
interface Known {
  stat: FileStat
  at: number
  state: string
}

/**
 * File systems tell times in steps of up to 2 s: a file that changed within so much of a look at it may look the same and be another.
 */
const racyMs = 2100

/** Git looks at modes and at all that a file's state tells, whatever the repository says. */
const exact = ['core.fileMode=true', 'core.trustctime=true', 'core.checkStat=default', 'core.fsmonitor=']

/** Larger files are read in pieces. */
const wholeBytes = 64 * 2 ** 20
const nothing = new Uint8Array()

/**
 * Knows the content of the workspace's files. Git's index is asked once, since it knows most files without reading them; what it does not
 * know, or what may have changed since, is read.
 */
export class Fingerprints {
  #view: Promise<GitView> | undefined
  #isQuiet = true
  readonly #known = new Map<string, Known>()

  constructor(
    private readonly workspace: Workspace,
    private readonly files: Files,
    private readonly git: Git,
    private readonly clock: Clock,
  ) {}

  /** The states of all files that the patterns match now; a pattern with `!` takes files out again. */
  async of(patterns: readonly string[]): Promise<FileStates> {
    // Git works while the folders are read.
    void (this.#view ??= this.#look())
    return this.statesOf(this.match(patterns))
  }

  /** The states of named files, in this order; what is no file has none. */
  async statesOf(names: readonly string[]): Promise<FileStates> {
    const view = await (this.#view ??= this.#look())
    const states = new Map<string, string>()
    for (const name of names) {
      const indexed = this.#isQuiet ? view.clean.get(name) : undefined
      const state = indexed ? `${indexed.mode} ${indexed.id}` : this.#stateOf(name, view)
      const known = typeof state === 'object' ? await state : state
      if (known !== undefined) states.set(name, known)
    }
    return states
  }

  /** A step is about to run: from now on what git said is held against the state of each file. */
  disturb(): void {
    this.#isQuiet = false
  }

  /** The names that patterns match, sorted. */
  match(patterns: readonly string[]): string[] {
    const names = new Set<string>()
    for (const pattern of patterns)
      if (pattern.startsWith('!')) {
        const path = pattern.slice(1).replace(/\/$/, '')
        const isOut = picomatch([path, `${path}/**`], { dot: true })
        for (const name of names) if (isOut(name)) names.delete(name)
      } else for (const name of this.workspace.match(this.#whole(pattern))) names.add(name)
    return [...names].sort()
  }

  /** A folder stands for all in it. */
  #whole(pattern: string): string {
    const path = pattern.replace(/\/$/, '')
    return path !== pattern || this.workspace.stat(path)?.kind === 'directory' ? `${path}/**` : path
  }

  async #look(): Promise<GitView> {
    const asked = this.clock.now()
    const { root } = this.workspace
    const compare = ['diff-files', '--name-only', '--no-ext-diff', '--no-renames', '--relative', '-z']
    const [listed, differing] = await Promise.all([
      this.git.run(root, ['ls-files', '-s', '-v', '-z']),
      this.git.run(root, [...exact.flatMap((setting) => ['-c', setting]), ...compare, '--ignore-submodules=none']),
    ])
    if (listed.code !== 0 || differing.code !== 0) return { asked, clean: new Map(), algorithm: 'sha1' }
    const clean = readIndex(listed.stdout)
    for (const name of differing.stdout.split('\0')) clean.delete(name)
    const [first] = clean.values()
    return { asked, clean, algorithm: first?.id.length === 64 ? 'sha256' : 'sha1' }
  }

  #stateOf(name: string, { clean, asked, algorithm }: GitView): string | undefined | Promise<string> {
    const stat = this.workspace.stat(name)
    if (stat?.kind === 'link') return this.#stateOfLink(name, algorithm)
    if (stat?.kind !== 'file') return undefined
    const mode = stat.mode & 0o111 ? '100755' : '100644'
    const indexed = clean.get(name)
    if (indexed?.mode === mode && stat.changed < asked - racyMs) return `${mode} ${indexed.id}`
    const known = this.#known.get(name)
    if (known && isSame(known.stat, stat) && stat.changed < known.at - racyMs) return known.state
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
  async #stateOfLink(name: string, algorithm: GitView['algorithm']): Promise<string> {
    const path = join(this.workspace.root, name)
    const link = `120000 ${blobId(algorithm, Buffer.from(this.files.readLink(path) ?? ''))}`
    const real = this.files.real(path)
    const stat = real === undefined ? undefined : this.files.stat(real)
    if (real === undefined || stat?.kind !== 'file') return link
    return `${link} ${await this.#read(real, stat.size, algorithm)}`
  }

  async #read(path: string, size: number, algorithm: GitView['algorithm']): Promise<string> {
    if (size <= wholeBytes) return blobId(algorithm, this.files.readBytes(path) ?? nothing)
    const hash = createHash(algorithm).update(`blob ${size}\0`)
    for await (const chunk of this.files.stream(path)) hash.update(chunk)
    return hash.digest('hex')
  }
}

/** Files that are neither marked as unchanged nor left out of the work tree, by name. */
function readIndex(listed: string): Map<string, Indexed> {
  const all = new Map<string, Indexed>()
  for (const entry of listed.split('\0')) {
    // `H 100644 <id> 0<tab><name>`
    const tab = entry.indexOf('\t')
    if (tab === -1 || !entry.startsWith('H ') || !entry.startsWith(' 0', tab - 2)) continue
    all.set(entry.slice(tab + 1), { mode: entry.slice(2, 8), id: entry.slice(9, tab - 2) })
  }
  return all
}

const blobId = (algorithm: string, content: Uint8Array): string =>
  createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex')

const isSame = (a: FileStat, b: FileStat): boolean =>
  a.changed === b.changed && a.size === b.size && a.inode === b.inode && a.mode === b.mode
