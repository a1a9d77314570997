import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { trackedFiles } from '../evidence/collectors/tracked.js'
import type { FileStat, Files, Git } from '../ports.js'

/** The folder of the repository that steps work in, and what git tracks there. */
export class Workspace {
  #tracked: Promise<ReadonlySet<string> | undefined> | undefined
  readonly #real: string

  constructor(
    readonly root: string,
    private readonly files: Files,
    private readonly git: Git,
  ) {
    this.#real = files.real(root) ?? root
  }

  /** The paths that git tracks, with `/`, from the root; asked once. Nothing outside of a repository, or where it tracks none here. */
  tracked(): Promise<ReadonlySet<string> | undefined> {
    this.#tracked ??= trackedFiles(this.git, this.root).then((all) => (all?.length ? new Set(all) : undefined))
    return this.#tracked
  }

  /** Of some names those that git ignores; none outside of a repository. */
  async ignored(names: readonly string[]): Promise<string[]> {
    if (!names.length) return []
    const ask = ['check-ignore', '--stdin', '-z']
    const { code, stdout } = await this.git.run(this.root, ask, { input: names.join('\0') })
    return code === 0 ? stdout.split('\0').filter(Boolean) : []
  }

  /** An absolute path for one that the user wrote, or nothing when it leads out of the workspace, through links too. */
  inside(path: string): string | undefined {
    const absolute = resolve(this.root, path)
    if (!contains(this.root, absolute)) return undefined
    // What is not there yet is judged by the nearest folder that is.
    for (let at = absolute; contains(this.root, at); at = resolve(at, '..')) {
      const real = this.files.real(at)
      if (real !== undefined) return contains(this.#real, real) ? absolute : undefined
      if (this.files.stat(at)?.kind === 'link') return undefined
    }
    return absolute
  }

  /** A path as the user and git write it: from the root, with `/`. */
  name(absolute: string): string {
    return relative(this.root, absolute).split(sep).join('/')
  }

  stat(path: string): FileStat | undefined {
    return this.files.stat(join(this.root, path))
  }

  /** The lines of a file of the workspace; nothing when it is no text file of a usual size. */
  lines(name: string): string[] | undefined {
    const path = this.inside(name)
    const stat = path === undefined ? undefined : this.files.stat(path)
    if (path === undefined || stat?.kind !== 'file' || stat.size > maxSource) return undefined
    return this.files.readText(path)?.split('\n')
  }

  /** The names that a path or glob matches, sorted; folders of git and of packages are entered only when the pattern names them. */
  match(pattern: string): string[] {
    const path = pattern.replaceAll('\\', '/').replace(/^\.\//, '')
    const { base, isGlob } = picomatch.scan(path)
    if (!isGlob) return this.stat(path) ? [posix.normalize(path)] : []
    const matches = picomatch(path, { dot: true })
    const found: string[] = []
    this.#walk(base === '.' ? '' : base, (name) => {
      if (matches(name)) found.push(name)
    })
    return found.sort()
  }

  #walk(folder: string, visit: (name: string) => void): void {
    const base = folder
    const queue = [folder]
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const { name, kind } of this.files.list(join(this.root, at))) {
        const path = at === '' ? name : `${at}/${name}`
        if (kind !== 'directory') visit(path)
        else if (!skipped.has(name) || base.split('/').includes(name)) queue.push(path)
      }
  }
}

const maxSource = 2 * 1024 * 1024
const skipped = new Set(['.git', '.wf', 'node_modules', '.venv'])

const contains = (root: string, path: string): boolean => {
  const way = relative(root, path)
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way))
}
