import { join, sep } from 'node:path'
import picomatch from 'picomatch'
import { leadsOut } from '../workflow/caching.js'
import type { Workspace } from '../engine/workspace.js'
import type { Files, FileStat } from '../ports.js'
import { foldersAbove, shown, whyNoPath } from './entry.js'
import type { PackedFile, PackedFolder, PackedLink } from './entry.js'
import { linksOf, whyNoLink } from './links.js'
import { packLimits } from './pack.js'

/** What is handed over: a file with its size when it was found, a link, or a folder in which nothing is. */
export type Artifact = Omit<PackedFile, 'sha256'> | PackedLink | PackedFolder

export interface Artifacts {
  /** Sorted by path. */
  entries: Artifact[]
  /** The patterns for which nothing is there, as they were given. */
  unmatched: string[]
  /** What was asked for and cannot be handed over, each with its path and the reason; of many the first ones. */
  refused: string[]
}

/**
 * Finds what paths, folders and globs name; the last pattern that names something decides, `!` takes it out. A folder stands for all in it,
 * what begins with a dot and empty folders included, but git's own folder never. Globs look into folders of packages only when they name them.
 */
export function matchArtifacts(files: Files, workspace: Workspace, patterns: readonly string[]): Artifacts {
  const wanted = patterns.map(readPattern)
  const refused = patterns
    .filter((pattern) => leadsOut(pattern.replace(/^!/, '')))
    .map((pattern) => `${shown(pattern)} leads out of the repository`)
  if (refused.length) return { entries: [], unmatched: [], refused }
  const search = new Search(files, workspace.root, wanted)
  search.walk()
  const unmatched = patterns.filter((_, i) => !wanted[i]?.takesOut && !search.matched.has(i))
  return { ...search.found(), unmatched }
}

interface Pattern {
  takesOut: boolean
  /** Only folders are meant. */
  folder: boolean
  /** Where it begins, without a glob; empty for the whole workspace. */
  base: string
  parts: ReadonlySet<string>
  isGlob: boolean
  matches: (path: string) => boolean
}

function readPattern(written: string): Pattern {
  const takesOut = written.startsWith('!')
  const path = written
    .slice(takesOut ? 1 : 0)
    .replaceAll('\\', '/')
    .replaceAll(/\/(?:\.?\/)+/g, '/')
    .replace(/^(?:\.\/)+/, '')
  const bare = path === '.' ? '' : path.replace(/\/\.?$/, '')
  const { base, isGlob } = picomatch.scan(bare)
  const isMatch = bare === '' ? () => false : picomatch(bare, { dot: true })
  return {
    takesOut,
    folder: bare !== path && bare !== '',
    base: isGlob ? (base === '.' ? '' : base) : bare,
    parts: new Set(bare.split('/')),
    isGlob,
    // A name may hold what a glob is made of, such as `app/[id]`.
    matches: (name) => name === bare || (isGlob && isMatch(name)),
  }
}

/** Folders that a glob looks into only when it names them, or something that they lie in. */
const packages = new Set(['node_modules', '.venv'])

/** A folder to be looked into, and which patterns name it or what it lies in. */
interface Ahead {
  path: string
  within: readonly boolean[]
}

class Search {
  readonly matched = new Set<number>()
  readonly #entries: Artifact[] = []
  readonly #folders: string[] = []
  readonly #refused: string[] = []

  constructor(
    private readonly files: Files,
    private readonly root: string,
    private readonly patterns: readonly Pattern[],
  ) {}

  walk(): void {
    const queue: Ahead[] = [{ path: '', within: this.patterns.map(({ matches }) => matches('')) }]
    this.#note(queue[0]?.within ?? [])
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const { name, kind } of this.files.list(join(this.root, at.path))) {
        // The records of runs in the workspace are not of it.
        if (name === '.git' || (at.path === '' && name === '.wf')) continue
        const path = at.path === '' ? name : `${at.path}/${name}`
        const isFolder = kind === 'directory'
        const within = this.patterns.map(
          (pattern, i) => at.within[i] === true || ((isFolder || !pattern.folder) && pattern.matches(path)),
        )
        this.#note(within)
        const isRefused = this.#takes(within) && !this.#add(path, kind)
        if (isFolder && !isRefused && this.#enters(path, name, within)) queue.push({ path, within })
      }
      if (this.#entries.length > packLimits.entries) {
        this.#refused.push(`more than ${packLimits.entries} files`)
        return
      }
    }
  }

  #note(within: readonly boolean[]): void {
    for (const [i, isMatch] of within.entries()) if (isMatch) this.matched.add(i)
  }

  /** The last pattern that names something decides. */
  #takes(within: readonly boolean[]): boolean {
    const last = within.lastIndexOf(true)
    return last !== -1 && this.patterns[last]?.takesOut === false
  }

  #enters(path: string, name: string, within: readonly boolean[]): boolean {
    return this.patterns.some(({ takesOut, base, parts, isGlob }, i) => {
      if (takesOut) return false
      if (within[i] === true || base === path || base.startsWith(`${path}/`)) return true
      const isBelow = isGlob && (base === '' || path.startsWith(`${base}/`))
      return isBelow && (!packages.has(name) || parts.has(name))
    })
  }

  /** Whether it can be handed over. */
  #add(path: string, kind: FileStat['kind']): boolean {
    const why = whyNoPath(path) ?? this.#whyNot(path, kind)
    if (why !== undefined) this.#refused.push(`${shown(path)}: ${why}`)
    return why === undefined
  }

  #whyNot(path: string, kind: FileStat['kind']): string | undefined {
    if (kind === 'other') return 'it is neither a file nor a link nor a folder'
    if (kind === 'directory') this.#folders.push(path)
    if (kind === 'link') return this.#addLink(path)
    return kind === 'file' ? this.#addFile(path) : undefined
  }

  #addFile(path: string): string | undefined {
    const stat = this.files.stat(join(this.root, path))
    if (!stat) return gone
    this.#entries.push({ kind: 'file', path, executable: (stat.mode & 0o100) !== 0, size: stat.size })
    return undefined
  }

  #addLink(path: string): string | undefined {
    const read = this.files.readLink(join(this.root, path))
    if (read === undefined) return gone
    const target = sep === '\\' ? read.replaceAll('\\', '/') : read
    const why = whyNoLink(path, target, linksOf(this.files, this.root))
    if (why !== undefined) return `the link ${why}`
    this.#entries.push({ kind: 'link', path, target })
    return undefined
  }

  found(): Pick<Artifacts, 'entries' | 'refused'> {
    const filled = new Set(this.#entries.flatMap(({ path }) => foldersAbove(path)))
    // The innermost first, so that a folder in which only empty folders are is not one itself.
    const empty = this.#folders
      .sort(byText)
      .reverse()
      .filter((path) => {
        const isEmpty = !filled.has(path)
        if (isEmpty) for (const folder of foldersAbove(path)) filled.add(folder)
        return isEmpty
      })
    const folders = empty.map((path) => ({ kind: 'folder' as const, path }))
    return {
      entries: [...this.#entries, ...folders].sort((a, b) => byText(a.path, b.path)),
      refused: firstOf(this.#refused),
    }
  }
}

/** A name that is not UTF-8 is read as another one, which is not there. */
const gone = 'it is gone, or its name is not UTF-8'

/** As many as a person reads. */
const mostRefused = 20

function firstOf(refused: readonly string[]): string[] {
  const more = refused.length - mostRefused
  return [...refused.toSorted().slice(0, mostRefused), ...(more > 0 ? [`${more} more`] : [])]
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
